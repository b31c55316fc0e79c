"""The bare call: what the function does takes no time, so that all of it is the border.

The result of ``small`` is one of the ints that CPython keeps; that of ``large`` is a new object.
"""

import inspect

from doubles_lab import Call, Input, Problem
from doubles_lab.implementation import (
    BY_POSITION,
    Divergence,
    Implementation,
    Raises,
    raises_beyond_64_bits,
    raises_for_others,
)


def add(a: int, b: int) -> int:
    """The sum of two ints."""
    return a + b


def strategies():
    """Ints of up to 66 bits, by position and by name."""
    from hypothesis import strategies as st

    ints = st.integers(-(2**65), 2**65)
    return st.builds(Call, ints, ints) | st.builds(Call, a=ints, b=ints)


PROBLEM = Problem(
    add,
    inputs=[
        Input.of("small", 3, 4),
        Input.of("large", 10**12, -(10**9)),
        Input.of("by name", a=3, b=4),
    ],
    edge_cases={
        "zero": Call(0, 0),
        "negative": Call(-3, -4),
        "the second by name": Call(3, b=4),
        "names in the other order": Call(b=4, a=3),
        "bool": Call(True, True),
        "the last of 32 bits": Call(2**31 - 1, 1),
        "the last of 64 bits": Call(2**63 - 2, 1),
        "the first of 64 bits": Call(-(2**63) + 1, -1),
        "a sum beyond 64 bits": Call(2**63 - 1, 1),
        "a negative sum beyond 64 bits": Call(-(2**63), -1),
        "beyond 64 bits": Call(2**63, -1),
        "far beyond 64 bits": Call(2**200, 1),
        "None": Call(3, None),
        "a str": Call(3, "4"),
        "one missing": Call(3),
        "one too many": Call(3, 4, 5),
        "an unknown name": Call(3, c=4),
        "one twice": Call(3, a=4),
    },
    strategies=strategies,
    shape="int, int -> int",
    shows="What a call costs by itself, with arguments by position and by name.",
)


def of_sum(outcome):
    """The outcome of a divergence that depends on the sum of two ints, however they are passed."""
    parameters = inspect.signature(add)

    def of_call(*args, **kwargs):
        try:
            given = parameters.bind(*args, **kwargs).args
        except TypeError:
            return None
        return outcome(sum(given)) if all(isinstance(each, int) for each in given) else None

    return of_call


def checked(total):
    """The outcome of an addition that checks for overflow."""
    return Raises("OverflowError") if not -(2**63) <= total < 2**63 else None


def wrapped(total):
    """The outcome of an addition in 64 bits that does not check."""
    return (total + 2**63) % 2**64 - 2**63


CHECKED = Divergence("a sum beyond 64 bits: OverflowError", of_sum(checked))
WRAPS = Divergence("a sum beyond 64 bits wraps", of_sum(wrapped))
CUT = Divergence("an int beyond 64 bits loses its higher bits", of_sum(wrapped))
NO_BOOL = Divergence(
    "a bool: TypeError", lambda *args, **kwargs: Raises("TypeError") if bool in map(type, args) else None
)
IGNORES = Divergence("C ignores an argument too many", lambda *args, **kwargs: sum(args[:2]) if len(args) > 2 else None)

BEYOND = raises_beyond_64_bits("OverflowError")
NO_OVERLOAD = raises_beyond_64_bits("TypeError")
UNCHECKED = raises_beyond_64_bits("SystemError")


def of(name, source, function, *divergences):
    """What there is to say of a function."""
    return Implementation(name, source=source, function=function, divergences=divergences)


IMPLEMENTATIONS = [
    of("python-operator", "python.py", "add_operator", BY_POSITION),
    of("mypyc-i64", "mypyc.py", "add_i64", NO_OVERLOAD, WRAPS),
    of("numba", "numba.py", "add", BEYOND, WRAPS, raises_for_others("TypingError")),
    of("pythran", "pythran.py", "add", NO_BOOL, UNCHECKED, WRAPS),
    of("cython", "cython.pyx", "add", BEYOND, CHECKED),
    of("c", "c.c", "add", BEYOND, CHECKED),
    of("c-fastcall", "c.c", "add_fastcall", BEYOND, CHECKED),
    of("c-objects", "c.c", "add_objects", BY_POSITION),
    of("ctypes", "ctypes.py", "add", BY_POSITION, IGNORES, CUT, WRAPS, raises_for_others("ArgumentError")),
    of("ctypes-wrapped", "ctypes.py", "add_wrapped", CUT, WRAPS, raises_for_others("ArgumentError")),
    of("cffi-abi", "cffi_abi.py", "add", BY_POSITION, BEYOND, WRAPS),
    of("cffi-api", "cffi_api.py", "add", BY_POSITION, BEYOND, WRAPS),
    of("swig", "swig.i", "add", BEYOND, WRAPS),
    of("swig-builtin", "swig_builtin.i", "add", BY_POSITION, BEYOND, WRAPS),
    of("pybind11", "pybind11.cpp", "add", NO_OVERLOAD, CHECKED),
    of("nanobind", "nanobind.cpp", "add", NO_OVERLOAD, CHECKED),
    of("pyo3", "pyo3.rs", "add", BEYOND, CHECKED),
    of("pyo3-abi3", "pyo3_abi3.rs", "add", BEYOND, CHECKED),
    of("pyo3-ffi", "pyo3_ffi.rs", "add", BY_POSITION, BEYOND, CHECKED),
    of("rust-cpython", "rust_cpython.rs", "add", BEYOND, CHECKED),
    of("uniffi", "uniffi.rs", "add", raises_beyond_64_bits("ValueError"), WRAPS),
]

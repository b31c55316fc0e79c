"""Computing alone: an int goes in, an int comes out, and in between there are nothing but calls and arithmetic.

Every implementation makes the same recursive calls. A loop would need a few steps instead, in any language: look for a
better algorithm before you look for another language. Here it would hide what the languages differ in.
"""

from doubles_lab import Input, Problem
from doubles_lab.implementation import Implementation, raises_beyond_64_bits, raises_for_others


def fibonacci(n: int) -> int:
    """The number in place ``n`` of Fibonacci's sequence, by its definition."""
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def strategies():
    """Ints for which the recursion ends soon, and negative ones beyond 64 bits."""
    from hypothesis import strategies as st

    return st.integers(-(2**65), 18)


PROBLEM = Problem(
    fibonacci,
    inputs=[Input.sized("n", int, sizes=[1, 10, 18, 26])],
    edge_cases={
        "zero": 0,
        "one": 1,
        "two": 2,
        "negative": -1,
        "the first of 64 bits": -(2**63),
        "beyond 64 bits": -(2**63) - 1,
        "far beyond 64 bits": -(2**200),
        "None": None,
        "a str": "5",
    },
    strategies=strategies,
    shape="int -> int",
    shows="What computing alone gains: the border is crossed once, whatever the size.",
)

BEYOND = raises_beyond_64_bits("OverflowError")
NO_OVERLOAD = raises_beyond_64_bits("TypeError")
UNCHECKED = raises_beyond_64_bits("SystemError")


def of(name, source, function, *divergences):
    """What there is to say of a function."""
    return Implementation(name, source=source, function=function, divergences=divergences)


IMPLEMENTATIONS = [
    of("mypyc-i64", "mypyc.py", "fibonacci_i64", NO_OVERLOAD),
    of("numba", "numba.py", "fibonacci", BEYOND, raises_for_others("TypingError")),
    of("pythran", "pythran.py", "fibonacci", UNCHECKED),
    of("cython", "cython.pyx", "fibonacci", BEYOND),
    of("c", "c.c", "fibonacci", BEYOND),
    of("ctypes", "ctypes.py", "fibonacci", BEYOND),
    of("cffi-abi", "cffi_abi.py", "fibonacci", BEYOND),
    of("cffi-api", "cffi_api.py", "fibonacci", BEYOND),
    of("swig", "swig.i", "fibonacci", BEYOND),
    of("pybind11", "pybind11.cpp", "fibonacci", NO_OVERLOAD),
    of("nanobind", "nanobind.cpp", "fibonacci", NO_OVERLOAD),
    of("pyo3", "pyo3.rs", "fibonacci", BEYOND),
    of("rust-cpython", "rust_cpython.rs", "fibonacci", BEYOND),
    of("uniffi", "uniffi.rs", "fibonacci", raises_beyond_64_bits("ValueError")),
]

"""Iterating across the border: the function returns an iterator, and Python asks it for one item after the other.

Calling such a function does next to nothing. So the problem says what a caller does with the result, which is part of
the time: ``sum`` takes each item and keeps none, from an iterator, a list or an array alike. An implementation may
cross the border once for each prime, once for a thousand of them (``batches``), or once for all (``list``), which takes
the memory for all, and the time for all before the first one is there.
"""

import operator
from collections.abc import Iterator

from doubles_lab import Input, Problem
from doubles_lab.implementation import Divergence, Implementation, Raises, raises_beyond_64_bits, raises_for_others


def primes(stop: int) -> Iterator[int]:
    """The primes below ``stop``, one after the other, by the sieve of Eratosthenes."""
    composite = bytearray(max(stop, 0))
    for n in range(2, stop):
        if not composite[n]:
            yield n
            for multiple in range(n * n, stop, n):
                composite[multiple] = True


def same_number(result, expected):
    """Whether a sum is that number. Where the items are NumPy's, so is their sum."""
    return operator.index(result) == expected


def strategies():
    """Small ints, and those beyond 64 bits."""
    from hypothesis import strategies as st

    return st.integers(-3, 3000) | st.integers(-(2**70), -(2**63) - 1) | st.integers(2**63, 2**70)


PROBLEM = Problem(
    primes,
    inputs=[Input.sized("below", int, sizes=[10, 1_000, 100_000])],
    equal=same_number,
    consume=sum,
    edge_cases={
        "zero": 0,
        "one": 1,
        "two": 2,
        "three": 3,
        "the square of a prime": 121,
        "one beyond it": 122,
        "more than a batch": 10_000,
        "negative": -1,
        "the first of 64 bits": -(2**63),
        "more than there is memory": 2**62,
        "beyond 64 bits": 2**63,
        "negative beyond 64 bits": -(2**63) - 1,
        "a float": 10.0,
        "None": None,
        "a str": "10",
    },
    strategies=strategies,
    shape="int -> iterator of int",
    shows="What each item costs that an iterator hands over, against batches and against one list.",
)

FLOAT_AS_INT = Divergence("takes a float", lambda stop: sum(primes(int(stop))) if type(stop) is float else None)
NO_FLOAT = Divergence("a float: ArgumentError", lambda stop: Raises("ArgumentError") if type(stop) is float else None)

BEYOND = raises_beyond_64_bits("OverflowError")
NO_OVERLOAD = raises_beyond_64_bits("TypeError")
UNCHECKED = raises_beyond_64_bits("SystemError")
NO_TYPE = raises_for_others("TypingError")
TOO_LARGE = Divergence(
    "an int from 2**63 on: ValueError",
    lambda stop: Raises("ValueError") if type(stop) is int and stop >= 2**63 else None,
)


def of(name, source, function, *divergences):
    """What there is to say of a function."""
    return Implementation(name, source=source, function=function, divergences=divergences)


IMPLEMENTATIONS = [
    of("numpy-array", "numpy.py", "primes_array", TOO_LARGE),
    of("numpy-list", "numpy.py", "primes_list", TOO_LARGE),
    of("numba", "numba.py", "primes", BEYOND, NO_TYPE),
    of("numba-list", "numba.py", "primes_list", BEYOND, NO_TYPE),
    of("mypyc", "mypyc.py", "primes", BEYOND),
    of("mypyc-list", "mypyc.py", "primes_list", BEYOND),
    of("pythran-array", "pythran.py", "primes_array", UNCHECKED),
    of("pythran-list", "pythran.py", "primes_list", UNCHECKED),
    of("mypyc-vec", "mypyc_vec.py", "primes", NO_OVERLOAD),
    of("mypyc-vec-list", "mypyc_vec.py", "primes_list", NO_OVERLOAD),
    of("cython", "cython.pyx", "primes", BEYOND, FLOAT_AS_INT),
    of("cython-class", "cython.pyx", "primes_class", BEYOND, FLOAT_AS_INT),
    of("cython-list", "cython.pyx", "primes_list", BEYOND, FLOAT_AS_INT),
    of("c", "c.c", "primes", BEYOND),
    of("c-list", "c.c", "primes_list", BEYOND),
    of("ctypes", "ctypes.py", "primes", BEYOND, NO_FLOAT),
    of("ctypes-batches", "ctypes.py", "primes_batches", BEYOND, NO_FLOAT),
    of("cffi-abi", "cffi_abi.py", "primes", BEYOND),
    of("cffi-abi-batches", "cffi_abi.py", "primes_batches", BEYOND),
    of("cffi-api", "cffi_api.py", "primes", BEYOND),
    of("cffi-api-batches", "cffi_api.py", "primes_batches", BEYOND),
    of("pybind11", "pybind11.cpp", "primes", NO_OVERLOAD),
    of("pybind11-slots", "pybind11.cpp", "primes_slots", NO_OVERLOAD),
    of("pybind11-list", "pybind11.cpp", "primes_list", NO_OVERLOAD),
    of("nanobind", "nanobind.cpp", "primes", NO_OVERLOAD),
    of("nanobind-slots", "nanobind.cpp", "primes_slots", NO_OVERLOAD),
    of("nanobind-list", "nanobind.cpp", "primes_list", NO_OVERLOAD),
    of("pyo3", "pyo3.rs", "primes", BEYOND),
    of("pyo3-batches", "pyo3.rs", "primes_batches", BEYOND),
    of("pyo3-list", "pyo3.rs", "primes_list", BEYOND),
    of("rust-cpython", "rust_cpython.rs", "primes", BEYOND),
    of("rust-cpython-list", "rust_cpython.rs", "primes_list", BEYOND),
]

"""ctypes cuts an int that is too large, which could recurse until the stack ends: so it is checked here."""

import ctypes

number = ctypes.CDLL(LIBRARY).fibonacci  # noqa: F821 (given)
number.argtypes = [ctypes.c_longlong]
number.restype = ctypes.c_longlong


def fibonacci(n):
    if not -(2**63) <= n < 2**63:
        raise OverflowError("n does not fit in 64 bits")
    return number(n)

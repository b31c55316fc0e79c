"""ctypes: the function of the library, with its types declared."""

import ctypes

add = ctypes.CDLL(LIBRARY).add  # noqa: F821 (given)
add.argtypes = ctypes.c_longlong, ctypes.c_longlong
add.restype = ctypes.c_longlong


# As a module offers it to its users: with names, a docstring and a call of Python besides.
def add_wrapped(a, b):
    return plain(a, b)


plain = add

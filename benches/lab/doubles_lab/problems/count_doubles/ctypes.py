"""ctypes: nothing to compile for Python."""

import ctypes


def function(*argtypes):
    count = ctypes.CDLL(LIBRARY).doubles_count_utf8_unchecked  # noqa: F821 (given)
    count.argtypes = argtypes
    count.restype = ctypes.c_ssize_t
    return count


count_bytes = function(ctypes.c_char_p, ctypes.c_size_t)
count_at = function(ctypes.c_void_p, ctypes.c_size_t)

# Python's own C API, by ctypes too: the UTF-8 that the str keeps, which for ASCII is the str's own memory.
as_utf8 = ctypes.pythonapi.PyUnicode_AsUTF8AndSize
as_utf8.argtypes = [ctypes.py_object, ctypes.POINTER(ctypes.c_ssize_t)]
as_utf8.restype = ctypes.c_void_p


def count_doubles_encode(val):
    data = val.encode()
    return count_bytes(data, len(data))


def count_doubles_utf8(val):
    size = ctypes.c_ssize_t()
    return count_at(as_utf8(val, size), size.value)

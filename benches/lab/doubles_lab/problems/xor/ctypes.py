"""ctypes: a buffer of its own, from which the result is copied; and bytes that Python's own C API allocates."""

import ctypes

library = ctypes.CDLL(LIBRARY)  # noqa: F821 (given)
into = library.xor_into
into.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
into.restype = None

new_bytes = ctypes.pythonapi.PyBytes_FromStringAndSize
new_bytes.argtypes = [ctypes.c_char_p, ctypes.c_ssize_t]
new_bytes.restype = ctypes.py_object
memory_of = ctypes.pythonapi.PyBytes_AsString
memory_of.argtypes = [ctypes.py_object]
memory_of.restype = ctypes.c_void_p


def xor_copied(data, key):
    if not key:
        raise ValueError("the key is empty")
    result = ctypes.create_string_buffer(len(data))
    into(result, data, len(data), key, len(key))
    return result.raw


def xor(data, key):
    if not key:
        raise ValueError("the key is empty")
    result = new_bytes(None, len(data))
    into(memory_of(result), data, len(data), key, len(key))
    return result

"""ctypes: one call, and str.split, since each object that ctypes would make costs as much as a call."""

import ctypes

write = ctypes.CDLL(LIBRARY).tokenize_utf8  # noqa: F821 (given)
write.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p]
write.restype = ctypes.c_size_t


def tokenize(text):
    data = text.encode()
    out = ctypes.create_string_buffer(2 * len(data))
    size = write(data, len(data), out)
    return ctypes.string_at(out, size).decode().split(" ") if size else []

import ctypes

import numpy as np

parse = ctypes.CDLL(LIBRARY).read_lines  # noqa: F821 (given)
parse.argtypes = [
    ctypes.c_char_p,
    ctypes.c_size_t,
    ctypes.c_void_p,
    ctypes.c_char_p,
    ctypes.c_void_p,
    ctypes.POINTER(ctypes.c_size_t),
]
parse.restype = ctypes.c_int64


def parse_columns(text):
    data = text.encode()
    lines = data.count(b"\n") + 1
    keys, prices = np.empty(lines, np.int64), np.empty(lines)
    names, size = ctypes.create_string_buffer(len(data) + 1), ctypes.c_size_t()
    count = parse(data, len(data), keys.ctypes.data, names, prices.ctypes.data, size)
    if count < 0:
        raise ValueError("a line has not three fields, or no number where one must be")
    split = ctypes.string_at(names, size.value).decode().split("\n")
    return keys[:count], split[:count], prices[:count]

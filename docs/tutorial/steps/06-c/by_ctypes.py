import ctypes
from pathlib import Path

library = ctypes.CDLL(str(Path(__file__).with_name("libcount.so")))
library.count_byte_doubles.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
library.count_byte_doubles.restype = ctypes.c_uint64


def count_doubles(val):
    data = val.encode()
    return library.count_byte_doubles(data, len(data))

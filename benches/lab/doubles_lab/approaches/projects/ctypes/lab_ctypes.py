"""The smallest module through ctypes."""

import ctypes
from importlib.util import find_spec

_lib = ctypes.CDLL(find_spec("_lab_ctypes").origin)
_lib.count_doubles.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
_lib.count_doubles.restype = ctypes.c_size_t


def count_doubles(val: str) -> int:
    """Counts adjacent equal bytes of a text in UTF-8."""
    data = val.encode()
    return _lib.count_doubles(data, len(data))


def fail() -> None:
    _lib.fail()

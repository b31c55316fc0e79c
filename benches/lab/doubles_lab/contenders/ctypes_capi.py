"""ctypes, from the standard library: the shared library, and nothing to compile for Python."""

from __future__ import annotations

import ctypes

from doubles_lab.approaches import capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates


def function(*argtypes):
    count = ctypes.CDLL(str(capi.library().shared)).doubles_count_utf8_unchecked
    count.argtypes = argtypes
    count.restype = ctypes.c_ssize_t
    return count


def load_encode():
    count = function(ctypes.c_char_p, ctypes.c_size_t)

    def count_doubles(val):
        data = val.encode()
        return count(data, len(data))

    return count_doubles


def load_utf8():
    # Python's own C API, by ctypes too: the UTF-8 that the str keeps, which for ASCII is the str's own memory.
    as_utf8 = ctypes.pythonapi.PyUnicode_AsUTF8AndSize
    as_utf8.argtypes = [ctypes.py_object, ctypes.POINTER(ctypes.c_ssize_t)]
    as_utf8.restype = ctypes.c_void_p
    count = function(ctypes.c_void_p, ctypes.c_size_t)

    def count_doubles(val):
        size = ctypes.c_ssize_t()
        return count(as_utf8(val, size), size.value)

    return count_doubles


def _contender(name, load, access, origin, *tags):
    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=load,
        language="Rust",
        binding="ctypes",
        access=access,
        origin=origin,
        tags=("ctypes", CORE, *tags),
        compiled=True,
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
        details=capi.details,
    )


CONTENDERS = [
    _contender("ctypes-encode", load_encode, "copy: encode", "ctypes as its users write it, 2026"),
    _contender("ctypes-utf8", load_utf8, "the UTF-8 that the str keeps", "without the copy, 2026", "best"),
]

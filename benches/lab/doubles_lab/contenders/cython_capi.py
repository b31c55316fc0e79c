"""Cython over the C ABI: as its users wrap a C library, and in the str's own memory."""

from __future__ import annotations

import sys

from doubles_lab.approaches import build, capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates

ENCODE = """
cdef extern from "doubles.h" nogil:
    Py_ssize_t doubles_count_utf8_unchecked(const unsigned char *text, size_t length)

def count_doubles(str val not None):
    cdef bytes data = val.encode()
    return doubles_count_utf8_unchecked(data, len(data))
"""

IN_PLACE = """
cdef extern from "in_place.h":
    Py_ssize_t count_in_place(object text) except -1

def count_doubles(str val not None):
    return count_in_place(val)
"""


def _contender(name, source, access, origin, *tags, divergences=()):
    module = name.replace("-", "_")

    def load():
        cython = f"Cython {build.installed('Cython')}"

        def translate(work):
            build.run([sys.executable, "-m", "cython", "-3", f"{module}.pyx"], work)

        place = capi.extension(module, {f"{module}.pyx": source}, [cython], before=translate)
        return capi.module(place, module).count_doubles

    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=load,
        language="Rust",
        binding="Cython",
        access=access,
        origin=origin,
        tags=("cython", CORE, *tags),
        compiled=True,
        flags=capi.FLAGS,
        packages=("Cython", "setuptools"),
        divergences=divergences,
        details=capi.details,
    )


CONTENDERS = [
    _contender(
        "cython-capi-encode",
        ENCODE,
        "copy: encode",
        "a C library as Cython's users wrap one, 2026",
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
    ),
    _contender("cython-capi", IN_PLACE, "the str, in place", "the same, in the str's memory, 2026", "best"),
]

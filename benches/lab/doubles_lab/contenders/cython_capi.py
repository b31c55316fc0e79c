"""Cython over the C ABI: as its users wrap a C library, and in the str's own memory."""

from __future__ import annotations

from doubles_lab.approaches import capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates
from doubles_lab.contenders._sources import approach, over_core


def _contender(name, function, access, origin, *tags, divergences=()):
    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=over_core("cython_capi.pyx", function),
        language="Rust",
        binding="Cython",
        access=access,
        origin=origin,
        tags=("cython", CORE, *tags),
        compiled=True,
        flags=approach("cython_capi.pyx").flags,
        packages=("Cython", "setuptools"),
        divergences=divergences,
        details=capi.details,
    )


CONTENDERS = [
    _contender(
        "cython-capi-encode",
        "count_doubles_encode",
        "copy: encode",
        "a C library as Cython's users wrap one, 2026",
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
    ),
    _contender("cython-capi", "count_doubles", "the str, in place", "the same, in the str's memory, 2026", "best"),
]

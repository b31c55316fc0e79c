"""pybind11 over the C ABI: by the UTF-8 that the str keeps, and in the str's own memory."""

from __future__ import annotations

from doubles_lab.approaches import capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates
from doubles_lab.contenders._sources import approach, over_core


def _contender(function, access, origin, *tags, divergences=()):
    return Contender(
        name=f"pybind11-{function.replace('_', '-')}",
        unit=Unit.CHARACTERS,
        load=over_core("pybind11.cpp", f"count_doubles_{function}"),
        language="Rust",
        binding="pybind11",
        access=access,
        origin=origin,
        tags=("pybind11", CORE, *tags),
        compiled=True,
        flags=approach("pybind11.cpp").flags,
        packages=("pybind11", "setuptools"),
        divergences=divergences,
        details=capi.details,
    )


CONTENDERS = [
    _contender(
        "utf8",
        "char * (UTF-8 conversion)",
        "pybind11 as its users write it, 2026",
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
    ),
    _contender("in_place", "the str, in place", "pybind11 at its best, 2026", "best"),
]

"""nanobind over the C ABI: by std::string_view, and in the str's own memory."""

from __future__ import annotations

from doubles_lab.approaches import capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates
from doubles_lab.contenders._sources import approach, over_core


def _contender(function, access, origin, *tags, divergences=()):
    return Contender(
        name=f"nanobind-{function.replace('_', '-')}",
        unit=Unit.CHARACTERS,
        load=over_core("nanobind.cpp", f"count_doubles_{function}"),
        language="Rust",
        binding="nanobind",
        access=access,
        origin=origin,
        tags=("nanobind", CORE, *tags),
        compiled=True,
        flags=approach("nanobind.cpp").flags,
        packages=("nanobind", "setuptools"),
        divergences=divergences,
        details=capi.details,
    )


CONTENDERS = [
    _contender(
        "utf8",
        "string_view (UTF-8 conversion)",
        "nanobind as its users write it, 2026",
        divergences=(raises_on_lone_surrogates("TypeError"),),
    ),
    _contender("in_place", "the str, in place", "nanobind at its best, 2026", "best"),
]

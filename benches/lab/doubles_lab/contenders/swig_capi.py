"""SWIG over the C ABI: by the typemap that its users apply, and by one that hands over the str itself."""

from __future__ import annotations

from doubles_lab.approaches import capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates
from doubles_lab.contenders._sources import approach, over_core


def _contender(name, access, origin, *tags, options="", divergences=()):
    file = f"{name.replace('-', '_')}.i"
    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=over_core(file),
        language="Rust",
        binding="SWIG",
        access=access,
        origin=origin,
        tags=("swig", CORE, *tags),
        compiled=True,
        flags=f"{approach(file).flags} {options}".strip(),
        packages=("swig", "setuptools"),
        divergences=divergences,
        details=capi.details,
    )


CONTENDERS = [
    _contender(
        "swig-utf8",
        "char * (UTF-8 conversion)",
        "the article's SWIG, told the length, 2026",
        divergences=(raises_on_lone_surrogates("TypeError"),),
    ),
    _contender("swig-in-place", "the str, in place", "SWIG at its best, 2026", "best", options="-builtin"),
]

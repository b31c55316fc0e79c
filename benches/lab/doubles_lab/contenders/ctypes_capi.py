"""ctypes, from the standard library: the shared library, and nothing to compile for Python."""

from __future__ import annotations

from doubles_lab.approaches import capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates
from doubles_lab.contenders._sources import over_core


def _contender(name, access, origin, *tags):
    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=over_core("ctypes.py", f"count_doubles_{name.partition('-')[2]}"),
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
    _contender("ctypes-encode", "copy: encode", "ctypes as its users write it, 2026"),
    _contender("ctypes-utf8", "the UTF-8 that the str keeps", "without the copy, 2026", "best"),
]

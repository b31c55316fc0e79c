"""cffi in both of its modes: by declaration alone (ABI), and compiled (API). Milksnake packaged the first."""

from __future__ import annotations

from doubles_lab.approaches import capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates
from doubles_lab.contenders._sources import approach, over_core


def _contender(name, origin, *tags, flags=""):
    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=over_core(f"{name.replace('-', '_')}.py"),
        language="Rust",
        binding=f"cffi, {name[-3:].upper()} mode",
        access="copy: encode",
        origin=origin,
        tags=("cffi", CORE, *tags),
        compiled=True,
        flags=flags,
        packages=("cffi",),
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
        details=capi.details,
    )


CONTENDERS = [
    _contender("cffi-abi", "cffi as Milksnake packaged it, which the article names, 2026"),
    _contender("cffi-api", "cffi as its authors advise, 2026", "best", flags=approach("cffi_api.py").flags),
]

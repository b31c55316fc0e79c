"""An extension in C by hand, by each of the conventions that take one argument without a tuple."""

from __future__ import annotations

from doubles_lab.approaches import capi
from doubles_lab.contender import CORE, Contender, Unit
from doubles_lab.contenders._sources import approach, over_core

CONTENDERS = [
    Contender(
        name=f"c-{convention}",
        unit=Unit.CHARACTERS,
        load=over_core("c.c", f"count_doubles_{convention}"),
        language="Rust",
        binding="C by hand",
        access="the str, in place",
        origin=f"Python's C API, called by METH_{convention.upper()}, 2026",
        tags=("c", CORE, *tags),
        compiled=True,
        flags=approach("c.c").flags,
        packages=("setuptools",),
        details=capi.details,
    )
    for convention, tags in (("o", ("best",)), ("fastcall", ()))
]

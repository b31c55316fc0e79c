"""mypyc, which compiles typed Python: the loop is its own, since that is what it is for."""

from __future__ import annotations

from doubles_lab.contender import Contender, Unit
from doubles_lab.contenders._sources import approach, loader


def _contender(name, access, origin, *tags):
    file = f"{name.replace('-', '_')}.py"
    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=loader(file),
        language="Python",
        binding="mypyc",
        access=access,
        origin=origin,
        tags=("mypyc", *tags),
        compiled=True,
        flags=approach(file).flags,
        packages=("mypy", "setuptools"),
    )


CONTENDERS = [
    _contender("mypyc-zip", "iterates the str", "the article's zip (Bruno Rocha, 2017) with types, 2026"),
    _contender("mypyc-best", "the str, in place", "the best of ten versions that were measured, 2026", "best"),
]

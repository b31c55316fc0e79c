"""Cython: the article's, with the types that its users add first, and in the str's own memory."""

from __future__ import annotations

from doubles_lab.contender import Contender, Unit
from doubles_lab.contenders._sources import approach, loader


def _contender(name, access, origin, *tags):
    file = f"{name.replace('-', '_')}.pyx"
    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=loader(file),
        language="Cython",
        binding="Cython",
        access=access,
        origin=origin,
        tags=("cython", *tags),
        compiled=True,
        flags=approach(file).flags,
        packages=("Cython", "setuptools"),
    )


CONTENDERS = [
    _contender("cython-article", "iterates the str", "the article: Mike Fletcher, 2017", "article"),
    _contender("cython-typed", "iterates the str", "the article's, with C types, 2026"),
    _contender("cython-best", "the str, in place", "the article's, in the str's memory, 2026", "best"),
]

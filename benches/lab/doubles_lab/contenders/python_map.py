"""Pure Python at its best: the loop, the comparison and the sum all run in C."""

from __future__ import annotations

from itertools import islice
from operator import eq

from doubles_lab.contender import Contender, Unit


def count_doubles_map(val):
    return sum(map(eq, val, islice(val, 1, None)))


CONTENDERS = [
    Contender(
        name="python-map",
        unit=Unit.CHARACTERS,
        load=lambda: count_doubles_map,
        language="Python",
        binding="none",
        access="iterates the str",
        origin="the best of eleven pure-Python versions that were measured, 2026",
        tags=("best", "python"),
        takes_bytes=True,
    )
]

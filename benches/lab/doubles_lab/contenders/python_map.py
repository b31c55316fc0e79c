"""Pure Python without a loop of its own: the comparison and the sum run in C, a character at a time."""

from __future__ import annotations

from operator import eq

from doubles_lab.contender import Contender, Unit


def count_doubles_map(val):
    return sum(map(eq, val, val[1:]))


CONTENDERS = [
    Contender(
        name="python-map",
        unit=Unit.CHARACTERS,
        load=lambda: count_doubles_map,
        language="Python",
        binding="none",
        access="iterates the str",
        origin="the idiom that replaces such loops, 2026",
        tags=("python",),
        takes_bytes=True,
    )
]

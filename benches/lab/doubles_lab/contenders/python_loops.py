"""Pure Python, as in the article: four ways to write the loop."""

from __future__ import annotations

import itertools

from doubles_lab.contender import Contender, Unit, raises_on_empty


def count_doubles(val):
    total = 0
    for c1, c2 in zip(val, val[1:]):
        if c1 == c2:
            total += 1
    return total


def count_doubles_once(val):
    total = 0
    chars = iter(val)
    c1 = next(chars)
    for c2 in chars:
        if c1 == c2:
            total += 1
        c1 = c2
    return total


def count_doubles_itertools(val):
    c1s, c2s = itertools.tee(val)
    next(c2s, None)
    total = 0
    for c1, c2 in zip(c1s, c2s):
        if c1 == c2:
            total += 1
    return total


def count_doubles_comprehension(val):
    return sum(1 for c1, c2 in zip(val, val[1:]) if c1 == c2)


def _contender(name, function, origin, **more):
    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=lambda: function,
        language="Python",
        binding="none",
        access="iterates the str",
        origin=origin,
        tags=("article", "python"),
        takes_bytes=True,
        **more,
    )


CONTENDERS = [
    _contender("python-zip", count_doubles, "the article: Bruno Rocha, 2017"),
    _contender(
        "python-once",
        count_doubles_once,
        "the article: Josh Stone, 2017",
        divergences=(raises_on_empty("StopIteration"),),
    ),
    _contender("python-itertools", count_doubles_itertools, "the article: Purple Pixie, 2017"),
    _contender("python-comprehension", count_doubles_comprehension, "the article, 2017"),
]

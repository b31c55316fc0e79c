"""Numba on the str itself, as in the article."""

from __future__ import annotations

from doubles_lab.contender import Contender, Unit, raises_on_empty


def count_doubles_once_numba(val):
    total = 0
    chars = iter(val)
    c1 = next(chars)
    for c2 in chars:
        if c1 == c2:
            total += 1
        c1 = c2
    return total


def load():
    from numba import jit

    return jit(nopython=True, cache=True)(count_doubles_once_numba)


CONTENDERS = [
    Contender(
        name="numba-str",
        unit=Unit.CHARACTERS,
        load=load,
        language="Python",
        binding="Numba",
        access="the str, in place",
        origin="the article: Shyba, 2017",
        tags=("article", "numba"),
        compiled=True,
        packages=("numba", "llvmlite"),
        divergences=(raises_on_empty("StopIteration"),),
    )
]

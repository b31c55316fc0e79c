"""The article's loop through Numba: on a str, and on bytes.

The Numba of 2017 could not take a str, so that the article's 0.3 ms were most likely measured on bytes.
"""

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


def utf8(val):
    return val if isinstance(val, bytes) else val.encode("utf-8", "surrogatepass")


def load():
    from numba import jit

    return jit(nopython=True, cache=True)(count_doubles_once_numba)


def _contender(name, unit, access, origin, **more):
    return Contender(
        name=name,
        unit=unit,
        load=load,
        language="Python",
        binding="Numba",
        access=access,
        origin=origin,
        tags=("article", "numba"),
        compiled=True,
        packages=("numba", "llvmlite"),
        divergences=(raises_on_empty("StopIteration"),),
        **more,
    )


CONTENDERS = [
    _contender("numba-str", Unit.CHARACTERS, "the str, in place", "the article: Shyba, 2017"),
    _contender(
        "numba-bytes",
        Unit.BYTES,
        "bytes already there",
        "the article: Shyba, 2017, whose Numba took no str",
        prepare=utf8,
        takes_bytes=True,
    ),
]

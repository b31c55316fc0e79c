"""Numba on an array that is already there: the plain loop, and the best one."""

from __future__ import annotations

from doubles_lab.arrays import array_of
from doubles_lab.contender import Contender, Unit


def load_loop():
    from numba import njit

    @njit(cache=True)
    def count_doubles(val):
        total = 0
        for i in range(val.size - 1):
            if val[i] == val[i + 1]:
                total += 1
        return total

    return count_doubles


def load_blocks():
    # A block of 192 fits a counter of one byte, so that LLVM adds as many lanes at once as it compares;
    # the two slices let it see that nothing wraps around. The
    # counter of a plain loop has eight bytes a lane, so an eighth of the lanes. 192 was the best of the blocks tried.
    from numba import njit
    from numpy import uint8

    @njit(cache=True)
    def count_doubles(val):
        total = 0
        pairs = max(val.size - 1, 0)
        whole = pairs - pairs % 192
        for start in range(0, whole, 192):
            left = val[start : start + 192]
            right = val[start + 1 : start + 193]
            equal = uint8(0)
            for i in range(192):
                equal = uint8(equal + uint8(left[i] == right[i]))
            total += equal
        for i in range(whole, pairs):
            total += val[i] == val[i + 1]
        return total

    return count_doubles


def _contender(name, load, origin, *tags):
    return Contender(
        name=name,
        unit=Unit.ELEMENTS,
        load=load,
        language="Python",
        binding="Numba",
        access="array already there",
        origin=origin,
        tags=("numba", "array", *tags),
        prepare=array_of,
        takes_bytes=True,
        compiled=True,
        packages=("numba", "llvmlite", "numpy"),
    )


CONTENDERS = [
    _contender("numba-array", load_loop, "Numba as its users write it, 2026"),
    _contender("numba-array-best", load_blocks, "the best of twenty versions that were measured, 2026", "best"),
]

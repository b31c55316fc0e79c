"""NumPy at its best: the array is already there, and holds the code points in as few bytes as the str does."""

from __future__ import annotations

from doubles_lab.arrays import array_of
from doubles_lab.contender import Contender, Unit


def load_equal():
    import numpy as np

    def count_doubles(val):
        return np.count_nonzero(val[1:] == val[:-1])

    return count_doubles


def load_subtract():
    import numpy as np

    # A difference of zero is a double. Subtracting is about a tenth faster than comparing here, since
    # the comparison has to turn its mask into booleans. Blocks that stay in the cache were slower: each
    # costs two more calls.
    def count_doubles(val):
        return max(len(val) - 1, 0) - np.count_nonzero(val[1:] - val[:-1])

    return count_doubles


def _contender(name, load, origin, *tags):
    return Contender(
        name=name,
        unit=Unit.ELEMENTS,
        load=load,
        language="C",
        binding="NumPy",
        access="array already there",
        origin=origin,
        tags=("numpy", "array", *tags),
        prepare=array_of,
        takes_bytes=True,
        packages=("numpy",),
    )


CONTENDERS = [
    _contender("numpy-array", load_equal, "NumPy as its users write it, 2026"),
    _contender("numpy-array-best", load_subtract, "the best of eight versions that were measured, 2026", "best"),
]

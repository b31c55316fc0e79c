"""The smallest module by Numba."""

import numba
import numpy as np

STEP = 1


@numba.njit
def _count(data):
    count = 0
    for i in range(len(data) - 1):
        if data[i] == data[i + 1]:
            count += STEP
    return count


def count_doubles(val: str) -> int:
    """Counts adjacent equal bytes of a text in UTF-8."""
    return int(_count(np.frombuffer(val.encode(), np.uint8)))


@numba.njit
def fail() -> None:
    raise RuntimeError("planted")

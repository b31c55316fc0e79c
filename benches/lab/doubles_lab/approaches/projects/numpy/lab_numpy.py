"""The smallest module by NumPy."""

import numpy as np

STEP = 1


def count_doubles(val: str) -> int:
    """Counts adjacent equal bytes of a text in UTF-8."""
    data = np.frombuffer(val.encode(), np.uint8)
    return int(np.count_nonzero(data[1:] == data[:-1])) * STEP


def fail() -> None:
    raise RuntimeError("planted")

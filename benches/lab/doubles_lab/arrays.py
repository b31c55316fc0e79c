"""The array that a NumPy or Numba program would have at hand in place of a text."""

from __future__ import annotations

from typing import Any


def array_of(val: str | bytes) -> Any:
    """A read-only NumPy array of the code points of a text, or of the bytes of anything else.

    Its items take 1, 2 or 4 bytes: as few as the widest character needs, which is how CPython stores a
    ``str`` itself. So a contender that takes the array has as much memory to read as one that takes
    the ``str``.
    """
    import numpy as np

    if isinstance(val, bytes):
        return np.frombuffer(val, np.uint8)
    widest = max(val, default="\0")
    if widest < "\u0100":
        return np.frombuffer(val.encode("latin-1"), np.uint8)
    if widest < "\U00010000":
        return np.frombuffer(val.encode("utf-16-le", "surrogatepass"), "<u2").astype(np.uint16)
    return np.frombuffer(val.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32)

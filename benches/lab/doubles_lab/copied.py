"""Pickles values for another process. An array keeps its layout in memory, which :mod:`pickle` alone does not keep."""

from __future__ import annotations

import io
import pickle
from typing import Any


def dumps(value: Any) -> bytes:
    """The value, for ``pickle.loads``. Raises what ``pickle.dumps`` raises."""
    file = io.BytesIO()
    _Pickler(file).dump(value)
    return file.getvalue()


class _Pickler(pickle.Pickler):
    """Keeps the strides of a NumPy array, and whether it is read-only: an approach may take only some of these."""

    def reducer_override(self, value: Any) -> Any:
        """How an array with a layout of its own is rebuilt; everything else is left to :mod:`pickle`."""
        if type(value).__name__ != "ndarray" or not hasattr(value, "flags") or value.dtype.hasobject:
            return NotImplemented
        if value.flags.writeable and (value.flags.forc or not value.size):
            return NotImplemented
        return array_of_layout, (value.tobytes(), value.dtype, value.shape, value.strides, value.flags.writeable)


def array_of_layout(data: bytes, dtype: Any, shape: tuple[int, ...], strides: tuple[int, ...], writeable: bool) -> Any:
    """An array of these values, in C order in ``data``, with these strides in its own memory."""
    import numpy as np

    reach = [(length - 1) * stride for length, stride in zip(shape, strides)] if all(shape) else []
    before, after = -sum(each for each in reach if each < 0), sum(each for each in reach if each > 0)
    memory = np.zeros(before + after + dtype.itemsize, np.uint8)
    made: Any = np.ndarray(shape, dtype, memory, before, strides if all(shape) else None)
    made[...] = np.frombuffer(data, dtype).reshape(shape)
    made.flags.writeable = writeable
    return made

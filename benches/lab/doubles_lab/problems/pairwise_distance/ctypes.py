"""ctypes: Python turns the arrays as C needs them, and allocates. The GIL is released for each call."""

import ctypes

import numpy as np

fill = ctypes.CDLL(LIBRARY).pairwise_distance  # noqa: F821 (given)
fill.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_ssize_t] * 3
fill.restype = None


def pairwise_distance(a, b):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise ValueError("the points must have the same number of coordinates")
    points, columns = np.ascontiguousarray(a, dtype=float), np.ascontiguousarray(b.T, dtype=float)
    result = np.empty((len(a), len(b)))
    fill(points.ctypes.data, columns.ctypes.data, result.ctypes.data, len(a), len(b), a.shape[1])
    return result

"""Numba: the loop as it is, and one whose inner loop takes several points at once, coordinate by coordinate."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def pairwise_distance(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("the points must have the same number of coordinates")
    result = np.empty((a.shape[0], b.shape[0]))
    for i in range(a.shape[0]):
        for j in range(b.shape[0]):
            total = 0.0
            for k in range(a.shape[1]):
                difference = float(a[i, k] - b[j, k])
                total += difference * difference
            result[i, j] = np.sqrt(total)
    return result


@njit(cache=True, nogil=True)
def pairwise_distance_columns(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("the points must have the same number of coordinates")
    columns = np.ascontiguousarray(b.T)
    result = np.zeros((a.shape[0], b.shape[0]))
    for i in range(a.shape[0]):
        row = result[i]
        for k in range(a.shape[1]):
            mine, others = a[i, k], columns[k]
            for j in range(row.size):
                difference = float(mine - others[j])
                row[j] += difference * difference
        for j in range(row.size):
            row[j] = np.sqrt(row[j])
    return result

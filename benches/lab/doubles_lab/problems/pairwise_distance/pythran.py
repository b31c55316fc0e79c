"""The loop as it is, and one whose inner loop takes several points at once, coordinate by coordinate."""

import numpy as np


# pythran export pairwise_distance(float[:, :], float[:, :])
def pairwise_distance(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("the points must have the same number of coordinates")
    result = np.empty((a.shape[0], b.shape[0]))
    for i in range(a.shape[0]):
        for j in range(b.shape[0]):
            total = 0.0
            for k in range(a.shape[1]):
                difference = a[i, k] - b[j, k]
                total += difference * difference
            result[i, j] = np.sqrt(total)
    return result


# pythran export pairwise_distance_columns(float[:, :], float[:, :])
def pairwise_distance_columns(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("the points must have the same number of coordinates")
    columns = np.ascontiguousarray(b.T)
    result = np.zeros((a.shape[0], b.shape[0]))
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            mine = a[i, k]
            for j in range(b.shape[0]):
                difference = mine - columns[k, j]
                result[i, j] += difference * difference
        for j in range(b.shape[0]):
            result[i, j] = np.sqrt(result[i, j])
    return result

# cython: boundscheck=False, wraparound=False
# flags: -O3 -fno-math-errno
# The loop over memoryviews of any strides; and one over contiguous copies, whose inner loop takes several points at once,
# coordinate by coordinate. The compiler does that only where sqrt has no errno to set.
import numpy as np
from libc.math cimport sqrt


def pairwise_distance_strided(const double[:, :] a not None, const double[:, :] b not None):
    cdef Py_ssize_t i, j, k
    cdef double total, difference
    if a.shape[1] != b.shape[1]:
        raise ValueError("the points must have the same number of coordinates")
    result = np.empty((a.shape[0], b.shape[0]))
    cdef double[:, ::1] out = result
    with nogil:
        for i in range(a.shape[0]):
            for j in range(b.shape[0]):
                total = 0.0
                for k in range(a.shape[1]):
                    difference = a[i, k] - b[j, k]
                    total += difference * difference
                out[i, j] = sqrt(total)
    return result


def pairwise_distance(a, b):
    cdef const double[:, ::1] points = np.ascontiguousarray(a, dtype=float)
    cdef const double[:, ::1] columns = np.ascontiguousarray(b.T, dtype=float)
    cdef Py_ssize_t i, j, k, length = columns.shape[1]
    cdef double mine, difference
    cdef double *row
    cdef const double *others
    if points.shape[1] != columns.shape[0]:
        raise ValueError("the points must have the same number of coordinates")
    result = np.zeros((points.shape[0], length))
    if not result.size:
        return result
    cdef double[:, ::1] out = result
    with nogil:
        for i in range(points.shape[0]):
            row = &out[i, 0]
            for k in range(points.shape[1]):
                mine, others = points[i, k], &columns[k, 0]
                for j in range(length):
                    difference = mine - others[j]
                    row[j] += difference * difference
            for j in range(length):
                row[j] = sqrt(row[j])
    return result

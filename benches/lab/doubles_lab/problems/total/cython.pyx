# cython: boundscheck=False, wraparound=False
cimport cython


@cython.dataclasses.dataclass
cdef class Point:
    x: cython.double
    y: cython.double


def total(list points not None):
    cdef double result = 0.0
    for point in points:
        result += <double>point.x * <double>point.y
    return result


def total_native(list points not None):
    cdef double result = 0.0
    cdef Point point
    for point in points:
        result += point.x * point.y
    return result


def total_array(const double[:, :] points):
    cdef double result = 0.0
    cdef Py_ssize_t i
    for i in range(points.shape[0]):
        result += points[i, 0] * points[i, 1]
    return result

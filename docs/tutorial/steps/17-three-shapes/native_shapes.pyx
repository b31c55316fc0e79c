# cython: boundscheck=False, wraparound=False
from array import array


def levenshtein(str a not None, str b not None):
    cdef Py_ssize_t length = len(b), i, j, diagonal, above, left
    cdef Py_ssize_t[::1] row = array("q", range(length + 1))
    cdef Py_UCS4 x
    for i in range(len(a)):
        x = a[i]
        diagonal = row[0]
        row[0] = left = i + 1
        for j in range(length):
            above = row[j + 1]
            left = diagonal if x == b[j] else min(diagonal, above, left) + 1
            row[j + 1] = left
            diagonal = above
    return row[length]


def sum_floats(list values not None):
    cdef double total = 0.0
    for value in values:
        total += <double>value
    return total


def sum_of_array(const double[::1] values not None):
    cdef double total = 0.0
    cdef Py_ssize_t i
    for i in range(values.shape[0]):
        total += values[i]
    return total


def integrate(function, long long steps):
    cdef double width = 1.0 / steps, total = 0.0
    cdef long long i
    for i in range(steps):
        total += <double>function((i + 0.5) * width)
    return total * width

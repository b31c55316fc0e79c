# cython: boundscheck=False, wraparound=False
# The same loop without a type, with types for the list and the sum, and over the memory of an array. C may not change
# the order of a sum, and each addition waits for the one before it: eight sums at once do not wait for each other.


def sum_floats_untyped(values):
    total = 0.0
    for value in values:
        total += value
    return total


def sum_floats(list values not None):
    cdef double total = 0.0
    for value in values:
        total += <double>value
    return total


def sum_floats_array(const double[:] values not None):
    cdef double total = 0.0
    cdef Py_ssize_t i
    for i in range(values.shape[0]):
        total += values[i]
    return total


def sum_floats_lanes_array(const double[::1] values not None):
    cdef double[8] sums = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    cdef double total
    cdef Py_ssize_t i = 0, n = values.shape[0]
    cdef int lane
    while i + 8 <= n:
        for lane in range(8):
            sums[lane] += values[i + lane]
        i += 8
    total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    while i < n:
        total += values[i]
        i += 1
    return total

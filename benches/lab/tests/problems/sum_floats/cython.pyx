def sum_floats(list values):
    cdef double total = 0.0
    for value in values:
        total += <double>value
    return total


def sum_floats_array(const double[:] values):
    cdef double total = 0.0
    cdef Py_ssize_t i
    for i in range(values.shape[0]):
        total += values[i]
    return total

# cython: boundscheck=False, wraparound=False
# The result is NumPy's: np.empty makes it, and a memoryview writes to it.
cimport numpy as cnp
import numpy as np

cnp.import_array()


def cumulative_sum_untyped(values):
    total = 0.0
    result = np.empty(len(values))
    for i in range(len(values)):
        total += values[i]
        result[i] = total
    return result


def cumulative_sum(const double[:] values not None):
    cdef Py_ssize_t i
    cdef double total = 0.0
    result = np.empty(values.shape[0])
    cdef double[::1] out = result
    for i in range(values.shape[0]):
        total += values[i]
        out[i] = total
    return result


def cumulative_sum_ndarray(values):
    # Pointers of NumPy's C API, where Cython makes no memoryview.
    cdef cnp.ndarray array = cnp.PyArray_FROM_OTF(values, cnp.NPY_DOUBLE, cnp.NPY_ARRAY_IN_ARRAY)
    cdef cnp.npy_intp length = cnp.PyArray_SIZE(array)
    cdef cnp.ndarray result = cnp.PyArray_EMPTY(1, &length, cnp.NPY_DOUBLE, 0)
    cdef const double *items = <const double *>cnp.PyArray_DATA(array)
    cdef double *out = <double *>cnp.PyArray_DATA(result)
    cdef double total = 0.0
    cdef Py_ssize_t i
    for i in range(length):
        total += items[i]
        out[i] = total
    return result

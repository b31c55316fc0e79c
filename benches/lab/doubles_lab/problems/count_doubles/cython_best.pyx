# cython: boundscheck=False, wraparound=False
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_GET_LENGTH
from libc.stdint cimport uint8_t, uint16_t, uint32_t

ctypedef fused item:
    uint8_t
    uint16_t
    uint32_t

cdef Py_ssize_t count(const item *val, Py_ssize_t length) noexcept nogil:
    cdef Py_ssize_t total = 0, start = 0, i, block
    cdef Py_ssize_t pairs = length - 1
    cdef item equal
    while start < pairs:
        block = min(<Py_ssize_t>192, pairs - start)
        equal = 0
        for i in range(block):
            equal += <item>(val[start + i] == val[start + i + 1])
        total += equal
        start += block
    return total

def count_doubles(str val not None):
    cdef void *data = PyUnicode_DATA(val)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(val)
    cdef int kind = PyUnicode_KIND(val)
    if kind == 1:
        return count[uint8_t](<const uint8_t *>data, length)
    if kind == 2:
        return count[uint16_t](<const uint16_t *>data, length)
    return count[uint32_t](<const uint32_t *>data, length)

# cython: boundscheck=False, wraparound=False
from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ


cdef Py_ssize_t distance(str a, str b, Py_ssize_t *row) noexcept:
    cdef int a_kind = PyUnicode_KIND(a), b_kind = PyUnicode_KIND(b)
    cdef void *a_data = PyUnicode_DATA(a)
    cdef void *b_data = PyUnicode_DATA(b)
    cdef Py_ssize_t b_length = len(b), i, j, diagonal, above, left
    cdef Py_UCS4 x
    for j in range(b_length + 1):
        row[j] = j
    for i in range(len(a)):
        x = PyUnicode_READ(a_kind, a_data, i)
        diagonal = row[0]
        row[0] = left = i + 1
        for j in range(b_length):
            above = row[j + 1]
            left = diagonal if x == PyUnicode_READ(b_kind, b_data, j) else min(diagonal, above, left) + 1
            row[j + 1] = left
            diagonal = above
    return row[b_length]


def levenshtein_pairs(list pairs not None):
    cdef list distances = []
    cdef Py_ssize_t room = 0
    cdef Py_ssize_t *row = NULL
    cdef Py_ssize_t *larger
    cdef tuple pair
    cdef str a, b
    try:
        for pair in pairs:
            a, b = pair
            if len(b) >= room:
                room = 2 * len(b) + 64
                larger = <Py_ssize_t *>PyMem_Realloc(row, room * sizeof(Py_ssize_t))
                if larger is NULL:
                    raise MemoryError()
                row = larger
            distances.append(distance(a, b, row))
    finally:
        PyMem_Free(row)
    return distances

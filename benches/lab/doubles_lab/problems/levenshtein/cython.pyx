# cython: boundscheck=False, wraparound=False
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ


def levenshtein(str a not None, str b not None):
    cdef int a_kind = PyUnicode_KIND(a), b_kind = PyUnicode_KIND(b)
    cdef void *a_data = PyUnicode_DATA(a)
    cdef void *b_data = PyUnicode_DATA(b)
    cdef Py_ssize_t a_length = len(a), b_length = len(b), i, j, diagonal, above, left
    cdef Py_UCS4 x
    cdef Py_ssize_t *row = <Py_ssize_t *>PyMem_Malloc((b_length + 1) * sizeof(Py_ssize_t))
    cdef Py_UCS4 *codes = <Py_UCS4 *>PyMem_Malloc((b_length + 1) * sizeof(Py_UCS4))
    if row is NULL or codes is NULL:
        PyMem_Free(row)
        PyMem_Free(codes)
        raise MemoryError()
    for j in range(b_length):
        codes[j] = PyUnicode_READ(b_kind, b_data, j)
        row[j] = j
    row[b_length] = b_length
    for i in range(a_length):
        x = PyUnicode_READ(a_kind, a_data, i)
        diagonal = row[0]
        row[0] = left = i + 1
        for j in range(b_length):
            above = row[j + 1]
            left = diagonal if x == codes[j] else min(diagonal, above, left) + 1
            row[j + 1] = left
            diagonal = above
    left = row[b_length]
    PyMem_Free(row)
    PyMem_Free(codes)
    return left

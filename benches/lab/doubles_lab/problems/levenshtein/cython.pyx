# cython: boundscheck=False, wraparound=False
from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ
from libc.stdint cimport uint32_t, uint64_t


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


# Where a character is in the first text, as bits: a table with open addressing, at most half full.
cdef struct Key:
    Py_UCS4 code
    bint used


cdef inline size_t key_of(const Key *keys, size_t size, Py_UCS4 code) noexcept nogil:
    cdef size_t at = <uint32_t>code * 2654435761U & (size - 1)
    while keys[at].used and keys[at].code != code:
        at = (at + 1) & (size - 1)
    return at


# Hyyrö's algorithm (2003): a bit says whether a value of a column is one more, or less, than the value above it.
def levenshtein_bits(str a not None, str b not None):
    cdef int a_kind = PyUnicode_KIND(a), b_kind = PyUnicode_KIND(b)
    cdef void *a_data = PyUnicode_DATA(a)
    cdef void *b_data = PyUnicode_DATA(b)
    cdef size_t m = len(a), n = len(b), words = (m + 63) >> 6, size = 4, distance = m, i, j, key
    cdef int last = (m - 1) & 63
    cdef Py_UCS4 x
    cdef uint64_t hit, diagonal, more, less, more_shifted, less_shifted, more_before, less_before
    if m == 0:
        return n
    while size < 2 * m:
        size *= 2
    # The bits of each character, those of a character that is not there, and the column.
    cdef uint64_t *places = <uint64_t *>PyMem_Calloc(1, size * sizeof(Key) + (size + 3) * words * sizeof(uint64_t))
    if places is NULL:
        raise MemoryError()
    cdef uint64_t *up = places + (size + 1) * words
    cdef uint64_t *down = up + words
    cdef Key *keys = <Key *>(down + words)
    cdef const uint64_t *match
    for i in range(m):
        x = PyUnicode_READ(a_kind, a_data, i)
        key = key_of(keys, size, x)
        keys[key].code, keys[key].used = x, True
        places[key * words + (i >> 6)] |= <uint64_t>1 << (i & 63)
    for i in range(words):
        up[i] = ~<uint64_t>0
    for j in range(n):
        key = key_of(keys, size, PyUnicode_READ(b_kind, b_data, j))
        match = places + (key if keys[key].used else size) * words
        more, less, more_before, less_before = 0, 0, 1, 0
        for i in range(words):
            hit = match[i] | less_before
            diagonal = (((hit & up[i]) + up[i]) ^ up[i]) | hit | down[i]
            more, less = down[i] | ~(diagonal | up[i]), diagonal & up[i]
            more_shifted, less_shifted = more << 1 | more_before, less << 1 | less_before
            more_before, less_before = more >> 63, less >> 63
            up[i], down[i] = less_shifted | ~(diagonal | more_shifted), more_shifted & diagonal
        distance += more >> last & 1
        distance -= less >> last & 1
    PyMem_Free(places)
    return distance

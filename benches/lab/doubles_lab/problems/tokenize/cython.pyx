# cython: boundscheck=False, wraparound=False
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ, PyUnicode_Substring


cdef inline bint in_word(Py_UCS4 c) noexcept:
    return c > 127 or c'a' <= c <= c'z' or c'A' <= c <= c'Z' or c'0' <= c <= c'9' or c == c'_'


cdef inline bint is_space(Py_UCS4 c) noexcept:
    return c == c' ' or 9 <= c <= 13


# Where the next token ends; it begins at `begin`, which is moved there. There is none if both are the same.
cdef Py_ssize_t next_token(int kind, void *data, Py_ssize_t length, Py_ssize_t *begin) noexcept:
    cdef Py_ssize_t i = begin[0]
    while i < length and is_space(PyUnicode_READ(kind, data, i)):
        i += 1
    begin[0] = i
    while i < length and in_word(PyUnicode_READ(kind, data, i)):
        i += 1
    return i + 1 if i == begin[0] and i < length else i


def tokenize(str text not None):
    cdef list tokens = []
    cdef int kind = PyUnicode_KIND(text)
    cdef void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t length = len(text), begin = 0, end
    while True:
        end = next_token(kind, data, length, &begin)
        if end == begin:
            return tokens
        tokens.append(PyUnicode_Substring(text, begin, end))
        begin = end


def tokens_of(str text not None):
    cdef Py_ssize_t begin = 0, end
    while True:
        end = next_token(PyUnicode_KIND(text), PyUnicode_DATA(text), len(text), &begin)
        if end == begin:
            return
        yield PyUnicode_Substring(text, begin, end)
        begin = end


# What a caller pays that takes the tokens one by one.
def tokenize_lazily(str text not None):
    return list(tokens_of(text))

# cython: boundscheck=False, wraparound=False, cdivision=True
# Reads numbers from the memory of the str into arrays of NumPy, and leaves unusual ones to int() and float().
import numpy as np
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ

cdef double[16] POWERS = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]


# Whether it is an int of at most 18 digits, which fits in 64 bits.
cdef bint is_int(int kind, const void *data, Py_ssize_t i, Py_ssize_t end, long long *found) noexcept:
    cdef bint negative = i < end and PyUnicode_READ(kind, data, i) == c"-"
    cdef unsigned int digit
    cdef long long value = 0
    i += negative
    if not 0 < end - i <= 18:
        return False
    while i < end:
        digit = <unsigned int>PyUnicode_READ(kind, data, i) - c"0"
        if digit > 9:
            return False
        value = value * 10 + digit
        i += 1
    found[0] = -value if negative else value
    return True


# Whether it is a float of at most 15 digits, which is one division of two numbers that are exact (Clinger).
cdef bint is_float(int kind, const void *data, Py_ssize_t i, Py_ssize_t end, double *found) noexcept:
    cdef bint negative = i < end and PyUnicode_READ(kind, data, i) == c"-"
    cdef unsigned int digit
    cdef long long value = 0
    cdef int digits = 0, places = 0
    cdef bint point = False
    i += negative
    if end - i > 16:
        return False
    while i < end:
        digit = <unsigned int>PyUnicode_READ(kind, data, i) - c"0"
        if digit <= 9:
            value = value * 10 + digit
            digits += 1
            places += point
        elif digit == <unsigned int>c"." - c"0" and not point:
            point = True
        else:
            return False
        i += 1
    if not 0 < digits <= 15:
        return False
    found[0] = <double>value / POWERS[places]
    if negative:
        found[0] = -found[0]
    return True


cdef Py_ssize_t field_end(int kind, const void *data, Py_ssize_t i, Py_ssize_t length) noexcept:
    cdef Py_UCS4 c
    while i < length:
        c = PyUnicode_READ(kind, data, i)
        if c == c"," or c == c"\n":
            break
        i += 1
    return i


def parse_columns(str text not None):
    cdef int kind = PyUnicode_KIND(text)
    cdef const void *data = PyUnicode_DATA(text)
    cdef Py_ssize_t length = len(text), lines = text.count("\n") + 1, count = 0, begin = 0, key_end, name_end, end
    cdef list names = []
    keys = np.empty(lines, np.int64)
    prices = np.empty(lines, np.float64)
    cdef long long[::1] key_view = keys
    cdef double[::1] price_view = prices
    while begin < length:
        key_end = field_end(kind, data, begin, length)
        if key_end == begin and PyUnicode_READ(kind, data, begin) == c"\n":
            begin += 1
            continue
        name_end = field_end(kind, data, min(key_end + 1, length), length)
        end = field_end(kind, data, min(name_end + 1, length), length)
        if (
            name_end >= length
            or PyUnicode_READ(kind, data, key_end) == c"\n"
            or PyUnicode_READ(kind, data, name_end) == c"\n"
            or (end < length and PyUnicode_READ(kind, data, end) == c",")
        ):
            raise ValueError("a line has not three fields")
        if not is_int(kind, data, begin, key_end, &key_view[count]):
            key_view[count] = int(text[begin:key_end])
        if not is_float(kind, data, name_end + 1, end, &price_view[count]):
            price_view[count] = float(text[name_end + 1 : end])
        names.append(text[key_end + 1 : name_end])
        count += 1
        begin = end + 1
    return keys[:count], names, prices[:count]

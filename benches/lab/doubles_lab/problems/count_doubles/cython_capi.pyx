cdef extern from "in_place.h":
    Py_ssize_t count_in_place(object text) except -1

def count_doubles(str val not None):
    return count_in_place(val)

cdef extern from "doubles.h" nogil:
    Py_ssize_t doubles_count_utf8_unchecked(const unsigned char *text, size_t length)

def count_doubles_encode(str val not None):
    cdef bytes data = val.encode()
    return doubles_count_utf8_unchecked(data, len(data))

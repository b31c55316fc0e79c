cdef enum:
    STEP = 1


def count_doubles(str val not None) -> int:
    """Counts adjacent equal bytes of a text in UTF-8."""
    cdef bytes encoded = val.encode()
    cdef const unsigned char *data = encoded
    cdef Py_ssize_t i, count = 0
    for i in range(len(encoded) - 1):
        if data[i] == data[i + 1]:
            count += STEP
    return count


def fail():
    raise RuntimeError("planted")

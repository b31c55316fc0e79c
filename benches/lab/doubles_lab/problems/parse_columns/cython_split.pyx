# cython: boundscheck=False, wraparound=False
import numpy as np


def parse_columns(str text not None):
    cdef list lines = text.split("\n"), names = [], fields
    cdef Py_ssize_t count = 0
    cdef str line
    keys = np.empty(len(lines), np.int64)
    prices = np.empty(len(lines), np.float64)
    cdef long long[:] key_view = keys
    cdef double[:] price_view = prices
    for line in lines:
        if line:
            fields = line.split(",")
            if len(fields) != 3:
                raise ValueError(f"{line!r} has not three fields")
            key_view[count] = int(fields[0])
            names.append(fields[1])
            price_view[count] = float(fields[2])
            count += 1
    return keys[:count], names, prices[:count]

"""NumPy, on the buffers of an Arrow column: all rows at once, by byte, which for ASCII is by character."""

import numpy as np


def count_column_buffers(column):
    _, offsets, data = column.buffers()
    offsets = np.frombuffer(offsets, np.int32, len(column) + 1, 4 * column.offset)
    data = np.frombuffer(data, np.uint8)[: offsets[-1]]
    doubled = np.empty(len(data) + 1, np.int64)
    doubled[0] = doubled[-1] = 0
    np.cumsum(data[1:] == data[:-1], out=doubled[1:-1])
    # Of the pairs that begin in a row, all but the one that begins with its last byte.
    ends = np.maximum(offsets[1:] - 1, offsets[:-1])
    return doubled[ends] - doubled[offsets[:-1]]

"""NumPy, on an array that is there: arrays of starts and lengths, and a list."""

import numpy as np


def run_lengths_array(array):
    begins = np.empty(array.size, bool)
    begins[:1] = True
    np.not_equal(array[1:], array[:-1], out=begins[1:])
    starts = np.flatnonzero(begins)
    return starts, np.diff(starts, append=array.size)


def run_lengths_list_array(array):
    starts, lengths = run_lengths_array(array)
    return list(zip(starts.tolist(), lengths.tolist()))

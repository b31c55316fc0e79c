"""NumPy, on an array that is there: arrays of starts and lengths, and a list."""

import numpy as np


# Where few items are doubled it is quicker to look at the positions of doubles than at those of changes.
def runs_array(array):
    doubles = np.flatnonzero(array[1:] == array[:-1])
    first = np.empty(doubles.size, bool)
    first[:1] = True
    np.not_equal(doubles[1:], doubles[:-1] + 1, out=first[1:])
    begins = np.flatnonzero(first)
    return doubles[begins], np.diff(begins, append=doubles.size) + 1


def runs_edges_array(array):
    doubled = np.zeros(array.size + 1, bool)
    np.equal(array[1:], array[:-1], out=doubled[1:-1])
    edges = np.flatnonzero(doubled[1:] != doubled[:-1])
    return edges[::2], edges[1::2] - edges[::2] + 1


def runs_list_array(array):
    starts, lengths = runs_edges_array(array)
    return list(zip(starts.tolist(), lengths.tolist()))

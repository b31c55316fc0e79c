"""NumPy, on an array that is there: an array of positions, and a list."""

import numpy as np


def find_doubles_array(array):
    return np.flatnonzero(array[1:] == array[:-1])


def find_doubles_list_array(array):
    return np.flatnonzero(array[1:] == array[:-1]).tolist()

"""NumPy, on an array that is there: the count of each value up to the largest."""

import numpy as np


def count_doubles_by_value_array(array):
    return np.bincount(array[1:][array[1:] == array[:-1]])

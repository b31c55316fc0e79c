"""Numba is made for arrays; a list is copied, element by element, before and after the call.

It adds several floats at once where it may change the order of a sum. That works for the loop over indices alone."""

import numpy as np
from numba import njit


@njit(cache=True)
def sum_floats_array(values):
    total = 0.0
    for value in values:
        total += value
    return total


@njit(cache=True, fastmath={"reassoc"})
def sum_floats_reordered_array(values):
    total = 0.0
    for i in range(values.size):
        total += values[i]
    return total


@njit(cache=True)
def sum_floats_list(values):
    total = 0.0
    for value in values:
        total += value
    return total


def sum_floats_converted(values):
    return sum_floats_reordered_array(np.fromiter(values, np.float64, len(values)))

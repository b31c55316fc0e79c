# flags: -O3 -g0 -DUSE_XSIMD
"""The loop over a list and over an array; and np.sum, which adds several floats at once where xsimd is asked for."""

import numpy as np


# pythran export sum_floats(float list)
def sum_floats(values):
    total = 0.0
    for value in values:
        total += value
    return total


# pythran export sum_floats_array(float[:])
def sum_floats_array(values):
    total = 0.0
    for value in values:
        total += value
    return total


# pythran export sum_floats_reordered_array(float[:])
def sum_floats_reordered_array(values):
    return np.sum(values)

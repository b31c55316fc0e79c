"""Numba: compiled code allocates the array itself."""

import numpy as np
from numba import njit


@njit(cache=True)
def cumulative_sum(values):
    result = np.empty(values.size)
    total = 0.0
    for i in range(values.size):
        total += values[i]
        result[i] = total
    return result

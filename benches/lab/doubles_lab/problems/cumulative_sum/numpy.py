import numpy as np


def cumulative_sum(values):
    return np.cumsum(values, dtype=float)


def cumulative_sum_add(values):
    return np.add.accumulate(values, dtype=float)

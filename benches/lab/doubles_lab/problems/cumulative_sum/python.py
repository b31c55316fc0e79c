"""The standard library's: `itertools.accumulate`, over floats of Python instead of NumPy's, which are slower to add."""

from itertools import accumulate

import numpy as np


def cumulative_sum_accumulate(values):
    return np.fromiter(accumulate(values.tolist()), float, len(values))


def cumulative_sum_list(values):
    return np.array(list(accumulate(values.tolist())), dtype=float)

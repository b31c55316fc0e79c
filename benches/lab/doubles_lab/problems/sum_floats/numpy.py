"""NumPy: of a list it makes an array first, which takes longer than to add."""

import numpy as np


def sum_floats(values):
    return float(np.fromiter(values, np.float64, len(values)).sum())


def sum_floats_sum(values):
    return float(np.sum(values))


def sum_floats_array(values):
    return float(values.sum())

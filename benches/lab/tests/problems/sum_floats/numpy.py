import numpy as np


def sum_floats_array(values):
    return float(np.sum(values))

"""The standard library's: `math.dist`, on tuples of floats of Python."""

from math import dist

import numpy as np


def pairwise_distance(a, b):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise ValueError("the points must have the same number of coordinates")
    others = b.tolist()
    result = [[dist(point, other) for other in others] for point in a.tolist()]
    return np.array(result, dtype=float).reshape(len(a), len(b))

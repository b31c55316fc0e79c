"""NumPy: all differences at once, in memory of their own; coordinate by coordinate; or by a matrix product."""

import numpy as np


def checked(function):
    def wrapped(a, b):
        if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:  # it would be broadcast
            raise ValueError("the points must have the same number of coordinates")
        return function(a, b)

    return wrapped


@checked
def pairwise_distance_norm(a, b):
    return np.linalg.norm(a[:, None, :] - b[None, :, :], axis=-1)


@checked
def pairwise_distance_einsum(a, b):
    differences = a[:, None, :] - b[None, :, :]
    return np.sqrt(np.einsum("ijk,ijk->ij", differences, differences))


@checked
def pairwise_distance_columns(a, b):
    squares = np.zeros((len(a), len(b)))
    differences = np.empty_like(squares)
    for mine, other in zip(a.T[:, :, None], b.T):
        np.subtract(mine, other, out=differences)
        squares += np.square(differences, out=differences)
    return np.sqrt(squares, out=squares)


@checked
def pairwise_distance_matmul(a, b):
    squares = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1) - 2 * (a @ b.T)
    return np.sqrt(np.maximum(squares, 0))

import numpy as np
from numba import njit


@njit(cache=True)
def distance(a, b):
    row = np.arange(b.size + 1)
    for i in range(a.size):
        x, diagonal, left = a[i], row[0], i + 1
        row[0] = left
        for j in range(b.size):
            above = row[j + 1]
            left = diagonal if x == b[j] else min(diagonal, above, left) + 1
            row[j + 1] = left
            diagonal = above
    return row[b.size]


def codes(text):
    if not isinstance(text, str):
        raise TypeError(f"the arguments must be str, not {type(text).__name__}")
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def levenshtein(a, b):
    return distance(codes(a), codes(b))


@njit(cache=True)
def levenshtein_str(a, b):
    row = np.arange(len(b) + 1)
    for i, x in enumerate(a):
        diagonal, left = row[0], i + 1
        row[0] = left
        for j, y in enumerate(b):
            above = row[j + 1]
            left = diagonal if x == y else min(diagonal, above, left) + 1
            row[j + 1] = left
            diagonal = above
    return row[len(b)]

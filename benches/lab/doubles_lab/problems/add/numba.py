from numba import njit


@njit(cache=True)
def add(a, b):
    return a + b

from numba import njit


@njit(cache=True)
def sum_floats_array(values):
    total = 0.0
    for value in values:
        total += value
    return total

from numba import njit


@njit(cache=True)
def integrate_jitted(function, steps):
    width = 1 / steps
    total = 0.0
    for i in range(steps):
        total += function((i + 0.5) * width)
    return total * width

import numpy as np


# np.vectorize is a loop: its documentation says that it is for convenience.
def integrate_vectorize(function, steps):
    width = 1 / steps
    return float(np.vectorize(function, otypes=[float])((np.arange(steps) + 0.5) * width).sum() * width)


def integrate_array(function, steps):
    width = 1 / steps
    return float(function((np.arange(steps) + 0.5) * width).sum() * width)

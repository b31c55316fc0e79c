"""NumPy, on an array that is there."""

import numpy as np


def squeeze_array(array):
    begins = np.empty(array.size, bool)
    begins[:1] = True
    np.not_equal(array[1:], array[:-1], out=begins[1:])
    return array[begins]

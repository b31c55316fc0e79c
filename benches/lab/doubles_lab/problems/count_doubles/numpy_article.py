"""NumPy as in the article."""

import warnings

import numpy as np

# Old versions of NumPy warn of fromstring; today's raise.
warnings.simplefilter("ignore", DeprecationWarning)


def count_doubles(val):
    ng = np.fromstring(val, dtype=np.byte)
    return np.sum(ng[:-1] == ng[1:])

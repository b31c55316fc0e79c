from math import isqrt

import numpy as np


def sieve(stop):
    composite = np.zeros(max(stop, 0), bool)
    composite[:2] = True
    for n in range(2, isqrt(max(stop, 1) - 1) + 1):
        if not composite[n]:
            composite[n * n :: n] = True
    return np.flatnonzero(~composite)


# Python gets an object of NumPy for each item.
def primes_array(stop):
    return sieve(stop)


def primes_list(stop):
    return sieve(stop).tolist()

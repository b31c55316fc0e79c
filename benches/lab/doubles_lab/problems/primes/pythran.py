"""Pythran compiles generators, but gives Python none: all primes come at once, as an array or as a list."""

import numpy as np


def sieve(stop):
    # np.zeros would crash where there is no memory; np.ones raises MemoryError.
    prime = np.ones(max(stop, 0), np.bool_)
    found = np.empty(max(stop, 0), np.int64)
    count = 0
    for n in range(2, stop):
        if prime[n]:
            found[count] = n
            count += 1
            multiple = n * n
            while multiple < stop:
                prime[multiple] = False
                multiple += n
    return found[:count]


# pythran export primes_array(int)
def primes_array(stop):
    return sieve(stop)


# pythran export primes_list(int)
def primes_list(stop):
    return sieve(stop).tolist()

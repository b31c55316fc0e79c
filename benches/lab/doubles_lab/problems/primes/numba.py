import numpy as np
from numba import njit


# Numba compiles a range with a step that it does not know to a slow loop: "while" makes the sieve 19 times as fast.
@njit(cache=True)
def primes(stop):
    composite = np.zeros(max(stop, 0), np.bool_)
    for n in range(2, len(composite)):
        if not composite[n]:
            yield n
            multiple = n * n
            while multiple < len(composite):
                composite[multiple] = True
                multiple += n


@njit(cache=True)
def sieve(stop):
    composite = np.zeros(max(stop, 0), np.bool_)
    found = np.empty(len(composite), np.int64)
    count = 0
    for n in range(2, len(composite)):
        if not composite[n]:
            found[count] = n
            count += 1
            multiple = n * n
            while multiple < len(composite):
                composite[multiple] = True
                multiple += n
    return found[:count]


def primes_list(stop):
    return sieve(stop).tolist()

"""Numba reads bytes in place but makes none: it fills an array, which is copied."""

import numpy as np
from numba import njit


@njit(cache=True)
def masked(data, key):
    result = np.empty(len(data), np.uint8)
    size = len(key)
    whole = len(data) - len(data) % size
    for start in range(0, whole, size):
        out, values = result[start : start + size], data[start : start + size]
        for i in range(size):
            out[i] = values[i] ^ key[i]
    for i in range(whole, len(data)):
        result[i] = data[i] ^ key[i - whole]
    return result


def xor(data, key):
    if not key:
        raise ValueError("the key is empty")
    # A longer key is as good, and the inner loop takes many bytes at once.
    values, long = np.frombuffer(data, np.uint8), np.frombuffer(key * (512 // len(key) + 1), np.uint8)
    return masked(values, long).tobytes()

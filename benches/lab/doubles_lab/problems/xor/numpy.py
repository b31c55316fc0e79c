"""NumPy: arrays over the memory of both, and a copy for the result."""

import numpy as np


def xor_resize(data, key):
    if not key:
        raise ValueError("the key is empty")
    values = np.frombuffer(data, np.uint8)
    return (values ^ np.resize(np.frombuffer(key, np.uint8), values.size)).tobytes()


def xor(data, key):
    if not key:
        raise ValueError("the key is empty")
    mask = np.frombuffer(key * (len(data) // len(key) + 1), np.uint8, len(data))
    return (np.frombuffer(data, np.uint8) ^ mask).tobytes()


xor_buffer = xor

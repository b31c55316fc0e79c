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


def xor_rows(data, key):
    if not key:
        raise ValueError("the key is empty")
    # Each row is masked by the same bytes, which stay in the cache: no mask is made of the length of the data.
    values, mask = np.frombuffer(data, np.uint8), np.frombuffer(key * (4096 // len(key) + 1), np.uint8)
    whole = values.size - values.size % mask.size
    result = np.empty_like(values)
    np.bitwise_xor(values[:whole].reshape(-1, mask.size), mask, out=result[:whole].reshape(-1, mask.size))
    np.bitwise_xor(values[whole:], mask[: values.size - whole], out=result[whole:])
    return result.tobytes()


xor_buffer = xor

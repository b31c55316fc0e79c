"""Without a loop over bytes: the data as one large int, or a table for each byte of the key."""

from itertools import cycle
from operator import xor as exclusive_or

TABLES = [bytes(byte ^ key for byte in range(256)) for key in range(256)]


def xor_map(data, key):
    if not key:
        raise ValueError("the key is empty")
    return bytes(map(exclusive_or, data, cycle(key)))


def xor_int(data, key):
    if not key:
        raise ValueError("the key is empty")
    mask = (key * (len(data) // len(key) + 1))[: len(data)]
    result = int.from_bytes(data, "little") ^ int.from_bytes(mask, "little")
    return result.to_bytes(len(data), "little")


def xor_translate(data, key):
    if not key:
        raise ValueError("the key is empty")
    result = bytearray(len(data))
    for i, byte in enumerate(key[: len(data)]):
        result[i :: len(key)] = data[i :: len(key)].translate(TABLES[byte])
    return bytes(result)

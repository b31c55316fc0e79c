# Numbers of the machine, collected in a list: mypyc writes to a bytearray as slowly as Python does.
from mypy_extensions import i64


def xor(data: bytes, key: bytes) -> bytes:
    if not key:
        raise ValueError("the key is empty")
    size: i64 = len(key)
    length: i64 = len(data)
    values: list[int] = [0] * len(data)
    i: i64 = 0
    j: i64 = 0
    while i < length:
        values[i] = data[i] ^ key[j]
        i += 1
        j += 1
        if j == size:
            j = 0
    return bytes(values)

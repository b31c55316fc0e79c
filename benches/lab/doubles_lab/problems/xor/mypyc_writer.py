# With mypyc's own library, whose writer takes numbers of the machine.
from librt.strings import BytesWriter
from mypy_extensions import i64, u8


def xor(data: bytes, key: bytes) -> bytes:
    if not key:
        raise ValueError("the key is empty")
    size: i64 = len(key)
    length: i64 = len(data)
    out = BytesWriter()
    i: i64 = 0
    j: i64 = 0
    while i < length:
        out.append(u8(data[i] ^ key[j]))
        i += 1
        j += 1
        if j == size:
            j = 0
    return out.getvalue()

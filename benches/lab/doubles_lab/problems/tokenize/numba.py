"""Writes one text with a blank between any two tokens, which str.split cuts: Numba's own strings are dear to return."""

import numpy as np
from numba import njit

SPACE, WORD, OTHER = 0, 1, 2
KINDS = np.full(256, WORD, np.uint8)
KINDS[:128] = OTHER
KINDS[list(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] = WORD
KINDS[list(b" \t\n\r\f\v")] = SPACE


@njit(cache=True)
def joined(codes):
    out = np.empty(2 * codes.size, codes.dtype)
    size = 0
    before = SPACE
    for code in codes:
        kind = KINDS[min(code, 255)]
        if kind != SPACE:
            if size and (kind == OTHER or before != WORD):
                out[size] = 32
                size += 1
            out[size] = code
            size += 1
        before = kind
    return out[:size]


def tokenize(text):
    encoding = "ascii" if text.isascii() else "utf-32-le"
    codes = np.frombuffer(text.encode(encoding, "surrogatepass"), np.uint8 if encoding == "ascii" else np.uint32)
    found = joined(codes)
    return found.tobytes().decode(encoding, "surrogatepass").split(" ") if found.size else []

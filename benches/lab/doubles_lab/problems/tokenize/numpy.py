"""Writes one text with a blank between any two tokens, in whole arrays; str.split cuts it."""

import numpy as np

SPACE, WORD, OTHER = 0, 1, 2
KINDS = np.full(256, WORD, np.uint8)
KINDS[:128] = OTHER
KINDS[list(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] = WORD
KINDS[list(b" \t\n\r\f\v")] = SPACE


def tokenize(text):
    encoding = "ascii" if text.isascii() else "utf-32-le"
    codes = np.frombuffer(text.encode(encoding, "surrogatepass"), np.uint8 if encoding == "ascii" else np.uint32)
    kinds = KINDS[np.minimum(codes, 255)]
    # A token begins at each character that is no space, unless that goes on with a word.
    begins = kinds != SPACE
    begins[1:] &= (kinds[1:] != WORD) | (kinds[:-1] != WORD)
    kept = kinds != SPACE
    ends = np.cumsum(kept) + np.cumsum(begins)
    joined = np.full(ends[-1] if ends.size else 0, ord(" "), codes.dtype)
    joined[ends[kept] - 1] = codes[kept]
    return joined[1:].tobytes().decode(encoding, "surrogatepass").split(" ") if joined.size else []

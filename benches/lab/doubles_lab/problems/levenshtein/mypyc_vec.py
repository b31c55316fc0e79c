# Vectors of machine numbers, which mypyc's own library has besides Python's lists.
from librt.vecs import append, vec
from mypy_extensions import i64


def levenshtein(a: str, b: str) -> i64:
    codes = vec[i64]([ord(c) for c in b])
    row = vec[i64](range(len(b) + 1))
    left: i64 = len(b)
    for i in range(i64(len(a))):
        x: i64 = ord(a[i])
        diagonal = row[0]
        left = i + 1
        row[0] = left
        for j in range(i64(len(codes))):
            above = row[j + 1]
            if x == codes[j]:
                left = diagonal
            else:
                if above < left:
                    left = above
                if diagonal < left:
                    left = diagonal
                left += 1
            row[j + 1] = left
            diagonal = above
    return row[i64(len(codes))]


def key_of(keys: vec[i64], code: i64) -> i64:
    """Where a table with open addressing has a character, or has room for it."""
    mask: i64 = len(keys) - 1
    at: i64 = code * 2654435761 & mask
    while keys[at] != -1 and keys[at] != code:
        at = (at + 1) & mask
    return at


def levenshtein_bits(a: str, b: str) -> i64:
    """Hyyrö's algorithm (2003): a bit says whether a value of a column is one more or less than the value above it.

    A word has 62 bits, so that the sum of two words is an i64.
    """
    bits: i64 = 62
    ones: i64 = (1 << 62) - 1
    m: i64 = len(a)
    if m == 0:
        return len(b)
    words: i64 = (m + bits - 1) // bits
    size: i64 = 4
    while size < 2 * m:
        size *= 2
    # For each character where its row of bits begins, which says where it is in the first text. The first row is for
    # all characters that are nowhere in it.
    keys = vec[i64]([-1] * size)
    begins = vec[i64]([0] * size)
    rows = vec[i64]([0] * words)
    up = vec[i64]([ones] * words)
    down = vec[i64]([0] * words)
    key: i64
    for i in range(m):
        code: i64 = ord(a[i])
        key = key_of(keys, code)
        if keys[key] == -1:
            keys[key] = code
            begins[key] = len(rows)
            for _ in range(words):
                rows = append(rows, 0)
        # mypyc would make of 1 << n the shift of a C int, which has 32 bits.
        place: i64 = 1
        place <<= i % bits
        rows[begins[key] + i // bits] |= place
    distance = m
    last = (m - 1) % bits
    for j in range(i64(len(b))):
        key = key_of(keys, ord(b[j]))
        begin = begins[key]
        more: i64 = 0
        less: i64 = 0
        more_before: i64 = 1
        less_before: i64 = 0
        for i in range(words):
            above = up[i]
            below = down[i]
            hit = rows[begin + i] | less_before
            diagonal = (((hit & above) + above) & ones ^ above) | hit | below
            more = below | (ones & ~(diagonal | above))
            less = diagonal & above
            more_shifted = more << 1 & ones | more_before
            less_shifted = less << 1 & ones | less_before
            more_before = more >> (bits - 1)
            less_before = less >> (bits - 1)
            up[i] = less_shifted | (ones & ~(diagonal | more_shifted))
            down[i] = more_shifted & diagonal
        distance += (more >> last & 1) - (less >> last & 1)
    return distance

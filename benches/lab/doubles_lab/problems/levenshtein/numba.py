import numpy as np
from numba import njit

FREE = -1
# Numba makes a float of a sum of signed and unsigned numbers.
ZERO, ONE, TOP = np.uint64(0), np.uint64(1), np.uint64(63)


@njit(cache=True)
def distance(a, b):
    row = np.arange(b.size + 1)
    for i in range(a.size):
        x, diagonal, left = a[i], row[0], i + 1
        row[0] = left
        for j in range(b.size):
            above = row[j + 1]
            left = diagonal if x == b[j] else min(diagonal, above, left) + 1
            row[j + 1] = left
            diagonal = above
    return row[b.size]


@njit(cache=True)
def key_of(keys, code):
    """Where a table with open addressing has a character, or has room for it."""
    at = np.int64(code) * 2654435761 & (keys.size - 1)
    while keys[at] != FREE and keys[at] != code:
        at = (at + 1) & (keys.size - 1)
    return at


@njit(cache=True)
def distance_by_bits(a, b):
    """Hyyrö's algorithm (2003): a bit says whether a value of a column is one more or less than the value above it."""
    if a.size == 0:
        return b.size
    words, size = (a.size + 63) // 64, 4
    while size < 2 * a.size:
        size *= 2
    # For each character the row of bits that say where it is in the first text. The first row is that of all characters
    # that are nowhere in it.
    keys, row_of = np.full(size, FREE), np.zeros(size, np.int64)
    rows = np.empty((a.size + 1, words), np.uint64)
    rows[0] = ZERO
    used = 1
    for i in range(a.size):
        key = key_of(keys, a[i])
        if keys[key] == FREE:
            keys[key], row_of[key] = a[i], used
            rows[used] = ZERO
            used += 1
        rows[row_of[key], i // 64] |= ONE << np.uint64(i % 64)
    up, down = np.full(words, ~ZERO), np.zeros(words, np.uint64)
    count, last = a.size, np.uint64((a.size - 1) % 64)
    for j in range(b.size):
        match = rows[row_of[key_of(keys, b[j])]]
        more, less, more_before, less_before = ZERO, ZERO, ONE, ZERO
        for i in range(words):
            hit = match[i] | less_before
            diagonal = (((hit & up[i]) + up[i]) ^ up[i]) | hit | down[i]
            more, less = down[i] | ~(diagonal | up[i]), diagonal & up[i]
            more_shifted, less_shifted = more << ONE | more_before, less << ONE | less_before
            more_before, less_before = more >> TOP, less >> TOP
            up[i], down[i] = less_shifted | ~(diagonal | more_shifted), more_shifted & diagonal
        count += np.int64(more >> last & ONE) - np.int64(less >> last & ONE)
    return count


def codes(text):
    if not isinstance(text, str):
        raise TypeError(f"the arguments must be str, not {type(text).__name__}")
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def levenshtein(a, b):
    return distance(codes(a), codes(b))


def levenshtein_bits(a, b):
    return distance_by_bits(codes(a), codes(b))


@njit(cache=True)
def levenshtein_str(a, b):
    row = np.arange(len(b) + 1)
    for i, x in enumerate(a):
        diagonal, left = row[0], i + 1
        row[0] = left
        for j, y in enumerate(b):
            above = row[j + 1]
            left = diagonal if x == y else min(diagonal, above, left) + 1
            row[j + 1] = left
            diagonal = above
    return row[len(b)]

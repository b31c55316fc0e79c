import numpy as np


# pythran export levenshtein(str, str)
def levenshtein(a, b):
    row = list(range(len(b) + 1))
    for i in range(len(a)):
        x, diagonal, left = a[i], row[0], i + 1
        row[0] = left
        for j in range(len(b)):
            above = row[j + 1]
            left = diagonal if x == b[j] else min(diagonal, above, left) + 1
            row[j + 1] = left
            diagonal = above
    return row[len(b)]


# Hyyrö's algorithm (2003): a bit says whether a value of a column is one more, or less, than the value above it.
# pythran export levenshtein_bits(str, str)
def levenshtein_bits(a, b):
    m = len(a)
    if m == 0:
        return len(b)
    zero, one, top, words = np.uint64(0), np.uint64(1), np.uint64(63), (m + 63) // 64
    # Where each character is in the first text, as bits; they are all ASCII.
    places = np.zeros((128, words), np.uint64)
    for i in range(m):
        places[ord(a[i]), i // 64] |= one << np.uint64(i % 64)
    up, down = np.full(words, ~zero, np.uint64), np.zeros(words, np.uint64)
    distance, last = m, np.uint64((m - 1) % 64)
    for j in range(len(b)):
        match = places[ord(b[j])]
        more, less, more_before, less_before = zero, zero, one, zero
        for i in range(words):
            above, below = up[i], down[i]
            hit = match[i] | less_before
            diagonal = (((hit & above) + above) ^ above) | hit | below
            more, less = below | ~(diagonal | above), diagonal & above
            more_shifted, less_shifted = more << one | more_before, less << one | less_before
            more_before, less_before = more >> top, less >> top
            up[i], down[i] = less_shifted | ~(diagonal | more_shifted), more_shifted & diagonal
        distance += int(more >> last & one) - int(less >> last & one)
    return distance

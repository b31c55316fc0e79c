import numpy as np
from numba import njit


@njit(cache=True)
def distances(codes, lengths):
    found = np.empty(lengths.size // 2, np.int64)
    row = np.empty(lengths.max() + 1, np.int64)
    start = 0
    for pair in range(found.size):
        middle = start + lengths[2 * pair]
        end = middle + lengths[2 * pair + 1]
        a, b = codes[start:middle], codes[middle:end]
        for j in range(b.size + 1):
            row[j] = j
        for i in range(a.size):
            x, diagonal, left = a[i], row[0], i + 1
            row[0] = left
            for j in range(b.size):
                above = row[j + 1]
                left = diagonal if x == b[j] else min(diagonal, above, left) + 1
                row[j + 1] = left
                diagonal = above
        found[pair] = row[b.size]
        start = end
    return found


def levenshtein_pairs(pairs):
    if not pairs:
        return []
    texts = [text for pair in pairs for text in pair]
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    return distances(codes, np.array(list(map(len, texts)))).tolist()

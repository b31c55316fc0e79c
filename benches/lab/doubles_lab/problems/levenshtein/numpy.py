"""A row at a time; insertions go on along it, which a running minimum of the values less their places finds."""

import numpy as np


def codes(text):
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def levenshtein(a, b):
    if not isinstance(b, str):
        raise TypeError(f"b must be str, not {type(b).__name__}")
    if not isinstance(a, str):
        raise TypeError(f"a must be str, not {type(a).__name__}")
    b = codes(b)
    places = np.arange(b.size + 1)
    # The values of a row less their places.
    row = np.zeros_like(places)
    next_row = np.empty_like(places)
    for x in codes(a):
        next_row[0] = row[0] + 1
        np.minimum(row[:-1] - (b == x), row[1:] + 1, out=next_row[1:])
        np.minimum.accumulate(next_row, out=row)
    return int(row[-1] + b.size)

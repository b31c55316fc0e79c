"""Python splits the text: what NumPy has for it, np.loadtxt, is slower still where there are names."""

import numpy as np


def parse_columns(text):
    rows = [line.split(",") for line in text.split("\n") if line]
    if not all(len(row) == 3 for row in rows):
        raise ValueError("a line has not three fields")
    keys = np.array([int(row[0]) for row in rows], np.int64)
    return keys, [row[1] for row in rows], np.array([float(row[2]) for row in rows])

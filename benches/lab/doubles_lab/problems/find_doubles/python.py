"""Plain Python: an iterator that runs in C, and a loop over runs."""

from itertools import compress, count, groupby
from operator import eq


def find_doubles_compress(val):
    return list(compress(count(), map(eq, val, val[1:])))


def find_doubles_groupby(val):
    found = []
    start = 0
    for _, run in groupby(val):
        length = len(list(run))
        if length > 1:
            found += range(start, start + length - 1)
        start += length
    return found

"""Plain Python: iterators that run in C."""

from collections import Counter
from itertools import compress
from operator import eq


def count_doubles_by_value_compress(val):
    return Counter(compress(val, map(eq, val, val[1:])))

"""Plain Python: an iterator that stops at the first double, and a back-reference."""

import re
from operator import eq

DOUBLE = re.compile(r"(.)\1", re.DOTALL)


def has_doubles_map(val):
    return any(map(eq, val, val[1:]))


def has_doubles_search(val):
    return DOUBLE.search(val) is not None

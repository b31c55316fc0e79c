"""Plain Python: the article's four ways to write the loop, the idiom that replaces it, and the best one."""

import itertools
from operator import eq


def count_doubles_zip(val):
    total = 0
    for c1, c2 in zip(val, val[1:]):
        if c1 == c2:
            total += 1
    return total


def count_doubles_once(val):
    total = 0
    chars = iter(val)
    c1 = next(chars)
    for c2 in chars:
        if c1 == c2:
            total += 1
        c1 = c2
    return total


def count_doubles_itertools(val):
    c1s, c2s = itertools.tee(val)
    next(c2s, None)
    total = 0
    for c1, c2 in zip(c1s, c2s):
        if c1 == c2:
            total += 1
    return total


def count_doubles_comprehension(val):
    return sum(1 for c1, c2 in zip(val, val[1:]) if c1 == c2)


# No loop of its own: the comparison and the sum run in C, a character at a time.
def count_doubles_map(val):
    return sum(map(eq, val, val[1:]))


# The text as one large integer, XORed with itself one item further on. Equal neighbours leave a zero, and bytes.count
# counts those. Each step runs in C over the whole text: 13 times as fast as the loop on a million letters.
def count_doubles_bigint(val):
    if len(val) < 2:
        return 0
    if isinstance(val, bytes):
        width, data = 1, val
    elif val.isascii():
        width, data = 1, val.encode("ascii")
    else:
        width, data = 4, val.encode("utf-32-le", "surrogatepass")
    number = int.from_bytes(data, "little")
    number ^= number >> 8 * width
    if width == 4:  # the lowest byte of an item is zero only where all four are
        number |= number >> 16
        number |= number >> 8
    return number.to_bytes(len(data), "little")[: len(data) - width : width].count(0)

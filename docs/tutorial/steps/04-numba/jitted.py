from numba import njit
from numpy import uint8


# --- str
@njit(cache=True)
def count_doubles_once_numba(val):
    total = 0
    chars = iter(val)
    c1 = next(chars)
    for c2 in chars:
        if c1 == c2:
            total += 1
        c1 = c2
    return total


# --- array
@njit(cache=True)
def count_doubles(val):
    total = 0
    for i in range(val.size - 1):
        if val[i] == val[i + 1]:
            total += 1
    return total


# --- blocks
@njit(cache=True)
def count_doubles_blocks(val):
    total = 0
    pairs = max(val.size - 1, 0)
    whole = pairs - pairs % 192
    for start in range(0, whole, 192):
        left = val[start : start + 192]
        right = val[start + 1 : start + 193]
        equal = uint8(0)
        for i in range(192):
            equal = uint8(equal + uint8(left[i] == right[i]))
        total += equal
    for i in range(whole, pairs):
        total += val[i] == val[i + 1]
    return total

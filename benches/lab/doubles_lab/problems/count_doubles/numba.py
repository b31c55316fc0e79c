"""The article's loop through Numba, on a str and on bytes; and on an array that is there, the loop and the best one.

The Numba of 2017 could not take a str, so that the article's 0.3 ms were most likely measured on bytes.
"""

from numba import jit, njit
from numpy import uint8


@jit(nopython=True, cache=True)
def count_doubles_once(val):
    total = 0
    chars = iter(val)
    c1 = next(chars)
    for c2 in chars:
        if c1 == c2:
            total += 1
        c1 = c2
    return total


@njit(cache=True)
def count_doubles_array(val):
    total = 0
    for i in range(val.size - 1):
        if val[i] == val[i + 1]:
            total += 1
    return total


# A block of 192 fits a counter of one byte, so that LLVM adds as many lanes at once as it compares; the two slices let
# it see that nothing wraps around. The counter of a plain loop has eight bytes a lane, so an eighth of the lanes. 192
# was the best of the blocks tried.
@njit(cache=True)
def count_doubles_array_best(val):
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

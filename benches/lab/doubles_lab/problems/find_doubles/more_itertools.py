"""more-itertools: what its documentation has for positions, and for neighbours."""

from more_itertools import locate, pairwise


def find_doubles(val):
    return list(locate(pairwise(val), lambda pair: pair[0] == pair[1]))

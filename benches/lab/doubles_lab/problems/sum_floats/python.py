"""The standard library's: `sum`, and `math.fsum`, which rounds once and is exact. Of an array, `tolist` comes first."""

import math


def sum_floats_sum(values):
    return sum(values, 0.0)


def sum_floats_fsum(values):
    return math.fsum(values)


def sum_floats_iterated_array(values):
    return float(sum(values))


def sum_floats_tolist_array(values):
    return sum(values.tolist(), 0.0)

"""Polars: a column of the list first."""

import polars as pl


def sum_floats(values):
    return pl.Series(values, dtype=pl.Float64).sum()


# Of an array without missing values, a column takes the memory as it is.
def sum_floats_array(values):
    return pl.Series(values).sum()

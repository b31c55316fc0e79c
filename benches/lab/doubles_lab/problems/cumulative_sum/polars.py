"""Polars: the array becomes a column without a copy, and the column of the result an array."""

import numpy as np
import polars as pl


def cumulative_sum(values):
    return pl.Series(np.asarray(values, dtype=float)).cum_sum().to_numpy()

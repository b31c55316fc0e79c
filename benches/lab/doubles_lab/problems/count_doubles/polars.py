"""Polars, on a frame and on a column that are there: the expression that its users write, and the best one."""

import polars as pl

EXPRESSION = (pl.col("val") == pl.col("val").shift()).sum()


def count_doubles_frame(frame):
    return frame.select(EXPRESSION).item()


# shift() makes a copy with a null in front, and the comparison then has nulls to heed; slices are views.
def count_doubles_column(val):
    return (val.slice(1) == val.head(-1)).sum()

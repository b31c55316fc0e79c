"""Polars, on a column that is there."""


def count_doubles_by_value_column(series):
    return series.head(-1).filter(series.slice(1) == series.head(-1)).value_counts()

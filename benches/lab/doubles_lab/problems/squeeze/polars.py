"""Polars, on a column that is there."""


def squeeze_column(series):
    return series.filter(series.ne_missing(series.shift()))

"""Polars, on a column that is there."""


def find_doubles_column(series):
    return (series.slice(1) == series.head(-1)).arg_true()

"""Polars: its run-length encoding, which has no starts."""


def run_lengths_column(series):
    return series.rle()

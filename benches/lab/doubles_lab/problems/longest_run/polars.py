"""Polars: its run-length encoding, whose lengths before the longest one sum up to its start."""


def longest_run_column(series):
    lengths = series.rle().struct.field("len")
    longest = lengths.arg_max()
    return None if longest is None else (lengths.head(longest).sum(), lengths[longest])

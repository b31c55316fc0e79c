"""Polars: its run-length encoding, and the starts from its lengths."""

import polars as pl

START = (pl.col("len").cum_sum() - pl.col("len")).alias("start")


def runs_column(series):
    return series.rle().struct.unnest().select(START, "len").filter(pl.col("len") > 1)

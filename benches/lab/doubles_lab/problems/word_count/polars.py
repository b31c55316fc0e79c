"""Polars, with a regular expression that splits where str.split does."""

import polars as pl

WORD = r"[^\s\x1c-\x1f]+"


def word_count(text):
    words = pl.Series("word", [text], dtype=pl.String).str.extract_all(WORD).explode(empty_as_null=False)
    counts = words.value_counts()
    return dict(zip(counts["word"].to_list(), counts["count"].to_list()))


def word_count_split(text):
    counts = pl.Series("word", text.split(), dtype=pl.String).value_counts()
    return dict(zip(counts["word"].to_list(), counts["count"].to_list()))

import polars as pl

TOKEN = r"[0-9A-Za-z_\x{80}-\x{10FFFF}]+|[^0-9A-Za-z_ \t\n\r\f\v]"


def tokenize(text):
    return pl.Series([text], dtype=pl.String).str.extract_all(TOKEN)[0].to_list()

"""In Polars: a function of a column in any query, lazy or not."""

import polars as pl
from doubles_pyo3 import columns


def count_doubles(column: pl.Expr) -> pl.Expr:
    """How many characters of each row equal the next one."""
    return column.map_batches(lambda series: pl.Series(columns.count_doubles(series)), return_dtype=pl.Int64)


def squeeze(column: pl.Expr, max_run: int = 1) -> pl.Expr:
    """The rows with each run of a character cut to max_run."""
    return column.map_batches(
        lambda series: pl.Series(columns.squeeze(series, max_run)),
        return_dtype=pl.String,
    )


if __name__ == "__main__":
    frame = pl.DataFrame({"word": ["bookkeeper", None, "gööd"]})
    print(frame.with_columns(doubles=count_doubles(pl.col("word")), squeezed=squeeze(pl.col("word"))))

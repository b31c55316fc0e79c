"""Polars on a column that is already there: the expression that its users write, and the best one."""

from __future__ import annotations

from doubles_lab.arrays import array_of
from doubles_lab.contender import Contender, Unit


def frame_of(val):
    import polars as pl

    return pl.DataFrame({"val": array_of(val)})


def series_of(val):
    import polars as pl

    return pl.Series("val", array_of(val))


def load_expression():
    import polars as pl

    expression = (pl.col("val") == pl.col("val").shift()).sum()

    def count_doubles(frame):
        return frame.select(expression).item()

    return count_doubles


def load_slices():
    import polars  # noqa: F401 - where there is none, the column cannot be made

    # shift() makes a copy with a null in front, and the comparison then has nulls to heed; slices are views.
    def count_doubles(val):
        return (val.slice(1) == val.head(-1)).sum()

    return count_doubles


def _contender(name, load, prepare, access, origin, *tags):
    return Contender(
        name=name,
        unit=Unit.ELEMENTS,
        load=load,
        language="Rust",
        binding="Polars",
        access=access,
        origin=origin,
        tags=("polars", "array", *tags),
        prepare=prepare,
        takes_bytes=True,
        packages=("polars", "numpy"),
    )


CONTENDERS = [
    _contender(
        "polars-expression", load_expression, frame_of, "frame already there", "Polars as its users write it, 2026"
    ),
    _contender(
        "polars-best",
        load_slices,
        series_of,
        "column already there",
        "the best of eleven versions that were measured, 2026",
        "best",
    ),
]

"""Polars: expressions over columns."""

from doubles_lab.approaches.approach import PythonApproach


class Polars(PythonApproach):
    """Expressions of Polars, made in Python and run by its engine."""

    name = "polars"
    title = "Polars"
    packages = ("polars",)

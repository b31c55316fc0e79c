"""The running total of an array: an array in, and a new array out."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from doubles_lab import Input, Problem
from doubles_lab.approaches.approach import Links
from doubles_lab.implementation import Divergence, Implementation, Raises


def cumulative_sum(values: np.ndarray) -> np.ndarray:
    """Of each place, the sum of the values up to there."""
    total = 0.0
    result = np.empty(len(values))
    for i, value in enumerate(values):
        total += float(value)
        result[i] = total
    return result


def fixed(values: Any) -> Any:
    """An array that cannot be written to."""
    values.flags.writeable = False
    return values


PROBLEM = Problem(
    cumulative_sum,
    inputs=[Input.sized("tenths", lambda n: np.arange(n) / 10, sizes=[10, 1_000, 100_000])],
    edge_cases={
        "empty": np.empty(0),
        "one": np.array([1.5]),
        "negative": np.array([-1.5, 0.25, -1e-300]),
        "NaN": np.array([1.0, math.nan, 2.0]),
        "infinities": np.array([1.0, math.inf, 2.0, -math.inf, 3.0]),
        "-0.0": np.array([-0.0, -0.0]),
        "every other": (np.arange(9) / 10)[::2],
        "backwards": (np.arange(9) / 10)[::-1],
        "read-only": fixed(np.arange(9) / 10),
        "int64": np.array([3, -1, 2]),
    },
    shape="ndarray -> ndarray",
    shows="np.cumsum writes each total to memory and reads it again; a compiled loop keeps it in a register. "
    "Otherwise implementations differ in who allocates the result.",
)


def LINKS(source: str) -> Links:  # noqa: N802 (as the folder names it)
    """C by hand makes arrays by NumPy's C API."""
    return Links(include=(np.get_include(),)) if source == "c.c" else Links()


def of(source: str, function: str, statement: str, outcome: Callable[[Any], Any]) -> Implementation:
    """An implementation in a source file that diverges."""
    name = f"{source.partition('.')[0]}{function}".replace("_", "-")
    divergence = Divergence(statement, outcome)
    return Implementation(name, source=source, function=f"cumulative_sum{function}", divergences=(divergence,))


def takes_float64(source: str, function: str, exception: str) -> Implementation:
    """One that raises for an array of another type."""
    statement = f"an array of another type than float64 raises {exception}"
    return of(source, function, statement, lambda values: None if values.dtype == float else Raises(exception))


IMPLEMENTATIONS = [
    of(
        "pythran.py",
        "",
        "an array of another type than float64, or backwards, raises TypeError",
        lambda values: Raises("TypeError") if values.dtype != float or values.strides[0] < 0 else None,
    ),
    takes_float64("cython.pyx", "", "ValueError"),
    takes_float64("pyo3.rs", "", "BufferError"),
    takes_float64("pyo3_numpy", "", "TypeError"),
    takes_float64("pyo3_numpy", "_filled", "TypeError"),
    takes_float64("rust_cpython.rs", "", "TypeError"),
]

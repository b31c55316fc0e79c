"""How many doubles there are of each character."""

from collections import Counter
from itertools import compress
from operator import eq

from doubles_lab.operation import Operation, bindings, numpy, polars, python, rust

DICT = "a dict"


def by_zip(val):
    return dict(Counter(a for a, b in zip(val, val[1:]) if a == b))


def load_numpy():
    import numpy as np

    return lambda array: np.bincount(array[1:][array[1:] == array[:-1]])


def load_polars():
    return lambda series: series.head(-1).filter(series.slice(1) == series.head(-1)).value_counts()


OPERATION = Operation(
    name="count_doubles_by_value",
    number=7,
    about="how many doubles there are of each character",
    meaning=by_zip,
    baseline="zip",
)

CONTENDERS = [
    *bindings("count_doubles_by_value", DICT),
    python("zip", by_zip, DICT),
    python("compress", lambda val: Counter(compress(val, map(eq, val, val[1:]))), "a Counter", plain=dict),
    numpy(
        "numpy",
        load_numpy,
        "an array of counts",
        plain=lambda counts: {chr(value): count for value, count in enumerate(counts.tolist()) if count},
    ),
    polars(
        "polars",
        load_polars,
        "two columns",
        plain=lambda counts: {chr(value): count for value, count in counts.rows()},
    ),
    rust("by-value", "a map", plain=lambda counts: {chr(int(value)): count for value, count in counts.items()}),
]

"""Whether an item equals the next one."""

import re
from operator import eq

from doubles_lab.operation import INPUTS, Operation, bindings, both, case, numpy, polars, python, rust

BOOL = "a bool"
DOUBLE = re.compile(r"(.)\1", re.DOTALL)


def by_zip(val):
    return any(a == b for a, b in zip(val, val[1:]))


def load_numpy():
    return lambda array: (array[1:] == array[:-1]).any()


def load_polars():
    return lambda series: (series.slice(1) == series.head(-1)).any()


OPERATION = Operation(
    name="has_doubles",
    number=1,
    about="whether an item equals the next one",
    meaning=by_zip,
    baseline="zip",
    inputs={"no doubles": lambda: case("no-doubles"), "letters": INPUTS["letters"]},
)

CONTENDERS = [
    *bindings("has_doubles", BOOL),
    *both(lambda module: lambda val: module.count_doubles(val) != 0, BOOL, "-count"),
    python("zip", by_zip, BOOL),
    python("map", lambda val: any(map(eq, val, val[1:])), BOOL),
    python("re.search", lambda val: DOUBLE.search(val) is not None, BOOL),
    numpy("numpy", load_numpy, BOOL, plain=bool),
    polars("polars", load_polars, BOOL),
    rust("has", BOOL),
]

"""The longest run of equal items."""

import re
from itertools import groupby
from operator import itemgetter

from doubles_lab.operation import Operation, bindings, numpy, polars, python, rust
from doubles_lab.operations.runs import load_numpy as load_numpy_runs

TUPLE = "(start, length)"
RUN = re.compile(r"(.)\1*", re.DOTALL)


def by_groupby(val):
    longest, start = (0, 0), 0
    for _, run in groupby(val):
        length = len(list(run))
        if length > longest[1]:
            longest = (start, length)
        start += length
    return longest if val else None


def by_finditer(val):
    runs = ((match.start(), match.end() - match.start()) for match in RUN.finditer(val))
    return max(runs, key=itemgetter(1), default=None)


def load_numpy():
    runs = load_numpy_runs()

    def longest_run(array):
        starts, lengths = runs(array)
        if not starts.size:
            return (0, 1) if array.size else None
        longest = lengths.argmax()
        return int(starts[longest]), int(lengths[longest])

    return longest_run


def load_polars():
    def longest_run(series):
        lengths = series.rle().struct.field("len")
        longest = lengths.arg_max()
        return lengths.head(longest).sum(), lengths[longest]

    return longest_run


OPERATION = Operation(
    name="longest_run",
    number=5,
    about="the first of the longest runs",
    meaning=by_groupby,
    baseline="groupby",
)

CONTENDERS = [
    *bindings("longest_run", TUPLE),
    python("groupby", by_groupby, TUPLE),
    python("re.finditer", by_finditer, TUPLE),
    numpy("numpy", load_numpy, TUPLE),
    polars("polars-rle", load_polars, TUPLE),
    rust("longest", "a range", plain=tuple),
]

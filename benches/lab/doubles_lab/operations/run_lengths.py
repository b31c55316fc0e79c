"""Run-length encoding: every item is in one run."""

import array
from itertools import accumulate, groupby

from doubles_lab.operation import Operation, bindings, floor, more_itertools, numpy, polars, python, rust, tool

LIST = "a list of (start, length)"


def by_groupby(val):
    found, start = [], 0
    for _, run in groupby(val):
        length = len(list(run))
        found.append((start, length))
        start += length
    return found


def of_lengths(lengths):
    """The runs of what says no more than their lengths."""
    return list(zip(accumulate(lengths, initial=0), lengths))


def load_more_itertools():
    from more_itertools import run_length

    return lambda val: list(run_length.encode(val))


def load_numpy():
    import numpy as np

    def runs(array):
        begins = np.empty(array.size, bool)
        begins[:1] = True
        np.not_equal(array[1:], array[:-1], out=begins[1:])
        starts = np.flatnonzero(begins)
        return starts, np.diff(starts, append=array.size)

    return runs


def load_numpy_list():
    runs = load_numpy()

    def as_list(array):
        starts, lengths = runs(array)
        return list(zip(starts.tolist(), lengths.tolist()))

    return as_list


def load_polars():
    return lambda series: series.rle()


def numbers_of(val):
    """The starts where their objects have to be made, and the lengths, most of which Python keeps."""
    starts, lengths = zip(*by_groupby(val))
    return array.array("q", starts), lengths


def lengths_of_uniq(said):
    return of_lengths([int(line.split()[0]) for line in said.splitlines()])


OPERATION = Operation(
    name="runs, min_length=1",
    number=4,
    about="every run, of single items too: run-length encoding",
    meaning=by_groupby,
    baseline="groupby",
)

CONTENDERS = [
    *bindings("runs", LIST, min_length=1),
    floor("floor", lambda numbers: list(zip(*numbers)), LIST, numbers_of),
    python("groupby", by_groupby, LIST),
    more_itertools(
        "run_length.encode",
        load_more_itertools,
        "a list of (item, length)",
        plain=lambda runs: of_lengths([length for _, length in runs]),
    ),
    numpy("numpy", load_numpy, "two arrays", plain=lambda runs: list(zip(*(each.tolist() for each in runs)))),
    numpy("numpy-list", load_numpy_list, LIST),
    polars(
        "polars-rle",
        load_polars,
        "a column of (length, item)",
        plain=lambda runs: of_lengths(runs.struct.field("len").to_list()),
    ),
    tool(
        "uniq-c",
        ("uniq", "-c"),
        "a line for each run",
        content=lambda val: "\n".join(val).encode() + b"\n" * bool(val),
        plain=lengths_of_uniq,
        only=("letters", "DNA"),
    ),
    rust("encode", "a Vec", plain=lambda runs: [tuple(run) for run in runs]),
]

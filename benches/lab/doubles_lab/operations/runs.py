"""Runs of equal items."""

import array
import re
from itertools import accumulate, groupby

from doubles_lab.operation import Operation, bindings, both, floor, more_itertools, numpy, polars, python, rust, tool

LIST = "a list of (start, length)"
RUN = re.compile(r"(.)\1+", re.DOTALL)


def by_groupby(val):
    found, start = [], 0
    for _, run in groupby(val):
        length = len(list(run))
        if length > 1:
            found.append((start, length))
        start += length
    return found


def by_finditer(val):
    return [(match.start(), match.end() - match.start()) for match in RUN.finditer(val)]


def load_more_itertools():
    from more_itertools import run_length

    def runs(val):
        lengths = [length for _, length in run_length.encode(val)]
        starts = accumulate(lengths, initial=0)
        return [(start, length) for start, length in zip(starts, lengths) if length > 1]

    return runs


def load_numpy():
    import numpy as np

    # Where few items are doubled it is quicker to look at the positions of doubles than at those of changes.
    def runs(array):
        doubles = np.flatnonzero(array[1:] == array[:-1])
        first = np.empty(doubles.size, bool)
        first[:1] = True
        np.not_equal(doubles[1:], doubles[:-1] + 1, out=first[1:])
        begins = np.flatnonzero(first)
        return doubles[begins], np.diff(begins, append=doubles.size) + 1

    return runs


def load_numpy_edges():
    import numpy as np

    def runs(array):
        doubled = np.zeros(array.size + 1, bool)
        np.equal(array[1:], array[:-1], out=doubled[1:-1])
        edges = np.flatnonzero(doubled[1:] != doubled[:-1])
        return edges[::2], edges[1::2] - edges[::2] + 1

    return runs


def load_numpy_list():
    runs = load_numpy_edges()

    def as_list(array):
        starts, lengths = runs(array)
        return list(zip(starts.tolist(), lengths.tolist()))

    return as_list


def load_polars():
    import polars as pl

    start = (pl.col("len").cum_sum() - pl.col("len")).alias("start")

    def runs(series):
        return series.rle().struct.unnest().select(start, "len").filter(pl.col("len") > 1)

    return runs


def of_arrays(runs):
    return list(zip(*(each.tolist() for each in runs)))


def numbers_of(val):
    """The starts where their objects have to be made, and the lengths, most of which Python keeps."""
    starts, lengths = zip(*by_groupby(val))
    return array.array("q", starts), lengths


def fasta(val):
    return f">dna\n{val}\n".encode()


def runs_of_hrun(said):
    rows = [line.split(b"\t") for line in said.splitlines()]
    return [(int(row[1]), int(row[2]) - int(row[1])) for row in rows]


def runs_of_locate(said):
    """A line for each run, of one base after the other."""
    rows = [line.split(b"\t") for line in said.splitlines()[1:]]
    return sorted((int(row[4]) - 1, int(row[5]) - int(row[4]) + 1) for row in rows)


OPERATION = Operation(
    name="runs",
    number=3,
    about="the runs of two equal items or more",
    meaning=by_groupby,
    baseline="groupby",
)

CONTENDERS = [
    *bindings("runs", LIST),
    *both(lambda module: module.runs_arrays, "two arrays", "-arrays", plain=of_arrays),
    floor("floor", lambda numbers: list(zip(*numbers)), LIST, numbers_of),
    floor("floor-tuples", lambda lists: list(zip(*lists)), LIST, lambda val: [*zip(*by_groupby(val))]),
    python("groupby", by_groupby, LIST),
    python("re.finditer", by_finditer, LIST),
    more_itertools("run_length.encode", load_more_itertools, LIST),
    numpy("numpy", load_numpy, "two arrays", plain=of_arrays),
    numpy("numpy-edges", load_numpy_edges, "two arrays", plain=of_arrays),
    numpy("numpy-list", load_numpy_list, LIST),
    polars("polars-rle", load_polars, "two columns", plain=lambda frame: frame.rows()),
    tool(
        "seqtk-hrun",
        ("seqtk", "hrun", "-", "2"),
        "a line for each run",
        content=fasta,
        plain=runs_of_hrun,
        only=("DNA",),
    ),
    tool(
        "seqkit-locate",
        ("seqkit", "locate", "-P", "-M", "-r", "-G", "-p", "AA+", "-p", "CC+", "-p", "GG+", "-p", "TT+"),
        "a line for each run",
        content=fasta,
        plain=runs_of_locate,
        only=("DNA",),
        language="Go",
    ),
    rust("runs", "a Vec", plain=lambda runs: [tuple(run) for run in runs]),
]

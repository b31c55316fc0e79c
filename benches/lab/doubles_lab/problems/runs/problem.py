"""A list of tuples: two numbers for each run, and the tuple, which takes longer than the search."""

from array import array
from itertools import groupby

from doubles_lab.problem import Problem
from doubles_lab.problems import _shared as shared
from doubles_lab.problems._inputs import EDGE_CASES


def runs(val):
    """The runs of two equal items or more."""
    found, start = [], 0
    for _, run in groupby(val):
        length = len(list(run))
        if length > 1:
            found.append((start, length))
        start += length
    return found


def columns_of(val):
    """The starts and the lengths. Raises ``ValueError`` where there is no run."""
    starts, lengths = zip(*runs(val))
    return starts, lengths


def numbers_of(val):
    """The starts, whose objects have to be made, and the lengths, most of which Python keeps."""
    starts, lengths = columns_of(val)
    return array("q", starts), lengths


def fasta_of(val):
    """A FASTA file with the bases. Raises ``ValueError`` for other characters."""
    if not set(val) <= set("ACGT"):
        raise ValueError("not DNA")
    return shared.file_of(b">dna\n%s\n" % shared.ascii_of(val))


def converted(result):
    """The runs of arrays, of a frame, or of what seqkit locate or seqtk hrun write."""
    if not isinstance(result, bytes):
        return shared.plain(result)
    rows = [line.split(b"\t") for line in result.splitlines()]
    if rows and rows[0][0] == b"seqID":  # seqkit: one base after the other, counted from 1
        return sorted((int(row[4]) - 1, int(row[5]) - int(row[4]) + 1) for row in rows[1:])
    return [(int(row[1]), int(row[2]) - int(row[1])) for row in rows]


PROBLEM = Problem(
    runs,
    inputs=[*shared.TEXTS, shared.NOTHING],
    equal=shared.equal_once(converted),
    edge_cases=EDGE_CASES,
    variants=[
        shared.ARRAY,
        shared.COLUMN,
        shared.FILE,
        shared.of_text("FASTA", fasta_of, "a FASTA file"),
        shared.of_text("numbers", numbers_of, "an array of the starts, and a tuple of the lengths"),
        shared.of_text("columns", columns_of, "tuples of the starts and of the lengths"),
    ],
)

NUMBER = 3
BASELINE = "groupby"
LIST = "a list of (start, length)"
LOCATE = ("seqkit", "locate", "-P", "-M", "-r", "-G", "-p", "AA+", "-p", "CC+", "-p", "GG+", "-p", "TT+")

IMPLEMENTATIONS = [
    *shared.bindings("runs", LIST),
    *shared.both(lambda module: module.runs_arrays, "two arrays", "-arrays"),
    shared.floor("floor", lambda numbers: list(zip(*numbers)), LIST, "numbers"),
    shared.floor("floor-tuples", lambda columns: list(zip(*columns)), LIST, "columns"),
    shared.reference("groupby", runs, LIST),
    shared.python("re.finditer", "runs_finditer", LIST),
    shared.more_itertools("run_length.encode", "runs", LIST),
    shared.numpy("numpy", "runs_array", "two arrays"),
    shared.numpy("numpy-edges", "runs_edges_array", "two arrays"),
    shared.numpy("numpy-list", "runs_list_array", LIST),
    shared.polars("polars-rle", "runs_column", "two columns"),
    shared.tool("seqtk-hrun", ("seqtk", "hrun", "-", "2"), "a line for each run", "FASTA", only=("DNA",)),
    shared.tool("seqkit-locate", LOCATE, "a line for each run", "FASTA", only=("DNA",), language="Go"),
    shared.rust("runs", "a Vec", plain=lambda found: [tuple(run) for run in found]),
]

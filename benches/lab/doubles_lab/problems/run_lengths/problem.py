"""Run-length encoding: every item is in one run, so that most runs are of one item and each is a tuple."""

from array import array
from itertools import accumulate, groupby

from doubles_lab.problem import Problem
from doubles_lab.problems import _shared as shared
from doubles_lab.problems._inputs import EDGE_CASES


def run_lengths(val):
    """Every run, of single items too: run-length encoding."""
    found, start = [], 0
    for _, run in groupby(val):
        length = len(list(run))
        found.append((start, length))
        start += length
    return found


def numbers_of(val):
    """The starts, whose objects have to be made, and the lengths, most of which Python keeps."""
    starts, lengths = zip(*run_lengths(val))
    return array("q", starts), lengths


def lines_of(val):
    """A file with a line for each character. Raises ``ValueError`` for a text that has lines itself."""
    if "\n" in val:
        raise ValueError("a character is a newline")
    return shared.file_of(shared.ascii_of("\n".join(val) + "\n" * bool(val)))


def of_lengths(lengths):
    """The runs, where only their lengths are known."""
    return list(zip(accumulate(lengths, initial=0), lengths))


def converted(result):
    """The runs of arrays, of a column, of what uniq -c writes, or of a list of (item, length)."""
    if isinstance(result, bytes):
        return of_lengths([int(line.split()[0]) for line in result.splitlines()])
    if shared.kind(result) == "polars.Series":
        return of_lengths(result.struct.field("len").to_list())
    first = result[0] if isinstance(result, list) and result else None
    if isinstance(first, tuple) and first and isinstance(first[0], str):
        return of_lengths([length for _, length in result])
    return shared.plain(result)


PROBLEM = Problem(
    run_lengths,
    inputs=[*shared.TEXTS, shared.NOTHING],
    equal=shared.equal_once(converted),
    edge_cases=EDGE_CASES,
    variants=[
        shared.ARRAY,
        shared.COLUMN,
        shared.FILE,
        shared.of_text("lines", lines_of, "a file with a line for each character"),
        shared.of_text("numbers", numbers_of, "an array of the starts, and a tuple of the lengths"),
    ],
)

NUMBER = 4
#: What the bindings call it.
TITLE = "runs, min_length=1"
BASELINE = "groupby"
LIST = "a list of (start, length)"

IMPLEMENTATIONS = [
    *shared.bindings("runs", LIST, min_length=1),
    shared.floor("floor", lambda numbers: list(zip(*numbers)), LIST, "numbers"),
    shared.reference("groupby", run_lengths, LIST),
    shared.more_itertools("run_length.encode", "run_lengths", "a list of (item, length)"),
    shared.numpy("numpy", "run_lengths_array", "two arrays"),
    shared.numpy("numpy-list", "run_lengths_list_array", LIST),
    shared.polars("polars-rle", "run_lengths_column", "a column of (length, item)"),
    shared.tool("uniq-c", ("uniq", "-c"), "a line for each run", "lines", only=("letters", "DNA")),
    shared.rust("encode", "a Vec", plain=lambda found: [tuple(run) for run in found]),
]

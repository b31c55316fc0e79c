"""One result for a whole text: nothing is made but a tuple."""

from itertools import groupby

from doubles_lab.problem import Problem
from doubles_lab.problems import _shared as shared
from doubles_lab.problems._inputs import EDGE_CASES


def longest_run(val):
    """The first of the longest runs."""
    longest, start = (0, 0), 0
    for _, run in groupby(val):
        length = len(list(run))
        if length > longest[1]:
            longest = (start, length)
        start += length
    return longest if val else None


PROBLEM = Problem(
    longest_run, inputs=shared.TEXTS, edge_cases=EDGE_CASES, variants=[shared.ARRAY, shared.COLUMN, shared.FILE]
)

NUMBER = 5
BASELINE = "groupby"
TUPLE = "(start, length)"

IMPLEMENTATIONS = [
    *shared.bindings("longest_run", TUPLE),
    shared.reference("groupby", longest_run, TUPLE),
    shared.python("re.finditer", "longest_run_finditer", TUPLE),
    shared.numpy("numpy", "longest_run_array", TUPLE),
    shared.polars("polars-rle", "longest_run_column", TUPLE),
    shared.rust("longest", "a range", plain=lambda run: run and tuple(run)),
]

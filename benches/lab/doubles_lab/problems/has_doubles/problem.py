"""A search that may stop early: where there is no double, the whole text is read."""

from doubles_lab.problem import Input, Problem
from doubles_lab.problems import _shared as shared
from doubles_lab.problems._inputs import EDGE_CASES, no_doubles


def has_doubles(val):
    """Whether an item equals the next one."""
    return any(a == b for a, b in zip(val, val[1:]))


PROBLEM = Problem(
    has_doubles,
    inputs=[Input("no doubles", no_doubles, about="1,000,000 letters without a double"), shared.TEXTS[0]],
    equal=shared.equal_once(shared.plain),
    edge_cases=EDGE_CASES,
    variants=[shared.ARRAY, shared.COLUMN, shared.FILE],
)

NUMBER = 1
BASELINE = "zip"
BOOL = "a bool"

IMPLEMENTATIONS = [
    *shared.bindings("has_doubles", BOOL),
    *shared.both(lambda module: lambda val: module.count_doubles(val) != 0, BOOL, "-count"),
    shared.reference("zip", has_doubles, BOOL),
    shared.python("map", "has_doubles_map", BOOL),
    shared.python("re.search", "has_doubles_search", BOOL),
    shared.numpy("numpy", "has_doubles_array", BOOL),
    shared.polars("polars", "has_doubles_column", BOOL),
    shared.rust("has", BOOL),
]

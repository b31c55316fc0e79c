"""A list of numbers: an object for each double, which takes longer than the search."""

from array import array

from doubles_lab.problem import Problem
from doubles_lab.problems import _shared as shared
from doubles_lab.problems._inputs import EDGE_CASES


def find_doubles(val):
    """The positions of the items that equal the next one."""
    return [position for position, (a, b) in enumerate(zip(val, val[1:])) if a == b]


PROBLEM = Problem(
    find_doubles,
    inputs=shared.TEXTS,
    equal=shared.equal_once(shared.plain),
    edge_cases=EDGE_CASES,
    variants=[
        shared.ARRAY,
        shared.COLUMN,
        shared.FILE,
        shared.of_text("positions", lambda val: array("q", find_doubles(val)), "an array of the positions"),
    ],
)

NUMBER = 2
BASELINE = "zip"
LIST = "a list of int"

IMPLEMENTATIONS = [
    *shared.bindings("find_doubles", LIST),
    *shared.both(lambda module: module.find_doubles_array, "an array", "-array"),
    shared.floor("floor", array.tolist, LIST, "positions"),
    shared.reference("zip", find_doubles, LIST),
    shared.python("compress", "find_doubles_compress", LIST),
    shared.python("groupby", "find_doubles_groupby", LIST),
    shared.more_itertools("locate", "find_doubles", LIST),
    shared.numpy("numpy", "find_doubles_array", "an array"),
    shared.numpy("numpy-list", "find_doubles_list_array", LIST),
    shared.polars("polars", "find_doubles_column", "a column"),
    shared.rust("find", "a Vec"),
]

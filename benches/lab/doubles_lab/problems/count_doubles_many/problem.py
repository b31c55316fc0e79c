"""Many short values: what a call costs, and what one call for all of them saves."""

from operator import eq

from doubles_lab.problem import Input, Problem
from doubles_lab.problems import _shared as shared
from doubles_lab.problems._inputs import EDGE_CASES, letters


def count_doubles_many(values):
    """The counts of many values."""
    return [sum(map(eq, val, val[1:])) for val in values]


def cut(number, length):
    """So many strs of random letters, each of that length."""
    text = letters()
    return [text[start : start + length] for start in range(0, number * length, length)]


def comprehension(module):
    """A call for each value, in a comprehension."""
    count_doubles = module.count_doubles
    return lambda values: [count_doubles(val) for val in values]


PROBLEM = Problem(
    count_doubles_many,
    inputs=[
        Input("10,000 of 16 letters", lambda: cut(10_000, 16)),
        Input("100 of 10,000 letters", lambda: cut(100, 10_000)),
    ],
    equal=shared.equal_once(shared.plain),
    edge_cases={"no values": [], "an empty value": [""], "every other edge case": [*EDGE_CASES.values()]},
)

NUMBER = 8
BASELINE = "map"
LIST = "a list of int"
STRS = "a list of str"

IMPLEMENTATIONS = [
    *shared.both(lambda module: module.count_doubles_many, LIST, takes=STRS),
    *shared.both(comprehension, LIST, "-comprehension", STRS),
    *shared.both(lambda module: lambda values: [*map(module.count_doubles, values)], LIST, "-map", STRS),
    shared.reference("map", count_doubles_many, LIST, STRS),
]

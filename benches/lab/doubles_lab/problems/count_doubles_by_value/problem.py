"""A small dict: the result is short, and the text is read once."""

from collections import Counter

from doubles_lab.problem import Problem
from doubles_lab.problems import _shared as shared
from doubles_lab.problems._inputs import EDGE_CASES


def count_doubles_by_value(val):
    """How many doubles there are of each character."""
    return dict(Counter(a for a, b in zip(val, val[1:]) if a == b))


def converted(result):
    """The dict of a Counter, of an array that has a count at each code point, or of a frame."""
    if type(result) is Counter:
        return dict(result)
    if shared.kind(result) == "numpy.ndarray":
        return {chr(value): count for value, count in enumerate(result.tolist()) if count}
    if shared.kind(result) == "polars.DataFrame":
        return {chr(value): count for value, count in result.rows()}
    return result


PROBLEM = Problem(
    count_doubles_by_value,
    inputs=shared.TEXTS,
    equal=shared.equal_once(converted),
    edge_cases=EDGE_CASES,
    variants=[shared.ARRAY, shared.COLUMN, shared.FILE],
)

NUMBER = 7
BASELINE = "zip"
DICT = "a dict"

IMPLEMENTATIONS = [
    *shared.bindings("count_doubles_by_value", DICT),
    shared.reference("zip", count_doubles_by_value, DICT),
    shared.python("compress", "count_doubles_by_value_compress", "a Counter"),
    shared.numpy("numpy", "count_doubles_by_value_array", "an array of counts"),
    shared.polars("polars", "count_doubles_by_value_column", "two columns"),
    shared.rust("by-value", "a map", plain=lambda counts: {chr(int(value)): count for value, count in counts.items()}),
]

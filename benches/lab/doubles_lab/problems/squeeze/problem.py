"""A text from a text: the result is nearly as long as the input."""

from itertools import groupby

from doubles_lab.problem import Problem
from doubles_lab.problems import _shared as shared
from doubles_lab.problems._inputs import EDGE_CASES


def squeeze(val):
    """The items with each run cut to one."""
    return "".join(item for item, _ in groupby(val))


def converted(result):
    """The text of bytes, or of an array or a column of code points."""
    if isinstance(result, bytes):
        return result.decode()
    if shared.kind(result) not in ("numpy.ndarray", "polars.Series"):
        return result
    import numpy as np

    return np.asarray(result).astype("<u4", casting="safe").tobytes().decode("utf-32-le", "surrogatepass")


PROBLEM = Problem(
    squeeze,
    inputs=[*shared.TEXTS, shared.NOTHING],
    equal=shared.equal_once(converted),
    edge_cases=EDGE_CASES,
    variants=[shared.ARRAY, shared.COLUMN, shared.FILE],
)

NUMBER = 6
BASELINE = "re.sub"
STR = "a str"

IMPLEMENTATIONS = [
    *shared.bindings("squeeze", STR),
    shared.python("re.sub", "squeeze_sub", STR),
    shared.reference("groupby", squeeze, STR),
    shared.more_itertools("unique_justseen", "squeeze", STR),
    shared.numpy("numpy", "squeeze_array", "an array"),
    shared.polars("polars", "squeeze_column", "a column"),
    shared.tool("tr-s", ("tr", "-s", r"\000-\377"), "bytes"),
    shared.tool("perl-tr", ("perl", "-0777", "-pe", r"tr/\0-\377//s"), "bytes"),
    shared.tool("perl-s", ("perl", "-0777", "-pe", r"s/(.)\1+/$1/sg"), "bytes"),
    shared.rust("squeeze", "a Vec"),
]

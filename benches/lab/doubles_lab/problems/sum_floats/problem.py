"""The sum of floats: each float of a list is an object of its own."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from doubles_lab import Call, Input, Problem, Variant, approximately
from doubles_lab.implementation import Divergence, Implementation, Raises


def sum_floats(values: list[float]) -> float:
    """The sum of floats, added one after the other."""
    total = 0.0
    for value in values:
        total += value
    return total


def array_of(call: Call) -> Any:
    """The list as an array. Raises ``ValueError`` where it has something else than numbers."""
    (values,) = call.args
    if not numbers(values):
        raise ValueError("not a list of numbers")
    return np.array(values, float)


PROBLEM = Problem(
    sum_floats,
    inputs=[Input.sized("tenths", lambda n: [i / 10 for i in range(n)], sizes=[10, 1_000, 300_000])],
    equal=approximately(1e-9),
    edge_cases={
        "empty": [],
        "one": [1.5],
        "negative": [-1.5, 0.25, -1e-300],
        "NaN": [1.0, math.nan, 2.0],
        "both infinities": [math.inf, 1.0, -math.inf],
        "an infinity": [1.0] * 9 + [math.inf] + [2.0] * 9,
        "-0.0": [-0.0],
        "an int among floats": [0.5, 3, 1.25],
        "ints and a bool": [2, True, 3],
        "text": ["1.5"],
        "None": [0.5, None],
        "a number in place of a list": 1.5,
    },
    variants=[Variant("array", array_of, "an array already there")],
    shape="list[float] -> float",
    shows="Native code adds faster than it gets floats out of a list: in an array they already lie side by side.",
)


def of_both_infinities(values: Any) -> Any:
    """What ``math.fsum`` gives for a list with infinities of both signs: an exception."""
    return Raises("ValueError") if isinstance(values, list) and {math.inf, -math.inf} <= set(values) else None


def of(source: str, function: str, statement: str, outcome: Callable[[Any], Any]) -> Implementation:
    """An implementation in a source file that diverges."""
    name = f"{source.partition('.')[0]}{function}".replace("_", "-")
    return Implementation(
        name, source=source, function=f"sum_floats{function}", divergences=(Divergence(statement, outcome),)
    )


def numbers(values: Any) -> bool:
    """Whether it is a list of numbers."""
    return isinstance(values, list) and all(isinstance(each, (int, float)) for each in values)


def parsed(values: Any) -> Any:
    """What NumPy makes of texts and ``None`` where it is told to make floats."""
    return None if numbers(values) or not isinstance(values, list) else float(np.array(values, float).sum())


def not_floats(exception: str) -> Callable[[Any], Any]:
    """What gives, for a list with something else than numbers, an exception that is not ``TypeError``."""
    return lambda values: Raises(exception) if isinstance(values, list) and not numbers(values) else None


def of_one_type(values: Any) -> Any:
    """What Numba gives for a list with values of several types, or with none: an exception."""
    if not isinstance(values, list) or set(map(type, values)) == {str}:
        return Raises("TypingError")
    if not values:
        return Raises("ValueError")
    return Raises("TypeError") if len(set(map(type, values))) > 1 else None


def by_the_first(values: Any) -> Any:
    """What Pythran gives for a list that is not of floats alone: it looks at the type of the first element only."""
    if not isinstance(values, list) or not values:
        return None
    if type(values[0]) is not float:
        return Raises("TypeError")
    return None if numbers(values) else Raises("SystemError")


IMPLEMENTATIONS = [
    of("python.py", "_fsum", "math.fsum raises ValueError for inf + -inf", of_both_infinities),
    of(
        "numpy.py",
        "_sum",
        "np.sum takes a number for an array",
        lambda values: values if type(values) is float else None,
    ),
    of(
        "polars.py",
        "",
        "a missing value is not added",
        lambda values: math.fsum(filter(None, values)) if isinstance(values, list) and None in values else None,
    ),
    of("numpy.py", "", "np.fromiter makes floats of text and of None", parsed),
    of("numba.py", "_converted", "np.fromiter makes floats of text and of None", parsed),
    of("numba.py", "_list", "a list must have values of one type", of_one_type),
    of(
        "pythran.py",
        "",
        "TypeError where a list begins with no float, SystemError where it goes on with no number",
        by_the_first,
    ),
    *(
        of(source, function, "an element that is no float raises RuntimeError", not_floats("RuntimeError"))
        for source in ("pybind11.cpp", "nanobind.cpp")
        for function in ("_list", "_in_place")
    ),
    *(
        of(source, "_packed", "an element that is no float raises struct.error", not_floats("error"))
        for source in ("ctypes.py", "cffi_api.py")
    ),
]

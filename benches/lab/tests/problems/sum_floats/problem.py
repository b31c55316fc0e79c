"""Unboxing: a list of floats, and the same as an array."""

import numpy as np

from doubles_lab import Call, Input, Problem, Variant, approximately


def sum_floats(values: list[float]) -> float:
    """The sum of floats, one after the other."""
    total = 0.0
    for value in values:
        total += value
    return total


def array_of(call: Call) -> np.ndarray:
    """The list as an array."""
    return np.array(call.args[0], float)


PROBLEM = Problem(
    sum_floats,
    inputs=[Input.sized("tenths", lambda n: [i / 10 for i in range(n)], sizes=[0, 10, 1_000, 100_000])],
    equal=approximately(1e-9),
    edge_cases={"one": [1.5], "NaN": [float("nan")], "infinities": [float("inf"), float("-inf")], "-0.0": [-0.0]},
    variants=[Variant("array", array_of, "a NumPy array that is there")],
)

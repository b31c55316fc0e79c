"""The bare call: two ints, by position and by keyword."""

from doubles_lab import Call, Input, Problem


def add(a: int, b: int) -> int:
    """The sum of two integers."""
    return a + b


PROBLEM = Problem(
    add,
    inputs=[Input.of("small", 3, 4), Input.of("by keyword", a=3, b=4)],
    edge_cases={"negative": Call(-3, 2), "at the end of 32 bits": Call(2**31 - 1, 1), "zero": Call(0, 0)},
)

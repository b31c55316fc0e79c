"""Functions that take a value of each type and return a new one, whose conversions are what native code would pay for.

Each changes what it is given, so that nothing of its result is an object of its argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from doubles_lab.problem import Call

if TYPE_CHECKING:
    import numpy as np

#: How many of a type there are.
COUNTS = (1, 100, 10_000)


class Point:
    """An object with two attributes."""

    def __init__(self, x: float, y: float) -> None:
        self.x, self.y = x, y


def of_int(values: list[int]) -> list[int]:
    """Ints of 64 bits, in a list."""
    return [value + 1 for value in values]


def of_float(values: list[float]) -> list[float]:
    """Floats, in a list."""
    return [value + 1.0 for value in values]


def of_str(values: list[str]) -> list[str]:
    """Strings of eight ASCII characters, in a list."""
    return [value.upper() for value in values]


def of_bytes(values: list[bytes]) -> list[bytes]:
    """Bytes objects of length eight, in a list."""
    return [value.upper() for value in values]


def of_list(values: list[list[float]]) -> list[list[float]]:
    """Lists of two floats, in a list."""
    return [[value[1] + 1.0, value[0] + 1.0] for value in values]


def of_tuple(values: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Tuples of two floats, in a list."""
    return [(value[1] + 1.0, value[0] + 1.0) for value in values]


def of_dict(values: list[dict[str, float]]) -> list[dict[str, float]]:
    """Dicts of two floats by str, in a list."""
    return [{"x": value["x"] + 1.0, "y": value["y"] + 1.0} for value in values]


def of_array(values: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """One NumPy array of so many floats."""
    return values + 1.0


def of_object(values: list[Point]) -> float:
    """Objects with two attributes, in a list; no approach here returns those."""
    return sum(value.x + value.y for value in values)


def an_array(count: int) -> Any:
    """An array of floats."""
    import numpy as np

    return np.arange(count) + 0.5


#: By type: the function, and what makes so many of them.
TYPES: dict[str, tuple[Callable[[Any], Any], Callable[[int], Any]]] = {
    "int": (of_int, lambda count: [1_000_003 * (i + 1) for i in range(count)]),
    "float": (of_float, lambda count: [i + 0.5 for i in range(count)]),
    "str": (of_str, lambda count: [f"{i:08x}" for i in range(count)]),
    "bytes": (of_bytes, lambda count: [b"%08x" % i for i in range(count)]),
    "list": (of_list, lambda count: [[i + 0.5, i - 0.5] for i in range(count)]),
    "tuple": (of_tuple, lambda count: [(i + 0.5, i - 0.5) for i in range(count)]),
    "dict": (of_dict, lambda count: [{"x": i + 0.5, "y": i - 0.5} for i in range(count)]),
    "array": (of_array, an_array),
    "object": (of_object, lambda count: [Point(i + 0.5, i - 0.5) for i in range(count)]),
}


def calls(kind: str) -> dict[str, Call]:
    """The calls with each count of a type, by the count."""
    _, make = TYPES[kind]
    return {str(count): Call(make(count)) for count in COUNTS}


#: What the examples of each type are called in this module.
EXAMPLES = {kind: f"calls_of_{kind}" for kind in TYPES}


def __getattr__(name: str) -> dict[str, Call]:
    for kind, called in EXAMPLES.items():
        if name == called:
            return calls(kind)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

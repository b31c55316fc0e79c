"""Points in Python. They are in a module of their own, since ``problem.py`` cannot be imported by name to copy them."""

from dataclasses import dataclass


@dataclass
class Point:
    """Two numbers, as attributes."""

    x: float
    y: float


@dataclass
class SlottedPoint:
    """The same without a dict for each object."""

    __slots__ = ("x", "y")
    x: float
    y: float

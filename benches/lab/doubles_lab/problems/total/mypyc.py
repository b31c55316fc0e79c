from dataclasses import dataclass
from typing import Any


@dataclass
class Point:
    x: float
    y: float


def total(points: list[Any]) -> float:
    result = 0.0
    for point in points:
        x: float = point.x
        y: float = point.y
        result += x * y
    return result


def total_native(points: list[Point]) -> float:
    result = 0.0
    for point in points:
        result += point.x * point.y
    return result

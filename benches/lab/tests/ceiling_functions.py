"""Functions of every shape that a ceiling is asked for, and what each is called with."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from doubles_lab import Call


@dataclass
class Point:
    x: float
    y: float
    name: str = "a"


def add(a: int, b: int) -> int:
    return a + b


def huge(values: list[float]) -> int:
    return 2**100 + len(values)


ADD = Call(3, 4)


def sum_floats(values: list[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total


def floats(n: int) -> list[float]:
    return [i / 10 for i in range(n)]


def word_count(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def tokens(text: str) -> list[str]:
    return text.split()


def words(n: int) -> str:
    return " ".join(["the", "quick", "brown", "été", "中文"][i % 5] + str(i % 97) for i in range(n))


def integrate(function: Callable[[float], float], n: int) -> float:
    return sum(function(i / n) for i in range(n)) / n


def squares() -> list[Call]:
    return [Call(lambda x: x * x, n) for n in (10, 1000)]


def rot13(data: bytes) -> bytes:
    return bytes((each + 13) % 256 for each in data)


def data(n: int) -> bytes:
    return bytes(i % 251 for i in range(n))


def common_prefix(one: str, two: str) -> int:
    for i, (a, b) in enumerate(zip(one, two)):
        if a != b:
            return i
    return min(len(one), len(two))


PREFIX = Call("abcd" * 100, "abcd" * 50 + "x")


def doubled(values: np.ndarray) -> np.ndarray:
    return values * 2


def matrices() -> dict[str, Call]:
    return {f"{n} by {n}": Call(np.ones((n, n))) for n in (3, 100)}


def totals(rows: list[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, count in rows:
        found[name] = found.get(name, 0) + count
    return found


def rows(n: int) -> list[tuple[str, int]]:
    return [(f"name {i % 13}", i) for i in range(n)]


def path_length(points: list[Point]) -> float:
    return sum(abs(a.x - b.x) + abs(a.y - b.y) for a, b in zip(points, points[1:]))


def points(n: int) -> list[Point]:
    return [Point(float(i), float(i * i)) for i in range(n)]


def evens(numbers: list[int]) -> Iterator[int]:
    for number in numbers:
        if number % 2 == 0:
            yield number


def numbers(n: int) -> list[int]:
    return list(range(n))


def squares_of(numbers: list[int]) -> list[int]:
    return [number * number for number in numbers]


def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


FIB = 12


def known(values: list[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def optional(n: int) -> list[float | None]:
    return [None if i % 3 == 0 else float(i) for i in range(n)]


def pairs(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items())


def counts(n: int) -> dict[str, int]:
    return {f"key {i}": i for i in range(n)}


def check(flags: list[bool]) -> None:
    assert all(flags)


def flags(n: int) -> list[bool]:
    return [True] * n


def scaled(values: np.ndarray, factor: float) -> float:
    return float(values.sum() * factor)


def array(n: int) -> Call:
    return Call(np.arange(n, dtype=np.int32), 1.5)


def bounds(values: tuple[float, ...]) -> tuple[float, float]:
    return min(values), max(values)


BOUNDS = (1.0, 2.0, 3.0, 4.0, 5.0)


# What is not as it should be.


def fails(values: list[float]) -> float:
    raise ValueError("no such luck")


def fails_on_large(values: list[float]) -> float:
    if len(values) > 100:
        raise ValueError("too large")
    return 1.0


def hangs(values: list[float]) -> float:
    time.sleep(1000)
    return 1.0


def crashes(values: list[float]) -> float:
    os.abort()


def leaves(values: list[float]) -> float:
    sys.exit(3)


def draws(values: list[float]) -> float:
    return random.random()


def prints(values: list[float]) -> float:
    print("hello from the function")
    return 1.0


def sorts(values: list[float]) -> int:
    values.sort(reverse=True)
    return len(values)


async def waits(values: list[float]) -> float:
    await asyncio.sleep(0)
    return 1.0


async def streams(values: list[float]) -> AsyncIterator[float]:
    yield 1.0


def gives_a_set(values: list[float]) -> set[float]:
    return set(values)


def gives_points(values: list[float]) -> list[Point]:
    return [Point(each, each) for each in values]


def gives_a_class_of_its_own(values: list[float]) -> Any:
    class Own:
        pass

    return Own()


def by_keyword(*, values: list[float]) -> float:
    return 1.0


KEYWORD = Call(values=[1.0])
ITERATOR = iter([1.0])
LAMBDA = lambda values: 2 * len(values)  # noqa: E731


class Adder:
    def __init__(self, start: float) -> None:
        self.start = start

    def total(self, values: list[float]) -> float:
        return self.start + sum(values)


ADDER = Adder(1.0)
HASHABLE = [Call(1, 2), Call(1, 2), Call(3, 4), Call(1, 2)]


def makes_nothing() -> Any:
    raise RuntimeError("no example today")


def few_points() -> dict[str, Call]:
    return {str(n): Call(points(n)) for n in (3, 100)}


def first_or_none(numbers: list[int]) -> int | None:
    return numbers[0] if len(numbers) > 20 else None


def square(x: float) -> float:
    return x * x


SQUARE = Call(square, 10)


SCALE = 3


def scored(text: str) -> Any:
    """Uses what its module has and what that imports."""

    def inner(value: int) -> int:
        return add(value, SCALE)

    return {key: inner(value) for key, value in Counter(text).items()}

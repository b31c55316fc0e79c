"""What the functions must return, in the words of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
import pytest


def doubles_of(val: Sequence[Any]) -> int:
    """The items of val that equal the next one."""
    return sum(a == b for a, b in zip(val, val[1:]))


def outcome(function: Any, *args: Any, **kwargs: Any) -> tuple[str, str]:
    """The type and text of what a call returns or raises."""
    try:
        result = function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__, str(error)
    return type(result).__name__, str(result)


def read_only(data: bytearray) -> memoryview:
    """A view of it that nobody can write through, as ``memoryview.toreadonly`` is from Python 3.8 on."""
    values = np.asarray(memoryview(data))
    values.flags.writeable = False
    return memoryview(values)


def is_stable_abi(doubles: ModuleType) -> bool:
    """Whether a binding is built for the stable ABI, which its file's name says."""
    return ".abi3." in doubles._native.__file__


def check_text(doubles: ModuleType, text: str, value: str | None = None) -> None:
    """Fails unless a text, or a value that has it as its content, is counted by code point.

    A build for the stable ABI must refuse lone surrogates instead, and say why.
    """
    value = text if value is None else value
    if is_stable_abi(doubles) and any("\ud800" <= char <= "\udfff" for char in text):
        with pytest.raises(UnicodeEncodeError) as raised:
            doubles.count_doubles(value)
        assert "stable ABI" in raised.value.__notes__[0]
    else:
        assert doubles.count_doubles(value) == doubles_of(text)


def grouped(items: Sequence[Any]) -> list[tuple[int, int]]:
    """The runs of items by ``==`` of neighbours, those of one item included: a NaN is always alone."""
    found: list[tuple[int, int]] = []
    start = 0
    for at in range(1, len(items) + 1):
        if at == len(items) or items[at - 1] != items[at]:
            found.append((start, at - start))
            start = at
    return found


def chosen(item: Any, values: Sequence[Any] | None) -> bool:
    """Whether a call with these ``values=`` is about an item. ``in`` would take a NaN for equal to itself."""
    return values is None or any(item == value for value in values)


def kept(items: Sequence[Any], max_run: int = 1, values: Sequence[Any] | None = None) -> list[int]:
    """The positions of the items that ``squeeze`` leaves."""
    return [
        at
        for start, length in grouped(items)
        for at in range(start, start + (min(length, max_run) if chosen(items[start], values) else length))
    ]


def answers(items: Sequence[Any]) -> dict[str, Any]:
    """What each function returns for these items, as ``plain`` shows it; for ``squeeze``, the items that are left."""
    positions = [at for at, (a, b) in enumerate(zip(items, items[1:])) if a == b]
    all_runs = grouped(items)
    runs = [run for run in all_runs if run[1] > 1]
    by_value: dict[Any, int] = {}
    for at in positions:
        by_value[items[at]] = by_value.get(items[at], 0) + 1
    return {
        "count_doubles": len(positions),
        "has_doubles": bool(positions),
        "find_doubles": positions,
        "find_doubles_array": positions,
        "runs": runs,
        "runs_arrays": ([start for start, _ in runs], [length for _, length in runs]),
        "longest_run": max(all_runs, key=lambda run: run[1], default=None),
        "count_doubles_by_value": by_value,
        "squeeze": [items[at] for at in kept(items)],
    }


def plain(result: Any) -> Any:
    """A result with lists in place of arrays and views."""
    if isinstance(result, tuple):
        return tuple(map(plain, result))
    return result.tolist() if hasattr(result, "tolist") else result

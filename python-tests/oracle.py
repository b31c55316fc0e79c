"""What the functions must return, in the words of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


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

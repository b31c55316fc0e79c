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

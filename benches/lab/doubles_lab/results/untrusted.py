"""JSON that anybody may have written, read so that whatever it holds is either what is expected or a clear error."""

from __future__ import annotations

import json
import math
import stat
from pathlib import Path
from typing import Any

#: The largest file that is read. The lab's own take some megabytes at most.
LARGEST = 256 << 20
#: The longest excerpt of a file that an error shows.
EXCERPT = 200


def text_of(file: Path) -> str:
    """The text of a file. Raises ``OSError``, or ``ValueError`` for what is no file, too large or not UTF-8."""
    about = file.stat()
    if not stat.S_ISREG(about.st_mode):
        raise ValueError("it is not a file")
    if about.st_size > LARGEST:
        raise ValueError(f"it has {about.st_size:,} bytes, and no more than {LARGEST:,} are read")
    return file.read_text(encoding="utf-8")


def parsed(text: str) -> Any:
    """The value of a JSON text.

    Raises ``ValueError`` for what is not JSON, for NaN and infinite numbers, for whole numbers beyond 64 bits, for a
    name that an object has twice, and for nesting deeper than Python goes.
    """
    try:
        return json.loads(text, parse_constant=_constant, parse_float=_float, parse_int=_int, object_pairs_hook=_object)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def shortly(error: object) -> str:
    """What an error says, however much of a file is in it."""
    text = str(error)
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"too large a number: {shortly(text)}")
    return value


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number that a file may hold: one of up to 64 bits."""
    return type(value) is int and -(1 << 63) <= value < 1 << 64


def _int(text: str) -> int:
    if len(text) > 20 or not is_whole(int(text)):
        raise ValueError(f"too large a number: {shortly(text)}")
    return int(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a name twice")
    return found

"""The source files that contenders are made of, in the folder of the problem."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from doubles_lab import problems
from doubles_lab.approaches import capi
from doubles_lab.approaches.approach import Approach, Links
from doubles_lab.contender import Unavailable
from doubles_lab.folder import approach_of

FOLDER = Path(problems.__path__[0]) / "count_doubles"


def approach(file: str) -> Approach:
    """The approach that a source file is for."""
    found = approach_of(FOLDER / file)
    if found is None:
        raise Unavailable(f"{file} is for no approach")
    return found


def loader(file: str, function: str = "count_doubles") -> Callable[[], Callable[[Any], Any]]:
    """Builds and loads a function of a source file that is whole by itself."""
    return lambda: getattr(approach(file).load(FOLDER / file, Links()), function)


def over_core(file: str, function: str = "count_doubles") -> Callable[[], Callable[[Any], Any]]:
    """Builds and loads a function of a source file that is linked with the core."""
    return lambda: getattr(approach(file).load(FOLDER / file, capi.links()), function)

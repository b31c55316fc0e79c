"""A timed turn: one call with each of some arguments."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from time import perf_counter_ns
from typing import Any

from doubles_lab.measure.worker import as_count


def turn(function: Callable[[Any], Any], arguments: Iterable[Any]) -> tuple[int, int]:
    """The nanoseconds of a call with each argument, the loop around them included, and the last count.

    Raises what the function raises, and ``TypeError`` if the last result is not a whole number.
    """
    result: Any = None
    gc.disable()
    try:
        start = perf_counter_ns()
        for argument in arguments:
            result = function(argument)
        ns = perf_counter_ns() - start
    finally:
        gc.enable()
    return ns, as_count(result)

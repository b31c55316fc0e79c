"""A timed turn: one call with each of some arguments."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from time import perf_counter_ns
from typing import Any


def turn(function: Callable[[Any], Any], arguments: Iterable[Any], result: Any = None) -> tuple[int, Any]:
    """The nanoseconds of a call with each argument, the loop around them included, and the last result.

    A result ends in the time of the call after it, as ``result`` does in that of the first. Raises what the function
    raises.
    """
    gc.disable()
    try:
        start = perf_counter_ns()
        for argument in arguments:
            result = function(argument)
        ns = perf_counter_ns() - start
    finally:
        gc.enable()
    return ns, result

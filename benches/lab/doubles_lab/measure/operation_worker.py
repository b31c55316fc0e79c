"""A process of one way to do an operation: it makes the input, times, and compares with what the operation means.

Kept free of all but the standard library, as the worker that it extends, until a way is loaded.
"""

from __future__ import annotations

import gc
import itertools
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from doubles_lab.measure.worker import Reply, Worker, main
from doubles_lab.operation import NOTHING, Operation, Timed, Way


def kind(val: Any) -> list[type]:
    """The types of a value, of the first in it, and so on: what ``==`` does not tell apart."""
    within = val if isinstance(val, (list, tuple)) else [*val.items()] if isinstance(val, dict) else []
    return [type(val), *(kind(within[0]) if within else [])]


def difference(given: Any, expected: Any) -> str:
    """How a result differs from what it must be; "" if it does not."""
    if kind(given) != kind(expected):
        return f"gives {shown(given)} and must give {shown(expected)}"
    if given == expected:
        return ""
    if not isinstance(given, (list, str)):
        return f"gives {shown(given)} and must give {shown(expected)}"
    at = next((at for at, (a, b) in enumerate(zip(given, expected)) if a != b), min(len(given), len(expected)))
    return f"gives {shown(given[at : at + 1])} at {at:,} and must give {shown(expected[at : at + 1])}"


def shown(val: Any) -> str:
    """A value, shortly."""
    types = "".join(f"{each.__name__} " for each in kind(val))
    return types + repr(val[:2] if isinstance(val, (list, str)) else val)[:80]


class OperationWorker(Worker):
    """The requests of the question what the operations cost."""

    contender: Way

    def __init__(self) -> None:
        super().__init__()
        self.expected: Any = None
        #: The result of the call before the next.
        self.result: Any = None

    def input_named(self, name: str) -> Reply:
        """Makes an input, and what the operation means for it."""
        from doubles_lab import registry

        operation: Operation = registry.load_file(Path(self.contender.file)).OPERATION
        val = "" if name == NOTHING else operation.inputs[name]()
        self.result = self.argument = None
        self.expected = operation.meaning(val)
        self.argument = self.contender.prepare(val)
        return {}

    def sample_of(self, loops: int) -> Reply:
        """A timed sample of so many calls, and how the last result differs from what it must be."""
        if isinstance(self.function, Timed):
            ns, self.result = self.function.timed(self.argument, loops)
        else:
            ns = self.timed_calls(loops)
        return {"ns": ns, "wrong": difference(self.contender.plain(self.result), self.expected)}

    def timed_calls(self, loops: int) -> int:
        """The nanoseconds of so many calls. In the time of each the result of the call before it comes to its end."""
        function, argument = self.function, self.argument
        result, self.result = self.result, None
        turns = itertools.repeat(None, loops)
        gc.disable()
        try:
            start = perf_counter_ns()
            for _ in turns:
                result = function(argument)
            ns = perf_counter_ns() - start
        finally:
            gc.enable()
        self.result = result
        return ns


if __name__ == "__main__":
    main(OperationWorker())

"""A process of one way to do an operation: it makes the input, times, and compares with what the operation means.

Kept free of all but the standard library, as the worker that it extends, until a way is loaded.
"""

from __future__ import annotations

import itertools
import pickle
from pathlib import Path
from typing import Any

from doubles_lab.measure.worker import Reply, Worker, main, turn
from doubles_lab.operation import Timed, Way


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
        #: The argument of each input, what the operation means for it, and the result of the last call.
        self.inputs: dict[str, tuple[Any, Any]] = {}
        self.results: dict[str, Any] = {}

    def given(self, name: str, path: str) -> Reply:
        """Makes the argument from a file that holds an input, pickled, and what the operation means for it."""
        val, expected = pickle.loads(Path(path).read_bytes())
        self.inputs[name] = self.contender.prepare(val), expected
        return {}

    def sample_of(self, name: str, loops: int) -> Reply:
        """A timed sample of so many calls with an input, and how the last result differs from what it must be.

        In the time of each call the result of the call before it comes to its end.
        """
        self.argument, expected = self.inputs[name]
        if isinstance(self.function, Timed):
            ns, result = self.function.timed(self.argument, loops)
        else:
            ns, result = turn(self.function, itertools.repeat(self.argument, loops), self.results.pop(name, None))
            self.results[name] = result
        return {"ns": ns, "wrong": difference(self.contender.plain(result), expected)}


if __name__ == "__main__":
    main(OperationWorker())

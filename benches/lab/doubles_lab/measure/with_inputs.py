"""What a process does with several inputs in turn: it keeps the argument of each, and the last result."""

from __future__ import annotations

import itertools
from typing import Any

from doubles_lab.measure.timing import MOST_COUNTS, Reply, Timing, turn


class WithInputs(Timing):
    """The requests of the question what the other operations cost."""

    def __init__(self) -> None:
        super().__init__()
        #: By input: the only argument, what must come out, and what the last call gave.
        self.inputs: dict[str, tuple[Any, Any]] = {}
        self.results: dict[str, Any] = {}

    def give_another(self, name: str, **request: Any) -> Reply:
        """Makes the argument of an input and keeps it beside those of others; a request as for :meth:`give`."""
        reply = self.give(name=name, **request)
        (argument,) = self.arguments.args
        self.inputs[name] = argument, self.expected
        return reply

    def sample_with(self, name: str, loops: int) -> Reply:
        """A timed sample of so many calls with an input, and what is wrong with the last result.

        The time of each call includes the end of the result of the call before it.
        """
        argument, self.expected = self.inputs[name]
        if hasattr(self.function, "timed"):
            ns, result = self.function.timed(argument, loops)
        else:
            ns, result = turn(self.function, itertools.repeat(argument, loops), self.results.pop(name, None))
            self.results[name] = result
        return {"ns": ns, "counts": self.wrong_with([result]).most_common(MOST_COUNTS)}

"""What a process does with generated inputs: the reference's gives what must come out, another one is tried on it.

Arguments and outcomes come and go pickled, as text.
"""

from __future__ import annotations

import base64
import pickle
from pathlib import Path
from typing import Any

from doubles_lab import copied
from doubles_lab.folder import read
from doubles_lab.given import Given
from doubles_lab.implementation import Raises
from doubles_lab.measure.timing import LONGEST_MESSAGE, Reply, Timing, found, values_of
from doubles_lab.problem import Call, exact, shortened

#: What a function raises because the machine has no more, whatever its arguments mean.
OUT_OF_SPACE = ("MemoryError", "RecursionError")


def packed(value: Any) -> str:
    """A value as text. Raises what ``pickle`` raises."""
    return base64.b64encode(copied.dumps(value)).decode()


def unpacked(text: str) -> Any:
    """The value of :func:`packed`."""
    return pickle.loads(base64.b64decode(text))


def call_of(text: str) -> Call:
    """The arguments that a text holds."""
    args, kwargs = unpacked(text)
    return Call(*args, **kwargs)


class WithExamples(Timing):
    """The requests of a verification on generated inputs."""

    def read(self, folder: str) -> Reply:
        """Reads the problem in a folder, for its references alone."""
        self.folder = read(Path(folder))
        return {}

    def refer(self, arguments: str) -> Reply:
        """What the references give, and the arguments as the first of them leaves them, if it changes them.

        Replies with why there is nothing to compare with, if there is not.
        """
        problem = self.folder.problem
        given = Given(problem, "generated", lambda: call_of(arguments), fresh=True)
        for unit in problem.units or ("",):
            given.of(unit)
        for variant in problem.variants:
            try:
                if variant.reference is not None:
                    given.of(given.reference, variant.name)
            except Exception:  # there is no such form of this input
                continue
        outcome = given.expected
        if isinstance(outcome, Raises) and outcome.raises in OUT_OF_SPACE:
            return {"none": f"raises {given.message}"}
        call, left = call_of(arguments), ""
        try:
            again = call(problem.consuming(problem.reference))
        except Exception as error:
            again = Raises(type(error).__name__)
        if not exact(list(values_of(call)), list(values_of(call_of(arguments)))):
            left = packed((call.args, call.kwargs))
        try:
            outcomes = packed(given.outcomes)
        except Exception as error:
            kind = type(outcome).__name__
            return {"none": f"gives {kind}, which cannot be compared in another process: {error}", "always": True}
        raised = isinstance(outcome, Raises) or isinstance(again, Raises)
        if not (exact(again, outcome) if raised else problem.equal(again, outcome)):
            return {"none": "gives another result when it is called with equal arguments again", "always": True}
        return {"outcomes": outcomes, "left": left}

    def try_example(self, arguments: str, expected: str, left: str) -> Reply:
        """One call; replies with what is wrong with it, and what came out if that is a whole number.

        ``left`` are the arguments as the reference leaves them, "" if it does not change them. They must be the same,
        unless the problem says that its function changes them and that gives something besides.
        """
        call = call_of(arguments)
        if self.implementation.variant:
            try:
                call = Call.of(self.folder.problem.variant(self.implementation.variant).make(call))
            except Exception as error:
                return {"refused": f"{type(error).__name__}: {error}"[:LONGEST_MESSAGE]}
        self.expected = unpacked(expected)
        result = call(self.function)
        reply: Reply = {"wrong": self.difference(result)[:LONGEST_MESSAGE], "found": found(result)}
        changes = bool(left) or any(each.fresh for each in self.folder.problem.inputs)
        if reply["wrong"] or self.implementation.variant or (changes and self.expected is not None):
            return reply
        must = call_of(left or arguments)
        if not exact(list(values_of(call)), list(values_of(must))):
            said = f"changes its arguments: leaves {shortened(call)} and must leave {shortened(must)}"
            reply["wrong"] = said[:LONGEST_MESSAGE]
        return reply

"""Verifies implementations on inputs that hypothesis generates, and shrinks the first difference to a small one.

Inputs are generated once, from a seed, in the lab's process; the reference is called in a process of its own, since it
may hang on what nobody has tried before. Each implementation is tried on all of them in its own process. Only where one
differs, hypothesis generates the same sequence again, and shrinks what differs in the same way.
"""

from __future__ import annotations

import contextlib
import pickle
import random
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from doubles_lab.approaches.build import cache_dir
from doubles_lab.folder import REFERENCE, Folder
from doubles_lab.given import Given, NotForThis, expectation, of_input
from doubles_lab.implementation import Implementation, Raises
from doubles_lab.measure.process import Gone, Process
from doubles_lab.measure.with_examples import call_of, packed, unpacked
from doubles_lab.problem import Call, shortened
from doubles_lab.results.findings import Generated

#: Inputs that are generated unless another number is asked for.
EXAMPLES = 200
#: Seconds for generating them, for trying an implementation on them, and for shrinking what it does wrong.
GENERATING, TRYING, SHRINKING = 10.0, 10.0, 20.0
#: Seconds that the reference may take for one, and so may an implementation while it is shrunk.
ONE = 2.0
#: Inputs that the reference may hang on until no more are generated.
HANGS = 3
#: Sizes of an input from which its kinds are not observed: that would take too long.
LARGE = 10_000
#: How the case of a difference begins.
GENERATED = "generated"
#: Characters of its name.
NAME = 900

#: How a process is started.
Start = Callable[[], Process]

#: In which way a result is not as it must be. The first is looked for first.
WRONG, GONE, RAISES = "wrong", "gone", "raises"


class OutOfTime(BaseException):
    """Ends a search of hypothesis, which catches every ``Exception``."""


@dataclass(frozen=True)
class Example:
    """A generated input that the reference takes."""

    given: Given
    arguments: str
    left: str


@dataclass(frozen=True)
class Difference:
    """What an implementation does with an input, where that is not what it must."""

    way: str
    example: Example
    found: Any
    stated: Any
    said: str


class Examples:
    """The generated inputs of a problem, each with what the reference gives for it."""

    def __init__(self, folder: Folder, inputs: Sequence[Given], seed: int, most: int = EXAMPLES) -> None:
        """``inputs`` are what is verified besides: what is generated is like them and the problem's own."""
        self.folder, self.seed, self.most = folder, seed, most
        self.found: list[Example] = []
        self.of, self.note = "", ""
        self.tried: dict[str, int] = {}
        #: The inputs of the differences that were found, each of them once.
        self.differing: list[Given] = []
        #: Everything that the reference was asked, by its arguments; ``None`` if there is nothing to compare with.
        self._known: dict[str, Example | None] = {}
        self._inputs = inputs
        #: How the process of the reference is started.
        self.start: Start = Process
        self._limit = ONE
        self._strategy: Any = None
        self._process: Process | None = None
        self._hung = 0
        # One search of hypothesis at a time, which keeps state of its own.
        self._lock = threading.Lock()

    def gather(self, limit: float) -> None:
        """Generates the inputs. A call of the reference may take ``limit`` seconds, and ``ONE`` at most."""
        if not self.most:
            return
        from doubles_lab import strategies

        try:
            self._strategy, self.of = strategies.of_problem(self.folder.problem, self._observed())
        except strategies.CannotGenerate as reason:
            self.note = f"nothing was generated: {reason}"
            return
        except Exception as error:  # it is the user's own function
            self.note = f"nothing was generated: its strategies raise {type(error).__name__}: {error}"
            return
        self._limit = min(limit, ONE)
        until = time.monotonic() + GENERATING

        def condition(call: Call) -> bool:
            if time.monotonic() > until:
                self.note = f"there was no time for more than {len(self.found):,}"
                raise OutOfTime
            example = self._example(call)
            if example is not None and example not in self.found:
                self.found.append(example)
            return False

        try:
            self._search(condition)
        except Exception as error:
            self.note = f"nothing more was generated: {type(error).__name__}: {error}".partition("\n")[0]

    def _observed(self) -> Iterator[Call]:
        """The calls that generated ones are like: inputs, and edge cases that the reference gives something for."""
        tagged = any(given.tags and "edge" not in given.tags for given in self._inputs)
        for each in () if tagged else self.folder.problem.inputs:
            for size in [size for size in each.sizes if size <= LARGE] or each.sizes[:1] or (None,):
                yield of_input(self.folder.problem, each, size).again()
        for given in self._inputs:
            if not given.problem_input and not isinstance(given.expected, Raises):
                yield given.again()
            elif tagged:
                yield given.call

    def _search(self, condition: Callable[[Call], bool]) -> Call | None:
        """The smallest call for which the condition holds; every search generates the same ones."""
        import hypothesis
        from hypothesis import configuration
        from hypothesis.errors import Flaky, NoSuchExample, Unsatisfiable

        settings = hypothesis.settings(
            max_examples=self.most,
            database=None,
            deadline=None,
            derandomize=False,
            verbosity=hypothesis.Verbosity.quiet,
            phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
        )
        # It writes tables there. A test suite that runs the lab may keep its own examples elsewhere.
        place: Any = configuration.storage_directory(intent_to_write=False)
        before = getattr(place, "path", place)  # an object of its own in later versions
        configuration.set_hypothesis_home_dir(cache_dir() / "hypothesis")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found: Call = hypothesis.find(
                    self._strategy, condition, settings=settings, random=random.Random(self.seed)
                )
            except (NoSuchExample, Unsatisfiable, Flaky, OutOfTime):
                return None
            finally:
                configuration.set_hypothesis_home_dir(before)
        return found

    def _example(self, call: Call) -> Example | None:
        """A generated call, if the reference gives something for it that can be compared."""
        try:
            arguments = packed((call.args, call.kwargs))
        except Exception:
            self.note = f"nothing was generated: {shortened(call)} cannot be copied to another process"
            raise OutOfTime from None
        if arguments not in self._known:
            self._known[arguments] = self._referred(arguments)
        return self._known[arguments]

    def _referred(self, arguments: str) -> Example | None:
        given = Given(self.folder.problem, GENERATED, lambda: call_of(arguments))
        try:
            if self._process is None:
                self._process = self.start()
                self._process.ask("read", 60, folder=str(self.folder.path))
            reply = self._process.ask("refer", self._limit, arguments=arguments)
        except Gone as end:
            self.end()
            self._hung += 1
            if self._hung == HANGS:
                self.note = (
                    f"no more than {len(self.found):,}, since the reference {end}, on {shortened(given.call, 200)} for "
                    f"one: say by `strategies` what it takes"
                )
                raise OutOfTime from None
            return None
        if "outcomes" not in reply:
            if "always" in reply or "raised" in reply:
                reason = reply.get("none") or f"cannot be compared: {reply['raised']}: {reply['message']}"
                self.note = f"nothing more was generated: the reference {reason}"
                raise OutOfTime
            return None
        given.outcomes.update(unpacked(reply["outcomes"]))
        return Example(given, arguments, reply["left"])

    def end(self) -> None:
        """Ends the reference's process."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def summary(self) -> Generated | None:
        """What was generated, for the findings."""
        if not self.most:
            return None
        return Generated(self.of, self.seed, len(self.found), dict(sorted(self.tried.items())), self.note)

    def difference(
        self, implementation: Implementation, process: Process, start: Start, limit: float
    ) -> Difference | None:
        """The smallest input found that an implementation does not give the right result for; ``None`` if none is.

        It is loaded in ``process``, and ``start`` starts another one with it. Raises :class:`Gone` if that fails.
        """
        if implementation.name == REFERENCE or implementation.only:
            return None
        trial = Trial(implementation, process, start)
        try:
            first = self._first(trial, limit)
            if first is None:
                return None
            found = self._shrunk(trial, first, limit)
            return replace(found, example=self._named(found.example))
        finally:
            trial.end()

    def _named(self, example: Example) -> Example:
        """An example under a name that says its arguments: one for all implementations that differ on it."""
        given = example.given
        name = f"{GENERATED} {given.call!r}"[:NAME]
        with self._lock:
            for each in self.differing:
                if each.name == name and each.data == given.data:
                    return replace(example, given=each)
            same = sum(each.name.startswith(name) for each in self.differing)
            about = "a generated input, as small as it was made"
            made = Given(given.problem, f"{name}, {same + 1}" if same else name, given.again, about, fresh=True)
            made.outcomes.update(given.outcomes)
            self.differing.append(made)
            return replace(example, given=made)

    def _first(self, trial: Trial, limit: float) -> Difference | None:
        """The first difference; one that raises only if there is no other."""
        until = time.monotonic() + TRYING
        refused: Difference | None = None
        for count, example in enumerate(self.found, 1):
            if time.monotonic() > until:
                break
            self.tried[trial.implementation.name] = count
            found = trial.tried(example, limit)
            if found is not None and found.way != RAISES:
                return found
            refused = refused or found
        return refused

    def _shrunk(self, trial: Trial, first: Difference, limit: float) -> Difference:
        """A smaller input with the same kind of difference, as small as there is time for."""
        best = [first]
        until = time.monotonic() + SHRINKING
        judged: dict[str, bool] = {}

        def condition(call: Call) -> bool:
            if time.monotonic() > until or trial.stopped:
                raise OutOfTime
            example = self._example(call)
            if example is None:
                return False
            if example.arguments not in judged:
                found = trial.tried(example, min(limit, ONE))
                judged[example.arguments] = found is not None and found.way == first.way
                if found is not None and judged[example.arguments] and _size(found) < _size(best[0]):
                    best[0] = found
            return judged[example.arguments]

        with self._lock, contextlib.suppress(Exception):  # whatever happens, there is a first one
            self._search(condition)
        return best[0]


def _size(found: Difference) -> tuple[int, str]:
    """What is smaller is easier to read."""
    text = repr((found.example.given.call.args, found.example.given.call.kwargs))
    return len(text), text


class Trial:
    """An implementation in a process, which is started again when it ends."""

    def __init__(self, implementation: Implementation, process: Process, start: Start) -> None:
        self.implementation = implementation
        self._start = start
        self._process: Process | None = process
        #: Whether no process can be started any more.
        self.stopped = False

    def tried(self, example: Example, limit: float) -> Difference | None:
        """What is wrong with what the implementation does with an input; ``None`` if nothing is."""
        try:
            expected = expectation(self.implementation, example.given)
            outcome = expected.outcome
            text = packed(outcome)
        except (NotForThis, pickle.PicklingError):
            return None
        if self._process is None:
            try:
                self._process = self._start()
            except Gone:
                self.stopped = True
                raise
        try:
            reply = self._process.ask(
                "try_example", limit, arguments=example.arguments, expected=text, left=example.left
            )
        except Gone as end:
            self.end()
            return Difference(GONE, example, None, outcome, str(end))
        if "refused" in reply:
            return None
        if "raised" in reply:
            found = Raises(str(reply["raised"]))
            # What kind of exception it is matters only where the implementation says so itself.
            if isinstance(outcome, Raises) and (not expected.statement or found == outcome):
                return None
            return Difference(RAISES, example, found, outcome, found.instead_of(outcome, reply["message"]))
        if reply["wrong"]:
            return Difference(WRONG, example, reply["found"], outcome, reply["wrong"])
        return None

    def end(self) -> None:
        """Ends its process."""
        if self._process is not None:
            self._process.end()
            self._process = None

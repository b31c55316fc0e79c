"""The process that one implementation of a problem runs in: it loads it, makes its arguments, calls it and times it.

What it gives is compared here with what the reference gives, which the lab has put into a file.
"""

from __future__ import annotations

import gc
import itertools
import pickle
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from doubles_lab.contender import Unavailable
from doubles_lab.folder import Folder, Implementation, function_of, read
from doubles_lab.measure.gil_worker import GilWorker
from doubles_lab.measure.worker import BATCH, LONGEST_MESSAGE, Reply, main, versions_of
from doubles_lab.problem import Call, Input, exact, shortened

#: Types whose values nobody can change, and which are compared one by one whatever their number.
SCALARS = (int, float, complex, bool, type(None), str, bytes)
#: The longest str or bytes of which every result is compared.
SHORT = 64
#: Calls with arguments of their own that are made before the clock runs.
FRESH = 64
#: How many wrong results a reply shows.
SHOWN = 3


#: Calls, as many as there are turns, and returns the nanoseconds and the results, or the last one alone.
Loop = Callable[[Callable[..., Any], Any, Any], "tuple[int, list[Any]]"]


def timing_loop(call: Call, every: bool, fresh: bool) -> Loop:
    """A loop that calls with arguments like these, as a program would write it: nothing is unpacked in the call.

    It returns ``every`` result, or lets go of each when the next is there. A turn is nothing, or the arguments where
    they are ``fresh``.
    """
    names = [f"a{i}" for i in range(len(call.args) + len(call.kwargs))]
    keywords = zip(call.kwargs, names[len(call.args) :])
    given = ", ".join([*names[: len(call.args)], *(f"{keyword}={name}" for keyword, name in keywords)])
    turn = f"({''.join(f'{name}, ' for name in names)})"
    lines = [
        "def loop(function, turns, values):",
        *([] if fresh or not names else [f"    {turn} = values"]),
        "    result = None",
        "    start = clock()",
        *(
            [f"    results = [function({given}) for {turn if fresh and names else '_'} in turns]"]
            if every
            else [f"    for {turn if fresh and names else '_'} in turns:", f"        result = function({given})"]
        ),
        "    ns = clock() - start",
        f"    return ns, {'results' if every else '[result]'}",
    ]
    there: dict[str, Any] = {"clock": perf_counter_ns}
    exec("\n".join(lines), there)
    loop: Loop = there["loop"]
    return loop


def values_of(call: Call) -> tuple[Any, ...]:
    """The arguments of a call, as a timing loop takes them."""
    return (*call.args, *call.kwargs.values())


class ProblemWorker(GilWorker):
    """The requests of a race on a problem."""

    def __init__(self) -> None:
        super().__init__()
        self.folder: Folder
        self.implementation: Implementation
        self.given: Input
        self.make: Callable[[], Call]
        self.arguments: Call
        #: Arguments that were made for the next call, if there are any.
        self.next: Call | None = None
        #: The arguments as they were made, to see whether a call changes them.
        self.pristine: Call | None = None
        self.expected: Any = None
        self.loop: Loop

    def load_implementation(self, folder: str, name: str) -> Reply:
        """Reads the problem, and builds and loads an implementation of it."""
        self.folder = read(Path(folder))
        self.implementation = self.folder.implementation(name)
        try:
            self.function = function_of(self.folder, self.implementation)
        except Unavailable as reason:
            return {"unavailable": str(reason)}
        except ModuleNotFoundError as error:
            packages = " ".join(self.implementation.packages)
            return {"unavailable": f"{error.name} is not installed" + (f": pip install {packages}" if packages else "")}
        return {"versions": versions_of(self.implementation.packages), "details": {}}

    def give(self, name: str, size: int | None, more: str, expected: str) -> Reply:
        """Makes the arguments, each str with ``more`` at its end; ``expected`` is the file with the right result."""
        problem = self.folder.problem
        self.given = problem.input(name)
        variant = problem.variant(self.implementation.variant) if self.implementation.variant else None

        def make() -> Call:
            call = extended(self.given.call(size), more)
            return Call.of(variant.make(call)) if variant is not None else call

        self.make = make
        self.arguments = make()
        self.expected = pickle.loads(Path(expected).read_bytes())
        self.loop = timing_loop(self.arguments, is_scalar(self.expected), self.given.fresh)
        changeable = not all(isinstance(each, SCALARS) for each in values_of(self.arguments))
        self.pristine = make() if changeable and not self.given.fresh else None
        return {}

    def renew(self) -> None:
        """Makes the arguments of the next call anew."""
        self.arguments = self.next = None  # type: ignore[assignment]
        self.arguments = self.next = self.make()

    def taken(self) -> Call:
        """Arguments that no call had before."""
        made, self.next = self.next, None
        return made or self.make()

    def call(self) -> Reply:
        """Two calls, not timed: their results must not be one object that somebody may change."""
        results = [(self.make() if self.given.fresh else self.arguments)(self.function) for _ in range(2)]
        counts = self.judged(results)
        if not counts and results[0] is results[1] and not isinstance(results[0], (*SCALARS, tuple, frozenset)):
            counts = [("gives the same object again, which may have been changed meanwhile", 1)]
        return {"counts": counts}

    def timed(self, loops: int) -> tuple[int, Any]:
        """The nanoseconds that ``loops`` calls take, and what was wrong with their results.

        Every result is compared where it is a scalar, and otherwise the last of each batch; and whether the arguments
        are what they were.
        """
        size = FRESH if self.given.fresh else BATCH if is_scalar(self.expected) else loops
        ns, found = 0, Counter[str]()
        values = values_of(self.arguments)
        gc.disable()
        try:
            for done in range(0, loops, size):
                count = min(size, loops - done)
                turns: Any = itertools.repeat(None, count)
                if self.given.fresh:
                    turns = [values_of(self.taken()) for _ in range(count)]
                spent, results = self.loop(self.function, turns, values)
                ns += spent
                found.update(dict(self.judged(results)))
                del results, turns
        finally:
            gc.enable()
        if self.pristine is not None and not exact(list(values), list(values_of(self.pristine))):
            found["changes its arguments"] += 1
            self.arguments = self.make()
        return ns, found.most_common(SHOWN)

    def judged(self, results: list[Any]) -> list[tuple[str, int]]:
        """What is wrong with results, and with how many of them; nothing where all are right."""
        first = results[0]
        expected = self.expected
        quickly = type(first) is type(expected) and isinstance(expected, (int, str, bytes, type(None)))
        if quickly and set(map(type, results)) == {type(expected)} and results.count(expected) == len(results):
            return []
        wrong: Counter[str] = Counter()
        for result in results:
            said = self.difference(result)
            if said:
                wrong[said[:LONGEST_MESSAGE]] += 1
        return wrong.most_common(SHOWN)

    def difference(self, result: Any) -> str:
        """How a result differs from what it must be; "" if it does not."""
        try:
            equal = self.folder.problem.equal(result, self.expected)
        except Exception as error:
            return f"cannot be compared with what it must give: {type(error).__name__}: {error}"
        if equal:
            return ""
        kinds = type(result).__name__, type(self.expected).__name__
        of = f" ({kinds[0]})" if kinds[0] != kinds[1] else ""
        return f"gives {shortened(result)}{of} and must give {shortened(self.expected)}{f' ({kinds[1]})' if of else ''}"

    def keeps(self, calls: list[tuple[str, int | None]]) -> Reply:
        """How many times as long the first call with each of several inputs takes as the next one with equal arguments.

        That shows whether results are kept: then the second call does nothing.
        """
        ratios = []
        for name, size in calls:
            given = self.folder.problem.input(name)
            variant = self.folder.problem.variant(self.implementation.variant) if self.implementation.variant else None
            took = []
            for _ in range(2):
                call = given.call(size)
                call = Call.of(variant.make(call)) if variant is not None else call
                start = perf_counter_ns()
                call(self.function)
                took.append(perf_counter_ns() - start)
            ratios.append((took[0], took[1]))
        return {"took": ratios}

    def lets_go_of_gil(self, seconds: float) -> Reply:
        """Whether another thread gets to run during calls; see :meth:`GilWorker.lets_go`."""
        function = self.function
        self.function, self.argument = lambda call: call(function), self.arguments
        try:
            return {"ran": self.lets_go(seconds)["ran"]}
        finally:
            self.function = function

    def told(self, result: Any) -> Any:
        """Nothing: results are compared elsewhere."""
        return 0

    def fresh_edge(self, name: str) -> Any:
        """An edge case that nobody else has, since a function may change it."""
        return pickle.loads(pickle.dumps(self.folder.problem.edge_cases[name]))

    def edge(self, name: str, expected: str) -> Reply:
        """Calls with an edge case; replies how the result differs from the reference's, which may be an exception."""
        problem = self.folder.problem
        call = Call.of(self.fresh_edge(name))
        kind, wanted = pickle.loads(Path(expected).read_bytes())
        if self.implementation.variant:
            try:
                call = Call.of(problem.variant(self.implementation.variant).make(call))
            except Exception as error:
                return {"apart": f"has no form {self.implementation.variant}: {type(error).__name__}: {error}"}
        try:
            result = call(self.function)
        except Exception as error:
            said = type(error).__name__
            if kind == "raises":
                return {} if said == wanted else {"wrong": f"raises {said} and must raise {wanted}"}
            return {"wrong": f"raises {said}: {error} and must give {shortened(wanted)}"}
        if kind == "raises":
            return {"wrong": f"gives {shortened(result)} and must raise {wanted}"}
        self.expected = wanted
        return {"wrong": said} if (said := self.difference(result)) else {}


def extended(call: Call, more: str) -> Call:
    """The call with ``more`` at the end of each str among its arguments."""
    if not more:
        return call
    longer = [each + more if isinstance(each, str) else each for each in call.args]
    named = {name: each + more if isinstance(each, str) else each for name, each in call.kwargs.items()}
    return Call(*longer, **named)


def is_scalar(value: Any) -> bool:
    """Whether every result of this kind is compared."""
    return isinstance(value, SCALARS) and not (isinstance(value, (str, bytes)) and len(value) > SHORT)


if __name__ == "__main__":
    main(ProblemWorker())

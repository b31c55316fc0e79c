"""The race on a problem: every implementation verified on the edge cases, then timed on every input at every size."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doubles_lab.folder import REFERENCE, Folder, Implementation
from doubles_lab.measure import race, selfcheck
from doubles_lab.measure.problem_worker import extended
from doubles_lab.measure.process import Gone, Process, Scratch
from doubles_lab.measure.race import Entry, Itself, Plan, Watcher
from doubles_lab.measure.verify import BUILD_LIMIT
from doubles_lab.problem import Call
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Row

#: The first call with an input takes so many times what the second one with equal arguments does, where results are
#: kept.
KEPT = 20
#: The nanoseconds that a first call takes at least for that to be told from what a first call costs anyway.
TELLING = 20_000


@dataclass(frozen=True)
class Point:
    """An input at one of its sizes."""

    input: str
    size: int | None = None
    #: What stands at the end of each str, so that CPython stores it in wider items.
    more: str = ""

    @property
    def name(self) -> str:
        """What the case is called."""
        name = self.input if self.size is None else f"{self.input}-{self.size}"
        return f"{name}+{self.more}" if self.more else name


def points(folder: Folder) -> list[Point]:
    """Every input of a problem at every size."""
    return [Point(each.name, size) for each in folder.problem.inputs for size in each.sizes or (None,)]


class ImplementationEntry(Entry):
    """An implementation on an input."""

    def __init__(
        self, folder: Folder, implementation: Implementation, point: Point, expected: str, slowdown: float = 0.0
    ) -> None:
        takes = f"the {implementation.variant}, already there" if implementation.variant else "the input"
        super().__init__(
            Row(
                contender=implementation.name,
                unit="",
                language=implementation.language,
                binding=implementation.title,
                access=takes,
                origin=implementation.source,
                prepared=bool(implementation.variant),
                flags=implementation.flags,
                status=record.RANKED,
            ),
            slowdown,
        )
        self.folder, self.implementation, self.point, self.expected = folder, implementation, point, expected

    def again(self, slowdown: float = 0.0) -> ImplementationEntry:
        """The same once more."""
        return ImplementationEntry(self.folder, self.implementation, self.point, self.expected, slowdown)

    def load(self, limit: float) -> str:
        """Starts the implementation's process and loads it."""
        self.process = started(self.implementation)
        return loaded(self.process, self.folder, self.implementation, limit)

    def hand_over(self, limit: float) -> dict[str, Any]:
        """Has it make its arguments."""
        assert self.process is not None
        point = self.point
        given = {"name": point.input, "size": point.size, "more": point.more, "expected": self.expected}
        reply = self.process.ask("give", limit, **given)
        return reply if "raised" in reply else self.process.ask("call", limit)

    def accepts(self, reply: dict[str, Any]) -> bool:
        """Whether nothing was wrong with any result."""
        if "raised" in reply:
            self.put_out(record.FAILED, f"raises {reply['raised']}: {reply['message']}")
            return False
        if not reply["counts"]:
            return True
        said, times = reply["counts"][0]
        calls = reply.get("calls", 1)
        self.put_out(
            record.WRONG, f"{said}{f' in {times:,} of {calls:,} calls' if times < calls and calls > 2 else ''}"
        )
        return False


def started(implementation: Implementation) -> Process:
    """A process for an implementation."""
    return Process(worker="doubles_lab.measure.problem_worker")


def loaded(process: Process, folder: Folder, implementation: Implementation, limit: float) -> str:
    """Loads an implementation in its process; returns why it is unavailable, "" if it is not."""
    if implementation.compiled:
        limit = max(limit, BUILD_LIMIT)
    reply = process.ask("load_implementation", limit, folder=str(folder.path), name=implementation.name)
    process.facts = reply
    if "raised" in reply:
        return f"cannot be loaded: {reply['raised']}: {reply['message']}"
    return str(reply.get("unavailable", ""))


class ReferenceFails(Exception):
    """The reference gives nothing to compare with. Its text says why."""


class Results:
    """What the reference gives, in files that processes read."""

    def __init__(self, folder: Folder, scratch: Scratch) -> None:
        self.folder, self.scratch = folder, scratch

    def of(self, implementation: Implementation, call: Call) -> str:
        """The path of the file with the result of a call, as an implementation of a variant must give it."""
        problem = self.folder.problem
        reference = problem.reference
        if implementation.variant:
            reference = problem.variant(implementation.variant).reference or reference
        try:
            result = call(reference)
        except Exception as error:
            raise ReferenceFails(f"the reference raises {type(error).__name__}: {error}") from None
        try:
            return self.scratch.write(pickle.dumps(result))
        except Exception as error:
            kind = type(result).__name__
            raise ReferenceFails(f"the reference gives {kind}, which cannot be pickled: {error}") from None

    def of_edge(self, call: Call) -> str:
        """The path of the file with what the reference gives or raises for an edge case."""
        try:
            said = ("gives", call(self.folder.problem.reference))
        except Exception as error:
            said = ("raises", type(error).__name__)
        return self.scratch.write(pickle.dumps(said))


def build(folder: Folder, implementations: Sequence[Implementation], limit: float, watcher: Watcher) -> None:
    """Has every implementation that compiles do so, in processes that are not measured."""
    point = points(folder)[0]
    entries = [ImplementationEntry(folder, each, point, "") for each in implementations if each.compiled]
    if not entries:
        return
    watcher.case("build", len(entries))

    def one(entry: Entry) -> None:
        race.start(entry, limit)
        watcher.step()
        if entry.process is not None:
            entry.process.end()

    with race.processes_of(entries):
        race.at_once(entries, one, "building", watcher, race.SLOW)


@dataclass(frozen=True)
class Verified:
    """What an implementation did with an edge case."""

    implementation: str
    edge_case: str
    #: What was wrong; "" if nothing was.
    wrong: str = ""
    #: Why it was not tried; "" if it was.
    apart: str = ""


def verify(
    folder: Folder, implementations: Sequence[Implementation], limit: float, watcher: Watcher
) -> Iterator[Verified]:
    """What implementations do with every edge case, and whether they keep results; a finding each."""
    problem = folder.problem
    some = points(folder)
    watcher.case("verify", len(implementations))
    with Scratch() as scratch:
        expected = {
            name: Results(folder, scratch).of_edge(Call.of(value)) for name, value in problem.edge_cases.items()
        }
        for each in implementations:
            watcher.doing(f"verifying {each.name}")
            process = started(each)
            try:
                if reason := loaded(process, folder, each, limit):
                    yield Verified(each.name, "", apart=reason)
                    continue
                for name, path in expected.items():
                    try:
                        reply = process.ask("edge", limit, name=name, expected=path)
                    except Gone as end:
                        yield Verified(each.name, name, wrong=str(end))
                        process = started(each)
                        loaded(process, folder, each, limit)
                        continue
                    wrong = reply.get("wrong", "")
                    if "raised" in reply:
                        wrong = f"cannot be tried: {reply['raised']}: {reply['message']}"
                    yield Verified(each.name, name, wrong, reply.get("apart", ""))
                if each.name != REFERENCE and (said := kept(process, some, limit)):
                    # Once more in another process: this one may have been disturbed twice.
                    process.end()
                    process = started(each)
                    loaded(process, folder, each, limit)
                    yield Verified(each.name, "results are not kept", said and kept(process, some, limit))
            except Gone as end:
                yield Verified(each.name, "", wrong=str(end))
            finally:
                process.end()
                watcher.step()


def kept(process: Process, some: Sequence[Point], limit: float) -> str:
    """What shows that an implementation keeps its results, so that later calls do nothing; "" if nothing does.

    A first call may be slow for other reasons, the very first one above all: so each of two inputs or more must show
    it.
    """
    calls = [(point.input, point.size) for point in some]
    reply = process.ask("keeps", limit, calls=[calls[0], *calls])
    telling = [first / max(second, 1) for first, second in reply.get("took", [])[2:] if first > TELLING]
    if len(telling) >= 2 and min(telling) > KEPT:
        return f"keeps its results: the second call with equal arguments takes 1/{min(telling):,.0f} of the first"
    return ""


def lets_go(
    folder: Folder, implementations: Sequence[Implementation], limit: float, seconds: float = 0.3
) -> dict[str, str]:
    """Whether each implementation lets other threads run during a call with the largest input, or why nobody knows."""
    point = points(folder)[-1]
    found: dict[str, str] = {}
    with Scratch() as scratch:
        results = Results(folder, scratch)
        for each in implementations:
            process = started(each)
            try:
                if reason := loaded(process, folder, each, limit):
                    found[each.name] = reason
                    continue
                entry = ImplementationEntry(folder, each, point, "")
                entry.process = process
                entry.expected = results.of(each, folder.problem.input(point.input).call(point.size))
                reply = entry.hand_over(limit)
                if "raised" not in reply:
                    reply = process.ask("lets_go_of_gil", limit + seconds, seconds=seconds)
                found[each.name] = f"raises {reply['raised']}" if "raised" in reply else "yes" if reply["ran"] else "no"
            except Gone as end:
                found[each.name] = str(end)
            finally:
                process.end()
    return found


def takes_text(folder: Folder) -> bool:
    """Whether a str is among the arguments of the problem."""
    call = folder.problem.inputs[0].call()
    return any(isinstance(each, str) for each in (*call.args, *call.kwargs.values()))


def describe(folder: Folder, point: Point) -> CaseRecord:
    """The record of a case before anything was measured."""
    given = folder.problem.input(point.input)
    about = given.about or f"{folder.problem.name}{shortened_call(given.call(point.size))}"
    return CaseRecord(point.name, about, "", {} if point.size is None else {"size": point.size}, {})


def shortened_call(call: Call) -> str:
    """A call as Python writes it, cut where it is long."""
    return repr(call)


def race_at(
    folder: Folder,
    point: Point,
    implementations: Sequence[Implementation],
    plan: Plan,
    watcher: Watcher,
    result: CaseRecord,
    wrong: Mapping[str, str],
    keep: Callable[[], None] = lambda: None,
) -> None:
    """Runs every implementation on an input at a size, and fills ``result`` as it goes.

    ``wrong`` are those that take no part, with what is wrong with them. Raises :class:`ReferenceFails` where the
    reference itself raises an exception.
    """
    given = folder.problem.input(point.input)
    with Scratch() as scratch:
        results = Results(folder, scratch)
        made: dict[str, str] = {}
        entries: list[Entry] = []
        for each in implementations:
            if each.variant not in made:
                made[each.variant] = results.of(each, extended(given.call(point.size), point.more))
            entry = ImplementationEntry(folder, each, point, made[each.variant])
            if each.name in wrong:
                entry.put_out(record.WRONG, wrong[each.name])
            entries.append(entry)

        def check() -> Itself | None:
            quick = race.fastest(entries, plan)
            if quick is None:
                result.selfcheck = record.SelfCheck(
                    "",
                    selfcheck.SLOWDOWN,
                    reason="no implementation makes enough calls in a sample to be slowed by a share",
                )
                return None
            if plan.cold:
                return Itself.cold(quick, point.size or 0)
            return Itself(quick, point.size or 0, beside=True)

        race.rounds_of(point.name, entries, plan, watcher, result, keep, check)

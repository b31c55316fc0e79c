"""The race: every contender verified, then timed in rounds, one at a time, in an order shuffled anew each round.

1. Every contender gets a process of its own, loads, takes its argument, and is called once. What it gives must be what
   it states. This part runs on all processors; the rest on one at a time.
2. It is warmed up: until a sample of it takes about as long as was asked for, and is no longer quicker than the one
   before.
3. Rounds: every contender gives one sample a round. A slow minute of the machine falls on all alike. The result of
   every call is checked again, outside the clock.

A process gives a few samples and ends, and the contender gets another one: it is processes that differ, so there are at
least ten of each. They are not all renewed at once, but some in each round, so that being the third process and being
timed in the third minute are two things.

The lab races itself along: the fastest contender takes part twice more, as its twin and slowed by a known share. See
:mod:`doubles_lab.measure.selfcheck` for what becomes of that.

A contender that raises, crashes, hangs or gives a wrong count is out from there on, as a row that says so.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import itertools
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from doubles_lab.folder import approach_of, bundled, read
from doubles_lab.given import Expectation, Given, NotForThis, expectation, of_input
from doubles_lab.implementation import LONGEST, Implementation, Raises
from doubles_lab.measure import conditions, selfcheck
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Gone, Process, Scratch
from doubles_lab.measure.verify import BUILD_LIMIT, load, unwritten
from doubles_lab.problem import Input, exact
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Row, Run, SelfCheck


@dataclass(frozen=True)
class Plan:
    """How a race is run."""

    #: Processes of each contender. One more, where its first and its last share the rounds of one.
    processes: int = 10
    #: Rounds in each process, at most.
    rounds: int = 5
    #: What one sample should take.
    sample_ms: float = 20.0
    #: Rounds are cut where those of one case would take longer than this. Processes are not.
    case_seconds: float = 300.0
    #: Whether that is all the time that there is, with starting and warming up; then there are as many processes as
    #: fit, and so many at least.
    budgeted: bool = False
    fewest: int = 2
    #: Seconds for one call or sample; then the contender has hung.
    limit: float = 60.0
    seed: int = 0
    #: The bytes that are walked through before each call, for nothing to be left in a cache, and every call has an
    #: argument of its own; a sample is one such call. 0 where calls are repeated with the same argument.
    cold: int = 0


#: A quick race: a minute or two for all contenders on one case.
QUICK = Plan(rounds=2, sample_ms=10.0, case_seconds=60.0)
FULL = Plan()
#: The fewest processes and the most that a time budget is spent on.
BUDGETED_PROCESSES = (Plan.fewest, 40)
#: A case with less than so many seconds of a budget gets samples as short as those of a quick race.
SHORT_SECONDS = 120.0
#: Bytes that are walked through in a second, about.
WALKED = 4e9
#: What was measured is kept again after so many times the seconds that it took the last time, and these at least.
KEEP_AFTER, KEEP_LEAST = 20.0, 0.2
#: How often the machine is looked at.
LOOKS = 10

#: What is said of builds, which the cache keeps.
SLOW = ", some minutes the first time"


def budgeted(plan: Plan, seconds: float) -> Plan:
    """The plan for a case that may take so many seconds, builds apart."""
    sample_ms = min(plan.sample_ms, QUICK.sample_ms) if seconds < SHORT_SECONDS else plan.sample_ms
    return replace(plan, processes=BUDGETED_PROCESSES[1], case_seconds=seconds, sample_ms=sample_ms, budgeted=True)


class Watcher:
    """Told what the race does, for a progress bar. This one ignores it."""

    def case(self, case: str, steps: int) -> None:
        """A case begins, of about so many steps."""

    def doing(self, what: str) -> None:
        """This runs now."""

    def step(self, count: int = 1) -> None:
        """Steps are done, or need not be."""

    def resize(self, steps: int) -> None:
        """The case turned out to have so many steps."""


class Entry:
    """An implementation on an input: a process, and the row of what it gave.

    ``slowdown`` is the share of calls that it makes besides those that are counted, for the lab to check itself.
    """

    def __init__(self, implementation: Implementation, given: Given, files: Files, slowdown: float = 0.0) -> None:
        self.implementation, self.given, self.files, self.slowdown = implementation, given, files, slowdown
        self.row = Row(
            contender=implementation.name,
            unit=str(implementation.unit) or given.reference,
            language=implementation.language,
            binding=implementation.binding,
            access=implementation.access,
            origin=implementation.origin,
            prepared=implementation.prepared,
            flags=implementation.flags,
            tags=list(implementation.tags),
        )
        #: Calls in a sample, where each is cold.
        self.cold_calls = 1
        self.process: Process | None = None
        #: The rounds that its process is still to give.
        self.left = 0
        self.out = False
        #: Set when the race is broken off: what its process says from then on means nothing.
        self.stopped = False
        self.expected = Expectation(None, "")
        try:
            self.expected = expectation(implementation, given)
            self.path = files.expected(self.expected.outcome)
            self.request = files.request(given)
        except NotForThis as reason:
            self.put_out(record.UNAVAILABLE, str(reason))
        if type(given.expected) is int:
            self.row.expected = given.expected

    @property
    def name(self) -> str:
        """What it is called."""
        return self.row.contender

    @property
    def apart(self) -> bool:
        """Whether it must give something else than the reference, by its own account."""
        return bool(self.expected.statement)

    def again(self, slowdown: float = 0.0) -> Entry:
        """The same once more, as another entry."""
        return Entry(self.implementation, self.given, self.files, slowdown)

    def load(self, limit: float) -> str:
        """Starts a process and loads what is timed there; returns why that cannot be, "" if it can.

        Raises :class:`Gone` if the process ends.
        """
        self.process = Process()
        return load(self.process, self.implementation, limit)

    def hand_over(self, limit: float) -> dict[str, Any]:
        """Gives the process its arguments and has it called; returns its reply. Raises :class:`Gone`."""
        assert self.process is not None
        reply = self.process.ask("give", limit, **self.request, expected=self.path)
        if "raised" not in reply:
            self.row.stored = int(reply["stored"])
            reply = self.process.ask("call", limit)
        self.row.status = record.APART if self.apart else record.RANKED
        self.row.reason = self.expected.statement
        return reply

    def accepts(self, reply: dict[str, Any]) -> bool:
        """Whether a reply to a call, or to samples, has nothing but what it must give; if not, it is out."""
        if "raised" in reply:
            found = Raises(str(reply["raised"]))
            if self.apart and exact(found, self.expected.outcome):
                self.put_out(record.APART, f"raises {found}, as it states: {self.expected.statement}")
            else:
                self.put_out(record.FAILED, unwritten(reply) or f"raises {found}: {reply['message']}")
            return False
        if "found" in reply:
            self.row.found = reply["found"]
        if not reply["counts"]:
            return True
        said, times = reply["counts"][0]
        calls = reply.get("calls", 1)
        often = f" in {times:,} of {calls:,} calls" if times < calls and calls > 2 else ""
        self.put_out(record.WRONG, f"{said}{often}")
        return False

    def put_out(self, status: str, reason: str) -> None:
        """Out of the race, with the reason that its row shows."""
        if self.stopped:
            return
        self.row.status, self.row.reason = status, reason[:LONGEST]
        self.out = True
        if self.process is not None:
            self.process.end()


class Itself:
    """The lab in its own race: the twin of an entry, and one slowed by making more calls, beside the entry itself.

    Each has processes of its own, like all others, and a sample in every round.
    """

    def __init__(self, original: Entry, length: int, beside: bool) -> None:
        self.original, self.length = original, length
        self.twin, self.slowed = original.again(), original.again(selfcheck.SLOWDOWN)
        #: Those that take part for this alone.
        self.entries = [*([] if beside else [original]), self.twin, self.slowed]

    @classmethod
    def cold(cls, entry: Entry, length: int) -> Itself:
        """The check for calls that are cold: of one call nothing can be added a share, so that each sample has some."""
        check = cls(entry.again(), length, beside=False)
        for each in check.entries:
            each.cold_calls = selfcheck.STEP
        return check

    @property
    def out(self) -> bool:
        """Whether one of them is out, so that nothing is to be learnt from the others."""
        return any(entry.out for entry in (self.original, self.twin, self.slowed))

    @property
    def record(self) -> SelfCheck:
        """What was measured so far."""
        found = SelfCheck(self.original.name, selfcheck.SLOWDOWN, self.length)
        threes = (self.original, self.twin, self.slowed)
        if self.out:
            found.reason = next(entry.row.reason for entry in threes if entry.out)
            return found
        for samples, entry in zip((found.original, found.twin, found.slowed), threes):
            samples += [list(run.values) for run in entry.row.runs if run.values]
        found.loops = [run.loops for run in self.slowed.row.runs if run.values]
        return found


def fastest(entries: Sequence[Entry], plan: Plan) -> Entry | None:
    """The fastest entry, if it can be slowed by whole calls within a sample."""
    timed = [entry for entry in running(entries) if entry.row.runs]
    found = min(timed, key=lambda entry: entry.row.runs[-1].warmups[-1][1], default=None)
    if plan.cold:
        return found
    if found is None or found.row.runs[-1].warmups[-1][1] * selfcheck.STEP >= plan.sample_ms / 1e3:
        return None
    return found


def race(
    given: Given,
    implementations: Sequence[Implementation],
    plan: Plan,
    watcher: Watcher,
    result: CaseRecord,
    out: Mapping[str, tuple[str, str]] = {},
    keep: Callable[[], None] = lambda: None,
) -> None:
    """Runs every implementation on one input and fills ``result`` as it goes; see :func:`rounds_of`.

    Those that compile must have done so: see :func:`build`. ``out`` are those that take no part, each with its status
    and the reason. Where none can be slowed by so little within a sample, the lab checks itself by a plain loop of its
    own. Raises :class:`doubles_lab.given.NotForThis` where the reference gives nothing that can be compared.
    """
    if isinstance(given.expected, Raises):
        raise NotForThis(f"the reference raises {given.message or given.expected}, on {given.name}")
    with Scratch() as scratch:
        files = Files(scratch)
        files.expected(given.expected)
        entries = [Entry(each, given, files) for each in implementations]
        for entry in entries:
            if entry.name in out and not entry.out:  # what does not take the input says so
                entry.put_out(*out[entry.name])

        def check() -> Itself:
            quick = fastest(entries, plan)
            if quick is not None and plan.cold:
                return Itself.cold(quick, given.length)
            if quick is not None:
                return Itself(quick, given.length, beside=True)
            return by_plain_loop(plan, files)

        rounds_of(given.name, entries, plan, watcher, result, keep, check)


def by_plain_loop(plan: Plan, files: Files) -> Itself:
    """The check by a loop in plain Python, on as much text as lets it be called often enough in a sample."""
    folder = read(bundled())
    length = selfcheck.part(selfcheck.FALLBACK_SECONDS, plan.sample_ms / 1e3)
    text = Input("text", lambda: "ab" * (length // 2) + "b" * (length % 2))
    plain = Entry(folder.implementation(selfcheck.FALLBACK), of_input(folder.problem, text), files)
    return Itself(plain, length, beside=False)


def rounds_of(
    name: str,
    entries: Sequence[Entry],
    plan: Plan,
    watcher: Watcher,
    result: CaseRecord,
    keep: Callable[[], None],
    check_by: Callable[[], Itself | None],
) -> None:
    """Runs every entry and fills ``result`` as it goes.

    ``keep`` is called every now and then, for what was measured to be saved, and ``check_by`` once all are warm, for
    what the lab checks itself by. ``result`` holds what has been measured so far at any moment; a ``KeyboardInterrupt``
    is passed on.
    """
    result.rows = [entry.row for entry in entries]
    result.rounds = plan.rounds
    order = random.Random(f"{plan.seed} {name}")
    began = time.monotonic()
    watcher.case(name, steps(len(entries), plan.rounds, plan.processes))
    everyone = list(entries)
    check: Itself | None = None
    if too_few := selfcheck.too_few(plan.processes):
        result.selfcheck = SelfCheck("", selfcheck.SLOWDOWN, reason=too_few)
    try:
        with processes_of(everyone), one_cpu() as cpu:
            second = renew(running(entries), plan, watcher, cpu)
            if not too_few and (check := check_by()) is not None:
                everyone += check.entries
                second += renew(running(check.entries), plan, watcher, cpu)
            processes, rounds = affordable(plan, second, time.monotonic() - began)
            result.rounds = rounds
            watcher.resize(steps(len(everyone), rounds, processes))
            spread(everyone, rounds, order)
            total, kept, took = processes * rounds, time.monotonic(), 0.0
            for number, look in looks(total, everyone, result):
                due = [entry for entry in running(everyone) if entry.left == 0]
                renew(due, plan, watcher, cpu)
                for entry in due:
                    entry.left = rounds
                one_round(
                    entries, check.entries if check else [], order, f"round {number + 1} of {total}", plan, watcher
                )
                look()
                if check is not None:
                    result.selfcheck = check.record
                now = time.monotonic()
                if now > kept + max(KEEP_LEAST, KEEP_AFTER * took) or number + 1 == total:
                    keep()
                    kept = time.monotonic()
                    took = kept - now
    finally:
        if check is not None:
            result.selfcheck = check.record
        for entry in entries:
            entry.row.runs = [run for run in entry.row.runs if run.values]
            if not entry.out and not entry.row.runs:
                entry.row.status, entry.row.reason = record.UNMEASURED, "not measured yet when the run was interrupted"


def steps(entries: int, rounds: int, processes: int) -> int:
    """The steps of a case for a progress bar: four to start a process, one a sample."""
    return entries * (rounds + 4) * processes


def spread(entries: Sequence[Entry], rounds: int, order: random.Random) -> None:
    """Has processes end in different rounds: each first one gives from one to ``rounds`` samples."""
    shares = [1 + i % rounds for i in range(len(entries))]
    order.shuffle(shares)
    for entry, share in zip(entries, shares):
        entry.left = share


def renew(entries: Sequence[Entry], plan: Plan, watcher: Watcher, cpu: OneCpu) -> float:
    """Gives each a new process, verified and warmed up; returns the seconds that a round of these takes."""
    if not entries:
        return 0.0
    for entry in entries:
        if entry.process is not None:
            entry.process.end()
    with cpu.let_go():
        prepare(entries, plan, watcher)
    cpu.keep(entry.process.pid for entry in running(entries) if entry.process is not None)
    return sum(warm_up(entry, plan, watcher) for entry in running(entries))


class OneCpu:
    """One CPU for the lab and the thread that calls each contender. Does nothing where the system cannot.

    Processes that stay on different CPUs differ by what else those do. Threads that a contender has started by the time
    that it is kept there stay free to run anywhere.
    """

    def __init__(self) -> None:
        self.allowed = os.sched_getaffinity(0) if hasattr(os, "sched_setaffinity") else set()
        self.one = {max(self.allowed)} if self.allowed else set()

    def keep(self, pids: Iterable[int]) -> None:
        """Keeps processes on it."""
        for pid in pids if self.one else ():
            with contextlib.suppress(OSError):
                os.sched_setaffinity(pid, self.one)

    @contextlib.contextmanager
    def let_go(self) -> Iterator[None]:
        """Lets the lab run anywhere meanwhile, and what it starts."""
        self.end()
        try:
            yield
        finally:
            self.keep([0])

    def end(self) -> None:
        """Lets the lab run where it could before."""
        if self.allowed:
            os.sched_setaffinity(0, self.allowed)


@contextlib.contextmanager
def one_cpu() -> Iterator[OneCpu]:
    """Keeps the lab on one CPU, and lets go of it at the end."""
    cpu = OneCpu()
    cpu.keep([0])
    try:
        yield cpu
    finally:
        cpu.end()


def looks(total: int, entries: Sequence[Entry], result: CaseRecord) -> Iterator[tuple[int, Callable[[], None]]]:
    """The numbers of the rounds, and what is to be called after each: it keeps what the machine did besides.

    Ten times a race, and at the end.
    """

    def reading() -> conditions.Reading:
        return conditions.read(entry.process.pid for entry in entries if entry.process is not None)

    before = reading()
    last = 0

    def look(number: int) -> None:
        nonlocal before, last
        if number + 1 == total or (number + 1 - last) * LOOKS >= total:
            now = reading()
            result.conditions.append(conditions.between(before, now))
            before, last = now, number + 1

    for number in range(total):
        yield number, lambda number=number: look(number)  # type: ignore[misc]


def one_round(
    entries: Sequence[Entry],
    checks: Sequence[Entry],
    order: random.Random,
    name: str,
    plan: Plan,
    watcher: Watcher,
) -> None:
    """One sample of every contender that is still in the race, in an order drawn anew, the lab's own among them."""
    turn = running(entries)
    order.shuffle(turn)
    for check in checks:
        # Drawn whether it takes part or not, so that the order of the others depends on the seed alone.
        place = round(order.random() * len(turn))
        if not check.out:
            turn.insert(place, check)
    watcher.step(len(entries) + len(checks) - len(turn))
    for entry in turn:
        watcher.doing(f"{entry.name}, {name}")
        sample(entry, plan)
        entry.left -= 1
        watcher.step()


AnyEntry = TypeVar("AnyEntry", bound=Entry)


def running(entries: Sequence[AnyEntry]) -> list[AnyEntry]:
    """Those that are still in the race."""
    return [entry for entry in entries if not entry.out]


def affordable(plan: Plan, round_seconds: float, starting_seconds: float) -> tuple[int, int]:
    """The processes, and the rounds in each, that keep a case within its time.

    ``round_seconds`` is what a round of all takes, and ``starting_seconds`` what it took to start all. Rounds are cut
    first: it is processes that make an interval narrow. Within a budget there are as many as fit, and ``plan.fewest``
    at least.
    """
    second = max(round_seconds, 1e-9)
    if not plan.budgeted:
        return plan.processes, max(1, int(min(plan.rounds, plan.case_seconds / plan.processes / second)))
    # What was started already is paid.
    left = plan.case_seconds - starting_seconds
    for rounds in range(plan.rounds, 0, -1):
        each = rounds * second + starting_seconds
        processes = int((left + starting_seconds) / each)
        if processes >= min(FULL.processes, plan.processes) or rounds == 1:
            return max(plan.fewest, min(processes, plan.processes)), rounds
    raise AssertionError("there is a plan for every budget")


@contextlib.contextmanager
def processes_of(entries: Sequence[Entry]) -> Iterator[None]:
    """Ends every process at the end, whatever happened."""
    try:
        yield
    finally:
        for entry in entries:
            if entry.process is not None:
                entry.process.end()
                entry.process = None


class Build:
    """What is built in a process of its own: a source, or all sources of an approach that builds them together."""

    def __init__(self, name: str, work: Callable[[Process], str]) -> None:
        self.name, self.work = name, work
        self.process: Process | None = None
        self.stopped = False
        #: Why it could not be built.
        self.reason = ""


def builds(implementations: Sequence[Implementation], limit: float) -> list[Build]:
    """What has to be built, the longest first: each source once, though it may have several implementations."""
    together: dict[str, list[str]] = {}
    alone: dict[object, Build] = {}
    for each in implementations:
        if not each.compiled:
            continue
        source = Path(each.folder, each.source)
        approach = approach_of(source) if each.source else None
        if approach is not None and approach.builds_together and source.is_file():
            named = together.setdefault(approach.name, [])
            named += [str(source)] if str(source) not in named else []
        else:
            work = functools.partial(load, implementation=each, limit=limit)
            alone.setdefault((source if each.source else (each.file, each.name)), Build(each.name, work))

    def ask(process: Process, approach: str, sources: list[str]) -> str:
        return str(process.ask("build", BUILD_LIMIT, approach=approach, sources=sources).get("unavailable", ""))

    joint = [
        Build(
            name if len(sources) == 1 else f"{len(sources)} of {name}",
            functools.partial(ask, approach=name, sources=sources),
        )
        for name, sources in sorted(together.items(), key=lambda item: -len(item[1]))
    ]
    return [*joint, *alone.values()]


def build(implementations: Sequence[Implementation], limit: float, watcher: Watcher) -> list[Build]:
    """Has every implementation that compiles do so, in processes that are not measured.

    Returns those. One that fails says why when it is raced, too.
    """
    found = builds(implementations, limit)
    if not found:
        return found
    watcher.case("build", len(found))

    def one(each: Build) -> None:
        if each.stopped:
            return
        each.process = Process()
        try:
            each.reason = each.work(each.process)
        except Gone as end:
            each.reason = f"{end}, while it was loaded"
        watcher.step()
        each.process.end()

    at_once(found, one, "building", watcher, SLOW)
    return found


def prepare(entries: Sequence[Entry], plan: Plan, watcher: Watcher) -> None:
    """Starts every entry's process, hands it the arguments, and checks its first result."""

    def first(entry: Entry) -> None:
        start(entry, plan.limit)
        if not entry.out and entry.process is not None and first_result(entry, plan.limit):
            watcher.step()

    at_once(running(entries), first, "verifying", watcher)


def first_result(entry: Entry, limit: float) -> bool:
    """Hands an entry its arguments and checks its first result; returns whether it answered."""
    try:
        reply = entry.hand_over(limit)
    except Gone as end:
        entry.put_out(record.FAILED, str(end))
        return False
    entry.accepts(reply)
    return True


def start(entry: Entry, limit: float) -> None:
    """Starts an entry's process and loads it; one that cannot is out."""
    if entry.stopped:
        return
    try:
        reason = entry.load(limit)
    except Gone as end:
        entry.put_out(record.FAILED, f"{end}, while it was loaded")
        return
    if reason:
        entry.put_out(record.UNAVAILABLE, reason)
        return
    assert entry.process is not None
    entry.row.versions = said(entry.process.facts.get("versions", {}))
    entry.row.details = said(entry.process.facts.get("details", {}))


def said(facts: Mapping[str, object]) -> dict[str, str]:
    """What a contender said about itself, as far as a row has room for it."""
    return {str(name)[:LONGEST]: str(value)[:LONGEST] for name, value in facts.items()}


class Busy:
    """What several threads do at once, which a watcher is told."""

    def __init__(self, watcher: Watcher, what: str, count: int, note: str = "") -> None:
        self._watcher, self._what, self._count, self._note = watcher, what, count, note
        self._begun = itertools.count(1)
        self._names: list[str] = []

    @contextlib.contextmanager
    def with_(self, name: str) -> Iterator[None]:
        """Tells that one more is worked at, of so many, and the names of all that are."""
        self._names.append(name)
        names = ", ".join(self._names)
        self._watcher.doing(f"{self._what} {next(self._begun)} of {self._count}: {names}{self._note}")
        try:
            yield
        finally:
            self._names.remove(name)


class Started(Protocol):
    """What has a process of its own."""

    @property
    def name(self) -> str:
        """What it is called."""

    process: Process | None
    #: Set when the work is broken off.
    stopped: bool


Worked = TypeVar("Worked", bound=Started)


def at_once(
    entries: Sequence[Worked], work: Callable[[Worked], None], what: str, watcher: Watcher, note: str = ""
) -> None:
    """Does ``work`` for every entry, as many at once as there are processors.

    The watcher is told ``what`` is being done with which of them, and the ``note``. Where the work is broken off, every
    process is ended.
    """
    busy = Busy(watcher, what, len(entries), note)

    def told(entry: Worked) -> None:
        with busy.with_(entry.name):
            work(entry)

    pool = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        for _ in pool.map(told, entries):
            pass
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for entry in entries:
            entry.stopped = True
            if entry.process is not None:
                entry.process.end()
        raise
    pool.shutdown()


def warm_up(entry: Entry, plan: Plan, watcher: Watcher) -> float:
    """Warms a contender up and settles the calls in a sample of it; returns the seconds of such a sample."""
    assert entry.process is not None
    watcher.doing(f"warming up {entry.name}")
    try:
        reply = entry.process.ask("warm_up", plan.limit, target_ns=int(plan.sample_ms * 1e6))
    except Gone as end:
        entry.put_out(record.FAILED, f"{end}, while it warmed up")
        return 0.0
    watcher.step(3)
    if "raised" in reply:
        entry.accepts(reply)
        return 0.0
    for calls, _, counts in reply["samples"]:
        if not entry.accepts({"counts": counts, "calls": calls}):
            return 0.0
    loops = entry.cold_calls if plan.cold else int(reply["loops"])
    if entry.slowdown:
        loops = selfcheck.loops(loops)
    entry.row.runs.append(
        Run(
            loops=loops,
            warmups=[(calls, ns / calls / 1e9) for calls, ns, _ in reply["samples"]],
            values=[],
            date=datetime.datetime.now().isoformat(sep=" ", timespec="seconds"),
            load=os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0,
        )
    )
    calls, ns, _ = reply["samples"][-1]
    return float(loops * (ns / calls / 1e9 + plan.cold / WALKED))


def sample(entry: Entry, plan: Plan) -> None:
    """One sample of a contender, checked."""
    assert entry.process is not None
    run = entry.row.runs[-1]
    more = round(run.loops * entry.slowdown)
    try:
        if plan.cold:
            reply = entry.process.ask("cold", plan.limit, loops=run.loops + more, walk=plan.cold)
        else:
            reply = entry.process.ask("sample", plan.limit, loops=run.loops + more)
    except Gone as end:
        entry.put_out(record.FAILED, str(end))
        return
    if entry.accepts({"calls": run.loops + more, **reply}):
        run.values.append(max(int(reply["ns"]), 1) / run.loops / 1e9)


def describe(given: Given) -> CaseRecord:
    """The record of an input before anything was measured. Takes the time of the reference."""
    digest = given.sha256 if given.text is not None or given.is_bytes else ""
    return CaseRecord(given.name, given.about, given.reference, given.lengths, given.counts, digest)

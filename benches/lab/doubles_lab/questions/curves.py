"""Time over size: what a call takes for each contender, from no character to 64 Mi.

Each contender has a process of its own. At each size, from the smallest on: it takes the input, is called once and must
give the count; then it is warmed up, and the contenders give one sample each a round, in an order drawn anew, each
checked, on one CPU. All of that ten times, each time with new processes. A contender whose next call would take longer
than is affordable stops there. One contender takes part twice more, as its twin and slowed: the lab checks itself.

The text is a prefix of one random text, so that the counts, from the plain Python definition, take one pass.
"""

from __future__ import annotations

import math
import statistics
import string
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import msgspec
import psutil
from msgspec import Meta, Struct

from doubles_lab import folder
from doubles_lab.given import Given
from doubles_lab.implementation import Implementation
from doubles_lab.measure import conditions, schedule, selfcheck
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.building import build
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Process, Scratch
from doubles_lab.measure.race import Entry
from doubles_lab.measure.subject import Subject, described, ended
from doubles_lab.problem import Problem
from doubles_lab.problems.count_doubles import oracle
from doubles_lab.questions import checked, threads
from doubles_lab.questions.answer import Interrupted, Setting
from doubles_lab.results import record
from doubles_lab.sequence import random_ascii

#: The name of the curves in what questions share, and in their data.
KEY = "curves"
LARGEST = 1 << 26
#: Bytes that a contender is taken to hold of each character: the str, and what it is made into.
HELD = 2
#: The largest size that so many seconds for each contender, and more, are enough for. Ten processes take it each.
LARGEST_BY_SECONDS = ((12.0, LARGEST), (4.0, 1 << 24), (1.0, 1 << 20), (0.0, 1 << 17))
#: The largest size that is measured whatever the time.
SMALL = 1000
#: Seconds that a call may take at most.
LONGEST = 1.0
Data = dict[str, Any]


def sizes_up_to(largest: int, per_decade: int) -> list[int]:
    """0, so many sizes a decade, evenly on a log scale, and the largest, without one just below that."""
    found = {0, largest}
    power = 0
    while (size := round(10 ** (power / per_decade))) * 1.3 < largest:
        found.add(size)
        power += 1
    return sorted(found)


@dataclass(frozen=True)
class Plan:
    """How the curves are measured."""

    sizes: Sequence[int]
    #: Processes of each contender; all are renewed at once.
    processes: int = schedule.FULL.processes
    rounds: int = 3
    sample_ms: float = 2.0
    #: Seconds that a call may take; a contender stops where it would take longer.
    longest: float = LONGEST
    #: Seconds for all of it, builds apart.
    seconds: float = 60.0
    #: Whether that is all the time that there is: then there are as many processes as fit, and two at least.
    budgeted: bool = False


def largest_for(contenders: int, available: int) -> int:
    """The largest size that so many contenders hold at once in two thirds of the memory that there is, in bytes."""
    return min(LARGEST, max(1, 2 * available // (3 * HELD * max(1, contenders))))


def plan_for(seconds: float, contenders: int, available: int, budgeted: bool = False) -> Plan:
    """The plan that fits so many seconds and so many bytes of memory.

    Three tenths are for samples, as much for calls that take longer than one, and the rest for starting processes and
    handing them the inputs.
    """
    each = seconds / max(1, contenders)
    affordable = next(largest for least, largest in LARGEST_BY_SECONDS if each >= least)
    sizes = sizes_up_to(min(affordable, largest_for(contenders, available)), 4 if each >= 12 else 2)
    processes, rounds = schedule.FULL.processes, 3 if each >= 4 else 2 if each >= 1 else 1
    samples = len(sizes) * (processes * (rounds + 1) + 2)
    # Short samples and many: one that another program disturbs is then one of many.
    sample_ms = min(10.0, max(0.3, 0.3 * each * 1000 / samples))
    # At the last sizes a slow contender is called once a sample; those before take as long again, and a quarter.
    growth = sizes[-2] / sizes[-3]
    calls = processes * (rounds + 2) + 3
    longest = min(LONGEST, max(0.005, 0.3 * each / calls * (1 - 1 / growth)))
    return Plan(sizes, processes, rounds, sample_ms, longest, seconds, budgeted)


def prefix(problem: Problem, text: str, count: int) -> Given:
    """The first characters of a text, which are ASCII, with their doubles known."""
    name = f"{len(text):,} letters"
    return Given(problem, name, lambda: text, size=len(text), known=dict.fromkeys(problem.units, count))


class Prefixes:
    """The inputs, each made when it is asked for, in ascending order."""

    def __init__(self, largest: int, scratch: Scratch) -> None:
        self._text = random_ascii("size", largest, string.ascii_letters)
        self._problem = folder.read(folder.bundled()).problem
        self.files = Files(scratch)
        self._made: dict[int, Given] = {}
        self._size = self._count = 0

    def get(self, size: int) -> Given:
        """The input of a size. About 50 ns a character more than the last."""
        if size not in self._made:
            assert size >= self._size
            # From the last character that was counted, so that the pair across the border counts.
            self._count += oracle.count_items(self._text[max(0, self._size - 1) : size])
            self._size = size
            self._made[size] = prefix(self._problem, self._text[:size], self._count)
        return self._made[size]


class Curve(Subject):
    """A contender, and what was measured of it so far. It keeps its process from size to size."""

    def __init__(self, implementation: Implementation, slowdown: float = 0.0) -> None:
        super().__init__(implementation, slowdown)
        #: What becomes of it, and why.
        self.verdict, self.why = record.UNMEASURED, ""
        #: Where and why it stopped before the largest size.
        self.ended = ""
        #: Calls in a sample, by size.
        self.loops: dict[int, int] = {}
        #: Seconds a call, by size, process and round.
        self.seconds: dict[int, list[list[float]]] = {}
        #: The size and the seconds of the last call that was timed.
        self.last: tuple[int, float] = (0, 0.0)

    def start(self, limit: float, process: Callable[[], Process] = Process) -> None:
        """Starts a process unless there is one."""
        if self.process is None:
            super().start(limit, process)

    def goes_on(self, size: int, plan: Plan, first: bool) -> bool:
        """Whether it is measured at a size: the first time, if that is affordable; later, if it was."""
        if self.verdict in (record.WRONG, record.FAILED, record.UNAVAILABLE) or (self.ended and first):
            return False
        if not first:
            return size in self.loops
        before, seconds = self.last
        expected = seconds * size / max(before, 1)
        if expected > plan.longest:
            self.ended = f"a call on {size:,} characters would take about {expected:.2g} s"
        return not self.ended

    def as_dict(self) -> Data:
        """What is saved."""
        return {
            "name": self.name,
            "unit": str(self.implementation.unit),
            **described(self.implementation, "language", "binding", "access", "prepared"),
            "tags": list(self.implementation.tags),
            "status": self.verdict,
            "reason": self.why,
            "ended": self.ended,
            "points": [{"size": size, "seconds": values} for size, values in sorted(self.seconds.items()) if values],
        }


class Point(Entry):
    """A curve at one size."""

    def __init__(self, curve: Curve, given: Given, files: Files, plan: schedule.Plan) -> None:
        self.curve = curve
        curve.trials.clear()
        super().__init__(curve, given, files, plan)
        self.loops = curve.loops.get(given.length, 0)
        # One that states another outcome here, as an exception for "", is not called.
        if not self.out and self.expected.outcome != given.expected:
            if curve.verdict == record.UNMEASURED:
                curve.why = f"gives {self.expected.outcome}, as it states: {self.expected.statement}"
            self.out = True

    def put_out(self, status: str, reason: str) -> None:
        """The curve is out, without the times that it has."""
        super().put_out(status, reason)
        self.curve.verdict, self.curve.why = self.row.status, self.row.reason
        self.curve.seconds.clear()

    def keep(self) -> None:
        """Takes what it gave."""
        if not self.out:
            run = self.row.runs[-1]
            self.curve.verdict, self.curve.why = record.RANKED, ""
            self.curve.loops[self.given.length] = run.loops
            self.curve.seconds.setdefault(self.given.length, []).append(run.values)
            self.curve.last = self.given.length, min(run.values)


class OneSize(schedule.Rounds):
    """The rounds of one size. The processes go on to the next one."""

    lasting = True


class Size(Struct):
    """What was measured of a curve at a size: seconds a call, by process and round."""

    size: Annotated[int, Meta(ge=0)]
    seconds: list[list[Annotated[float, Meta(gt=0)]]]


class Measured(Struct, dict=True):
    """A curve as it is saved."""

    name: str
    language: str
    binding: str
    access: str
    tags: tuple[str, ...]
    prepared: bool
    status: str
    reason: str
    ended: str
    points: list[Size]

    @cached_property
    def times(self) -> dict[int, list[list[float]]]:
        """Seconds a call, by size, process and round."""
        return {point.size: point.seconds for point in self.points}

    @property
    def pure(self) -> bool:
        """Whether it is Python all the way."""
        return self.language == "Python" and self.binding == "none"

    def median(self, size: int) -> float:
        """The median of a size, in seconds a call."""
        return statistics.median(value for group in self.times[size] for value in group)


def read(data: Data) -> list[Measured]:
    """The curves that :func:`measure` gave. Raises ``KeyError``, ``ValueError`` or msgspec's error for others."""
    found = msgspec.convert(data["contenders"], list[Measured])
    for curve in found:
        if not all(any(groups) for groups in curve.times.values()):
            raise ValueError(f"{curve.name}: a size has no time")
    return found


def broken(found: Sequence[Measured]) -> tuple[str, ...]:
    """Those that broke what they state."""
    return tuple(curve.name for curve in found if curve.status in (record.WRONG, record.FAILED))


def missing(found: Sequence[Measured]) -> list[tuple[str, ...]]:
    """A row for each that has no times: its name, and why."""
    return [(curve.name, f"{curve.status}: {curve.reason}") for curve in found if not curve.times]


def method(data: Data) -> str:
    """How the curves were measured."""
    sizes = [int(size) for size in data["sizes"]]
    text = (
        f"Time over size: prefixes of one random text of ASCII letters, {len(sizes)} sizes up to {max(sizes):,} "
        f"characters; {int(data['processes'])} processes for each contender, rounds in each: {int(data['rounds'])}, "
        f"samples of about {float(data['sample_ms']):.2g} ms, every sample checked; all but those with several "
        f"threads on one CPU. A contender stops where a call would take longer than {float(data['longest']):.2g} s, "
        "which is what the time affords."
    )
    if max(sizes) < LARGEST:
        text += " Longer ones would not have fitted in the time, or not in this machine's memory."
    if data["stopped"]:
        text += f" Broken off: {data['stopped']}."
    if int(data["processes"]) < 2:
        text += " With one process for each, the intervals hold nothing of what differs from process to process."
    return text


class Says(Watcher):
    """Tells another watcher what is done, but not the steps."""

    def __init__(self, watcher: Watcher, what: str) -> None:
        self._watcher, self._what = watcher, what

    def doing(self, what: str) -> None:
        self._watcher.doing(f"{self._what}: {what}")


def measured(setting: Setting) -> Data:
    """The curves of the setting's contenders, measured unless another question has done so.

    Raises :class:`Interrupted` with those that it has.
    """
    if KEY not in setting.shared:
        chosen = list(setting.contenders)
        chosen += [threads.BY_ONE_THREAD[each.name] for each in chosen if each.name in threads.BY_ONE_THREAD]
        plan = plan_for(setting.seconds, len(chosen), psutil.virtual_memory().available, setting.budgeted)
        try:
            setting.shared[KEY] = measure(chosen, plan, setting)
        except Interrupted as interrupt:
            setting.shared[KEY] = interrupt.data
            raise
    return setting.shared[KEY]


def measure(contenders: Sequence[Implementation], plan: Plan, setting: Setting) -> Data:
    """The curves of ``contenders``. Raises :class:`Interrupted` with those that it has."""
    curves = [Curve(contender) for contender in contenders]
    fast = [each for each in contenders if each.language == "Rust" and not each.prepared and "threads" not in each.tags]
    check = [Curve(each, slowdown) for each in (fast or contenders)[:1] for slowdown in (0.0, selfcheck.SLOWDOWN)]
    state: Data = {"processes": 0, "stopped": ""}
    try:
        with Scratch() as scratch:
            _generations([*curves, *check], plan, setting, Prefixes(max(plan.sizes), scratch), state)
    except KeyboardInterrupt:
        raise Interrupted(_data(curves, check, plan, state)) from None
    return _data(curves, check, plan, state)


def _data(curves: Sequence[Curve], check: Sequence[Curve], plan: Plan, state: Data) -> Data:
    return {
        **state,
        "sizes": list(plan.sizes),
        "rounds": plan.rounds,
        "sample_ms": plan.sample_ms,
        "longest": plan.longest,
        "caches": conditions.caches(),
        "contenders": [curve.as_dict() for curve in curves],
        "selfchecks": _checks(curves, check),
    }


def _checks(curves: Sequence[Curve], check: Sequence[Curve]) -> Data:
    """The lab's check of itself, at the smallest, a middle and the largest size."""
    found: Data = {}
    for twin, slowed in zip(check[:1], check[1:]):
        original = next(curve for curve in curves if curve.implementation is twin.implementation)
        three = (original, twin, slowed)
        sizes = sorted(set.intersection(*(set(curve.seconds) for curve in three)) - {0})
        for size in dict.fromkeys([*sizes[:1], *sizes[len(sizes) // 2 :][:1], *sizes[-1:]]):
            groups = (curve.seconds[size] for curve in three)
            found[f"the length {size:,}"] = checked.data_of(twin.name, groups)
        if not sizes:
            reason = original.why or twin.why or slowed.why or "no size was measured"
            found["time over size"] = checked.data_of(twin.name, [[], [], []], reason)
    return found


def _generations(curves: Sequence[Curve], plan: Plan, setting: Setting, prefixes: Prefixes, state: Data) -> None:
    build([curve.implementation for curve in curves], setting.limit, setting.watcher)
    setting.watcher.case("time over size", len(curves) * len(plan.sizes) * plan.processes)
    begin = time.monotonic()
    for generation in range(plan.processes):
        taken = time.monotonic() - begin
        # The first processes took longer than others will: they warmed up from nothing.
        if plan.budgeted and generation > 1 and taken + 0.8 * taken / generation > plan.seconds:
            return
        with ended(curves):
            _generation(curves, plan, setting, prefixes, generation, state)
        state["processes"] += 1


def _generation(
    curves: Sequence[Curve], plan: Plan, setting: Setting, prefixes: Prefixes, generation: int, state: Data
) -> None:
    """All sizes, with new processes. The first time finds what is affordable."""
    rounds = schedule.Plan(1, plan.rounds, plan.sample_ms, math.inf, limit=setting.limit, seed=setting.seed, brief=True)
    first = not generation
    begin = time.monotonic()
    for size in plan.sizes:
        if first and size > SMALL and time.monotonic() - begin > 1.5 * plan.seconds / plan.processes:
            state["stopped"] = f"the time was up before {size:,} characters"
            break
        given = prefixes.get(size)
        going = [curve for curve in curves if curve.goes_on(size, plan, first)]
        if not going:
            break
        points = [Point(curve, given, prefixes.files, rounds) for curve in going]
        OneSize(f"{given.name}, process {generation}", going, rounds, Says(setting.watcher, given.name)).run()
        for point in points:
            point.keep()
        if size == plan.sizes[0]:
            begin = time.monotonic()  # all are started
        setting.watcher.step(len(curves))

"""Rounds: everybody in turn, one at a time, in an order drawn anew each round, all on one CPU.

A process gives a few samples and ends, and its subject gets another one: it is processes that differ, so there are at
least ten of each. They are not all renewed at once, but some in each round, so that being the third process and being
timed in the third minute are two things. A slow minute of the machine falls on all alike.
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from doubles_lab.measure.at_once import Watcher, at_once
from doubles_lab.measure.subject import Subject, Trial, ended


@dataclass(frozen=True)
class Plan:
    """How rounds are run."""

    #: Processes of each. One more, where its first and its last share the rounds of one.
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
    #: Seconds for one call or sample; then the implementation has hung.
    limit: float = 60.0
    seed: int = 0
    #: Whether one sample is enough to warm up a process where earlier ones tell how many calls one has.
    brief: bool = False
    #: The bytes that are walked through before each call, for nothing to be left in a cache, and every call has an
    #: argument of its own; a sample is one such call. 0 where calls are repeated with the same argument.
    cold: int = 0


#: A quick race: a minute or two for all contenders on one case.
QUICK = Plan(rounds=2, sample_ms=10.0, case_seconds=60.0)
FULL = Plan()
#: The most processes that a time budget is spent on.
MOST_PROCESSES = 40
#: A case with less than so many seconds of a budget gets samples as short as those of a quick race.
SHORT_SECONDS = 120.0


def budgeted(plan: Plan, seconds: float) -> Plan:
    """The plan for a case that may take so many seconds, builds apart."""
    sample_ms = min(plan.sample_ms, QUICK.sample_ms) if seconds < SHORT_SECONDS else plan.sample_ms
    return replace(plan, processes=MOST_PROCESSES, case_seconds=seconds, sample_ms=sample_ms, budgeted=True)


def affordable(plan: Plan, round_seconds: float, starting_seconds: float) -> tuple[int, int]:
    """The processes, and the rounds in each, that keep a case within its time.

    ``round_seconds`` is what a round of all takes, and ``starting_seconds`` what it took to start all. Rounds are cut
    first: it is processes that make an interval narrow. Within a budget there are as many as fit, and ``plan.fewest``
    at least.
    """
    second = max(round_seconds, 1e-9)
    if not plan.budgeted:
        return plan.processes, max(1, int(min(plan.rounds, plan.case_seconds / plan.processes / second)))
    for rounds in range(plan.rounds, 0, -1):
        processes = int(plan.case_seconds / (rounds * second + starting_seconds))
        if processes >= min(FULL.processes, plan.processes) or rounds == 1:
            return max(plan.fewest, min(processes, plan.processes)), rounds
    raise AssertionError("there is a plan for every budget")


class OneCpu:
    """One CPU for the lab and the thread that calls each implementation. Does nothing where the system cannot.

    Processes that stay on different CPUs differ by what else those do. Threads that an implementation has started by
    the time that it is kept there stay free to run anywhere.
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


class Rounds:
    """Rounds over subjects. ``processes`` and ``rounds`` in each are what they have, once the first round is over."""

    #: Whether processes last: then none is renewed, and none is ended at the end.
    lasting = False

    def __init__(self, name: str, subjects: Sequence[Subject], plan: Plan, watcher: Watcher) -> None:
        self.name, self.subjects, self.plan, self.watcher = name, list(subjects), plan, watcher
        self.processes, self.rounds = plan.processes, plan.rounds

    def joining(self) -> Sequence[Subject]:
        """Those that join once the others are warm."""
        return ()

    def after(self, number: int, total: int) -> None:
        """Called after each round, of which 0 is the first."""

    def run(self) -> None:
        """Runs all rounds: by the time that the first one takes, as many as there is time for."""
        began = time.monotonic()
        with ended(() if self.lasting else self.subjects), one_cpu() as cpu:
            self.watcher.case(self.name, self.steps)
            self._renew(self.subjects, cpu)
            joining = list(self.joining())
            self.subjects += joining
            self._renew(joining, cpu)
            started = time.monotonic()
            self._round(0, "round 1", cpu)
            self.processes, self.rounds = affordable(self.plan, time.monotonic() - started, started - began)
            self.watcher.resize(self.steps)
            if not self.lasting:
                spread([each for each in self.subjects if not each.out], self.rounds, self._drawn("first processes"))
            total = self.processes * self.rounds
            self.after(0, total)
            for number in range(1, total):
                self._renew([each for each in self.subjects if each.left == 0], cpu)
                self._round(number, f"round {number + 1} of {total}", cpu)
                self.after(number, total)

    @property
    def steps(self) -> int:
        """The steps for a progress bar: four to start a process, one a sample."""
        return len(self.subjects) * (self.rounds + 4) * self.processes

    def _drawn(self, what: object) -> random.Random:
        return random.Random(f"{self.plan.seed} {self.name} {what}")

    def _renew(self, due: Sequence[Subject], cpu: OneCpu) -> None:
        """Gives each a new process, verified and warmed up, which gives as many rounds as any."""

        def start(subject: Subject) -> None:
            subject.renew(self.plan.limit)
            self.watcher.step()

        due = [subject for subject in due if not subject.out]
        if not due:
            return
        with cpu.let_go():
            at_once(due, start, "verifying", self.watcher)
        # Several threads on one CPU would show nothing.
        one_threaded = [subject for subject in due if "threads" not in subject.implementation.tags]
        cpu.keep(subject.process.pid for subject in one_threaded if subject.process is not None)
        for subject in due:
            subject.left = self.rounds
            self.watcher.doing(f"warming up {subject.name}")
            for trial in subject.measured:
                self._attempt(trial, trial.warm_up, cpu)
            self.watcher.step(3)

    def _round(self, number: int, name: str, cpu: OneCpu) -> None:
        """One sample of all that are not out."""
        order = self._drawn(number)
        # Drawn for everybody, so that the order of the others does not depend on who is out.
        for subject in sorted(self.subjects, key=lambda _: order.random()):
            if not subject.out:
                self.watcher.doing(f"{subject.name}, {name}")
                for trial in order.sample(subject.trials, len(subject.trials)):
                    self._attempt(trial, trial.sample, cpu)
                subject.left -= 1
            self.watcher.step()

    def _attempt(self, trial: Trial, step: Callable[[float], None], cpu: OneCpu) -> None:
        """Takes a step of a trial. After a crash the others of its subject have a new process."""
        if not trial.attempt(step, self.plan.limit) and trial.subject.crashed:
            self._renew([trial.subject], cpu)


def spread(subjects: Sequence[Subject], rounds: int, order: random.Random) -> None:
    """Has first processes end in different rounds: each gives from one to ``rounds`` samples, of which it gave one."""
    shares = [i % rounds for i in range(len(subjects))]
    order.shuffle(shares)
    for subject, share in zip(subjects, shares):
        subject.left = share

"""The contenders that a question measures, each in processes of its own, and the rounds in which they take turns.

As in a race: the processes of a contender are renewed in different rounds, each round is in an order drawn anew, and
all of it is measured on one CPU. See :mod:`doubles_lab.measure.race`.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doubles_lab.implementation import Implementation
from doubles_lab.measure import race
from doubles_lab.measure.process import Gone, Process
from doubles_lab.measure.race import OneCpu, Watcher
from doubles_lab.measure.verify import load
from doubles_lab.results import record

#: It gave what it must, and there is something to show of it.
MEASURED = "measured"


def broken(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The contenders of rows that broke what they state."""
    return tuple(sorted({str(row["contender"]) for row in rows if row["status"] in (record.WRONG, record.FAILED)}))


class Out(Exception):
    """A contender that is measured no further. Its text says why."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Subject:
    """A contender that a question measures.

    ``slowdown`` is the share of calls that it makes besides those that are counted, for the lab to check itself.
    """

    def __init__(self, contender: Implementation, slowdown: float = 0.0) -> None:
        self.contender = contender
        self.name = contender.name
        self.slowdown = slowdown
        self.status, self.reason = MEASURED, ""
        self.process: Process | None = None
        self.stopped = False
        self.trials: list[Trial] = []
        #: The rounds that its process is still to give.
        self.left = 0

    @property
    def out(self) -> bool:
        """Whether nothing is measured of it any more."""
        return not any(trial.measured for trial in self.trials)

    def calls(self, loops: int) -> int:
        """The calls of a sample of so many that are counted."""
        return loops + round(loops * self.slowdown)

    def start(self, limit: float) -> None:
        """Starts a process, a new one if there was one, and loads the contender. One that cannot has its reason."""
        self.end()
        self.process = Process()
        try:
            reason = load(self.process, self.contender, limit)
        except Gone as end:
            self.status, self.reason = record.FAILED, f"{end}, while it was loaded"
        else:
            if reason:
                self.status, self.reason = record.UNAVAILABLE, reason

    def ask(self, do: str, limit: float, **request: Any) -> dict[str, Any]:
        """The reply to a request, an exception that the contender raised included.

        Raises :class:`Out` if there is no reply.
        """
        if self.process is None:
            raise Out(record.FAILED, "its process has ended")
        try:
            return self.process.ask(do, limit, **request)
        except Gone as end:
            self.end()
            raise Out(record.FAILED, str(end)) from None

    def reply(self, do: str, limit: float, on_error: str = record.FAILED, **request: Any) -> dict[str, Any]:
        """The reply to a request. Raises :class:`Out`, with ``on_error`` where the contender raised an exception."""
        reply = self.ask(do, limit, **request)
        if "raised" in reply:
            raise Out(on_error, f"raises {reply['raised']}: {reply['message']}")
        return reply

    def end(self) -> None:
        """Ends its process, if there is one."""
        if self.process is not None:
            self.process.end()
            self.process = None


class Trial:
    """What is measured of a subject with one input: a row of what is saved."""

    def __init__(self, subject: Subject, data: dict[str, Any]) -> None:
        self.subject = subject
        self.data = {**data, "status": MEASURED, "reason": "", **self.nothing()}
        #: Calls in a sample, once they are settled.
        self.loops = 0
        subject.trials.append(self)

    def nothing(self) -> dict[str, Any]:
        """What is saved of its samples before there is one."""
        return {"seconds": []}

    def groups(self) -> Iterable[list[list[float]]]:
        """Its samples: each a list of seconds by process and round."""
        return [self.data["seconds"]]

    @property
    def measured(self) -> bool:
        """Whether it is still measured."""
        return bool(self.data["status"] == MEASURED)

    def put_out(self, status: str, reason: str) -> None:
        """It is measured no further."""
        self.data.update(status=status, reason=reason, **self.nothing())

    def begin(self) -> None:
        """Samples are of another process from here on."""
        for groups in self.groups():
            if not groups or groups[-1]:
                groups.append([])

    def warm_up(self, limit: float) -> None:
        """Gives a new process its input, and checks the first results. Raises :class:`Out`."""
        raise NotImplementedError

    def sample(self, limit: float) -> None:
        """Takes one sample, which is checked. Raises :class:`Out`."""
        raise NotImplementedError


@dataclass(frozen=True)
class Pace:
    """How subjects are measured."""

    #: About how long that may take, in seconds.
    seconds: float
    #: Rounds in each process, at most.
    rounds: int
    limit: float
    seed: int
    watcher: Watcher
    #: Processes of each.
    processes: int = race.FULL.processes
    #: Whether ``seconds`` are all that there are: then there are as many processes as fit, and two at least.
    budgeted: bool = False


class Rounds:
    """Rounds over subjects. ``processes`` and ``rounds`` are what they had, or will have."""

    def __init__(self, found: Sequence[Subject], pace: Pace) -> None:
        self.found, self.pace = list(found), pace
        self.order = random.Random(pace.seed)
        self.processes, self.rounds = pace.processes, 1

    def run(self) -> None:
        """All of them; rounds are cut where the time is short, and processes are not. Ends every process."""
        began = time.monotonic()
        try:
            with race.one_cpu() as cpu:
                self._renew(self.found, cpu)
                started = time.monotonic() - began
                self._round("round 1", cpu)
                self._settle(started, time.monotonic() - began - started)
                for i, subject in enumerate(self._running(shuffled=True)):
                    subject.left = i % self.rounds
                total = self.processes * self.rounds
                for number in range(1, total):
                    self._renew([subject for subject in self._running() if subject.left == 0], cpu)
                    self._round(f"round {number + 1} of {total}", cpu)
        finally:
            for subject in self.found:
                subject.end()

    def _settle(self, start: float, one: float) -> None:
        """Settles the processes and the rounds by what it took to start all, and for one round."""
        pace = self.pace
        if pace.budgeted:
            fewest, _ = race.BUDGETED_PROCESSES
            self.processes = max(fewest, min(pace.processes, int(pace.seconds / max(start + one, 1e-9))))
        self.rounds = max(1, min(pace.rounds, int((pace.seconds / self.processes - start) / max(one, 1e-9))))

    def _running(self, shuffled: bool = False) -> list[Subject]:
        found = [subject for subject in self.found if not subject.out]
        if shuffled:
            self.order.shuffle(found)
        return found

    def _renew(self, due: Sequence[Subject], cpu: OneCpu) -> None:
        """Gives each a new process, which gives as many rounds as any."""
        with cpu.let_go():
            race.at_once(due, lambda subject: subject.start(self.pace.limit), "starting", self.pace.watcher)
        for subject in due:
            subject.left = self.rounds
            self._keep(subject, cpu)
            for trial in [trial for trial in subject.trials if trial.measured]:
                trial.begin()
                self._try(trial, trial.warm_up, cpu)

    def _round(self, name: str, cpu: OneCpu) -> None:
        for subject in self._running(shuffled=True):
            self.pace.watcher.doing(f"{subject.name}, {name}")
            trials = [trial for trial in subject.trials if trial.measured]
            self.order.shuffle(trials)
            for trial in trials:
                self._try(trial, trial.sample, cpu)
            subject.left -= 1
        self.pace.watcher.step()

    def _keep(self, subject: Subject, cpu: OneCpu) -> None:
        if subject.process is not None:
            cpu.keep([subject.process.pid])

    def _try(self, trial: Trial, step: Callable[[float], None], cpu: OneCpu) -> None:
        """A step of a trial. One that fails is out; after a crash the others of its subject have a new process."""
        subject = trial.subject
        if not trial.measured:
            return
        try:
            if subject.status != MEASURED:
                raise Out(subject.status, subject.reason)
            step(self.pace.limit)
        except Out as out:
            trial.put_out(out.status, str(out))
            if subject.process is None and subject.status == MEASURED and not subject.out:
                self._renew([subject], cpu)


def settled(once: Callable[[int], float], sample: float) -> int:
    """The calls that take about ``sample`` seconds, by what so many of them take at ``once``."""
    loops = 1
    while (seconds := once(loops)) < sample / 2:
        # No more than tenfold at once: the first calls may be slow for reasons that pass.
        loops = min(loops * 10, max(loops + 1, int(loops * sample / seconds)))
    return max(1, round(loops * sample / seconds))


@contextlib.contextmanager
def subjects(contenders: Sequence[Implementation], limit: float, watcher: Watcher) -> Iterator[list[Subject]]:
    """The contenders, started by as many at once as there are processors; every process is ended at the end.

    One that cannot be loaded is among them, with its reason.
    """
    found = [Subject(contender) for contender in contenders]
    try:
        note = race.SLOW if any(contender.compiled for contender in contenders) else ""
        race.at_once(found, lambda subject: subject.start(limit), "starting", watcher, note)
        yield found
    finally:
        for subject in found:
            subject.end()


def counts_in(reply: dict[str, Any], expected: int) -> None:
    """Checks every count in a reply. Raises :class:`Out` for an exception, and for a count that is not as expected."""
    if "raised" in reply:
        raise Out(record.FAILED, f"raises {reply['raised']}: {reply['message']}")
    for count in reply["counts"]:
        if count != expected:
            raise Out(record.WRONG, f"gives {count:,} and must give {expected:,}")

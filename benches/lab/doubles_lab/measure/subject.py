"""An implementation with a process of its own, and what is measured of it with each input."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from doubles_lab.implementation import Implementation
from doubles_lab.measure.at_once import SLOW, Watcher, at_once
from doubles_lab.measure.process import Gone, Process
from doubles_lab.measure.verify import load
from doubles_lab.results import record

#: It gave what it must, and there is something to show of it.
MEASURED = "measured"


def broken(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The contenders of rows that broke what they state."""
    return tuple(sorted({str(row["contender"]) for row in rows if row["status"] in (record.WRONG, record.FAILED)}))


class Out(Exception):
    """Raised where an implementation is measured no further. Its text says why."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Subject:
    """An implementation that is measured.

    ``slowdown`` is the share of calls that it makes besides those that are counted, for the lab to check itself.
    """

    def __init__(self, implementation: Implementation, slowdown: float = 0.0) -> None:
        self.implementation, self.slowdown = implementation, slowdown
        self.name = implementation.name
        #: Why it cannot be measured, once it was loaded.
        self.status, self.reason = MEASURED, ""
        #: What it said about itself when it was loaded.
        self.facts: Mapping[str, Any] = {}
        self.process: Process | None = None
        #: Set when the work is broken off: what its process says from then on means nothing.
        self.stopped = False
        self.trials: list[Trial] = []
        #: The rounds that its process is still to give.
        self.left = 0

    @property
    def measured(self) -> list[Trial]:
        """What is still measured of it."""
        return [trial for trial in self.trials if trial.measured]

    @property
    def out(self) -> bool:
        """Whether nothing is measured of it any more."""
        return not self.measured

    @property
    def crashed(self) -> bool:
        """Whether its process ended, and other trials need a new one."""
        return self.process is None and self.status == MEASURED and not self.out

    def calls(self, loops: int) -> int:
        """The calls that a sample makes of which so many are counted."""
        return loops + round(loops * self.slowdown)

    def start(self, limit: float, process: Callable[[], Process] = Process) -> None:
        """Starts a process, a new one if there was one, and loads the implementation. One that cannot has its reason.

        ``process`` starts it.
        """
        self.end()
        if self.stopped:
            return
        self.process = process()
        try:
            reason = load(self.process, self.implementation, limit)
            self.facts = self.process.facts
        except Gone as end:
            self.status, self.reason = record.FAILED, f"{end}, while it was loaded"
        else:
            if reason:
                self.status, self.reason = record.UNAVAILABLE, reason

    def renew(self, limit: float) -> None:
        """Starts a new process and has every trial verify in it: one more for the rest where one of them crashes."""
        for trial in self.measured:
            trial.begin()
        while not self.out:
            self.start(limit)
            for trial in self.measured:
                if not trial.attempt(trial.verify, limit) and self.crashed:
                    break
            else:
                return

    def ask(self, do: str, limit: float, meanwhile: str = "", **request: Any) -> dict[str, Any]:
        """The reply to a request, an exception that the implementation raised included.

        Raises :class:`Out` if there is no reply; the text of that ends with ``meanwhile``.
        """
        if self.status != MEASURED:
            raise Out(self.status, self.reason)
        if self.process is None:
            raise Out(record.FAILED, "its process has ended")
        try:
            return self.process.ask(do, limit, **request)
        except Gone as end:
            self.end()
            raise Out(record.FAILED, f"{end}{meanwhile}") from None

    def end(self) -> None:
        """Ends its process, if there is one."""
        if self.process is not None:
            self.process.end()
            self.process = None

    def stop(self) -> None:
        """Ends its process, and it gets no other one."""
        self.stopped = True
        if self.process is not None:
            self.process.end()


class Trial:
    """What is measured of a subject with one input. Each step raises :class:`Out` where it fails."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        #: Calls in a sample, once they are settled.
        self.loops = 0
        subject.trials.append(self)

    @property
    def measured(self) -> bool:
        """Whether it is still measured."""
        raise NotImplementedError

    def put_out(self, status: str, reason: str) -> None:
        """It is measured no further."""
        raise NotImplementedError

    def begin(self) -> None:
        """Samples are of another process from here on."""

    def verify(self, limit: float) -> None:
        """Gives a new process its input and checks the first result, while other processes do the same."""

    def warm_up(self, limit: float) -> None:
        """Gets ready for samples, alone on the CPU."""

    def sample(self, limit: float) -> None:
        """Takes one sample, which is checked."""
        raise NotImplementedError

    def attempt(self, step: Callable[[float], None], limit: float) -> bool:
        """Takes a step, if it is still measured; it is out where that fails, which is told."""
        if self.measured:
            try:
                step(limit)
            except Out as out:
                if not self.subject.stopped:
                    self.put_out(out.status, str(out))
                if self.subject.out:
                    self.subject.end()
        return self.measured


def described(implementation: Implementation, *fields: str) -> dict[str, Any]:
    """Some of what an implementation says of itself, as it is saved."""
    return {field: getattr(implementation, field) for field in fields}


class Cell(Trial):
    """A trial whose samples are plain data: a row of what is saved."""

    def __init__(self, subject: Subject, **data: Any) -> None:
        super().__init__(subject)
        self.data = {"contender": subject.name, **data, "status": MEASURED, "reason": "", **self.nothing()}

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
        """It is measured no further, and its samples are dropped."""
        self.data.update(status=status, reason=reason, **self.nothing())

    def begin(self) -> None:
        """Samples are of another process from here on."""
        for groups in self.groups():
            if not groups or groups[-1]:
                groups.append([])


def settled(once: Callable[[int], float], sample: float) -> int:
    """The calls that take about ``sample`` seconds, by what so many of them take at ``once``."""
    loops = 1
    while (seconds := once(loops)) < sample / 2:
        # No more than tenfold at once: the first calls may be slow for reasons that pass.
        loops = min(loops * 10, max(loops + 1, int(loops * sample / seconds)))
    return max(1, round(loops * sample / seconds))


@contextlib.contextmanager
def ended(subjects: Iterable[Subject]) -> Iterator[None]:
    """Ends every process at the end, whatever happened."""
    try:
        yield
    finally:
        for subject in subjects:
            subject.end()


@contextlib.contextmanager
def started(implementations: Sequence[Implementation], limit: float, watcher: Watcher) -> Iterator[list[Subject]]:
    """The implementations, started by as many at once as there are processors; every process is ended at the end.

    One that cannot be loaded is among them, with its reason.
    """
    found = [Subject(each) for each in implementations]
    with ended(found):
        note = SLOW if any(each.compiled for each in implementations) else ""
        at_once(found, lambda subject: subject.start(limit), "starting", watcher, note)
        yield found


def counts_in(reply: dict[str, Any], expected: int) -> None:
    """Checks every count in a reply. Raises :class:`Out` for an exception, and for a count that is not as expected."""
    if "raised" in reply:
        raise Out(record.FAILED, f"raises {reply['raised']}: {reply['message']}")
    for count in reply["counts"]:
        if count != expected:
            raise Out(record.WRONG, f"gives {count:,} and must give {expected:,}")

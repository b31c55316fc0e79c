"""The contenders that a question measures: each in a process of its own, until it fails or the question is done."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from doubles_lab.contender import Contender
from doubles_lab.measure import race
from doubles_lab.measure.process import Gone, Process
from doubles_lab.measure.race import Watcher
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
    """A contender that a question measures."""

    def __init__(self, contender: Contender, worker: str) -> None:
        self.contender = contender
        self.name = contender.name
        self.worker = worker
        self.status, self.reason = MEASURED, ""
        self.process: Process | None = None
        self.stopped = False

    def start(self, limit: float) -> None:
        """Starts a process, a new one if there was one, and loads the contender. One that cannot has its reason."""
        self.end()
        self.process = Process(worker=self.worker)
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

    def end(self) -> None:
        """Ends its process, if there is one."""
        if self.process is not None:
            self.process.end()
            self.process = None


@contextlib.contextmanager
def subjects(contenders: Sequence[Contender], worker: str, limit: float, watcher: Watcher) -> Iterator[list[Subject]]:
    """The contenders, started by as many at once as there are processors; every process is ended at the end.

    ``worker`` is the module that their processes run. One that cannot be loaded is among them, with its reason.
    """
    found = [Subject(contender, worker) for contender in contenders]
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

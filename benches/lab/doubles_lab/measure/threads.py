"""Whether implementations let other threads run."""

from __future__ import annotations

from collections.abc import Sequence

from doubles_lab.given import Given
from doubles_lab.implementation import Implementation
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.race import Entry
from doubles_lab.measure.subject import Subject, ended


class LetsGo(Entry):
    """A contender of which it is asked whether it lets other threads run, and the answer, or why nobody knows."""

    found = ""

    def put_out(self, status: str, reason: str) -> None:
        """Nobody knows."""
        super().put_out(status, reason)
        self.found = reason

    def watch(self, limit: float, seconds: float) -> None:
        """Calls it for so long beside another thread."""
        self.subject.start(limit)
        reply = self.subject.ask("give", limit, **self.request)
        if "raised" not in reply:
            reply = self.subject.ask("lets_go", limit + seconds, seconds=seconds)
        self.found = f"raises {reply['raised']}" if "raised" in reply else "yes" if reply["ran"] else "no"


def lets_go(
    given: Given, implementations: Sequence[Implementation], limit: float, seconds: float = 0.3
) -> dict[str, str]:
    """Whether each implementation lets other threads run during a call with an input, or why nobody knows."""
    with Scratch() as scratch:
        files = Files(scratch)
        entries = [LetsGo(Subject(each), given, files) for each in implementations]
        for entry in entries:
            with ended([entry.subject]):
                entry.attempt(lambda limit, entry=entry: entry.watch(limit, seconds), limit)  # type: ignore[misc]
    return {entry.name: entry.found for entry in entries}

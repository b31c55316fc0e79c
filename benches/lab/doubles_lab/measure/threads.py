"""Whether implementations let other threads run."""

from __future__ import annotations

from collections.abc import Sequence

from doubles_lab.given import Given
from doubles_lab.implementation import Implementation
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Gone, Scratch
from doubles_lab.measure.race import Entry


def lets_go(
    given: Given, implementations: Sequence[Implementation], limit: float, seconds: float = 0.3
) -> dict[str, str]:
    """Whether each implementation lets other threads run during a call with an input, or why nobody knows."""
    found: dict[str, str] = {}
    with Scratch() as scratch:
        files = Files(scratch)
        for each in implementations:
            entry = Entry(each, given, files)
            if entry.out:
                found[each.name] = entry.row.reason
                continue
            try:
                if reason := entry.load(limit):
                    found[each.name] = reason
                    continue
                assert entry.process is not None
                reply = entry.hand_over(limit)
                if "raised" not in reply:
                    reply = entry.process.ask("lets_go", limit + seconds, seconds=seconds)
                found[each.name] = f"raises {reply['raised']}" if "raised" in reply else "yes" if reply["ran"] else "no"
            except Gone as end:
                found[each.name] = str(end)
            finally:
                if entry.process is not None:
                    entry.process.end()
    return found

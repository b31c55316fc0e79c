"""Builds what is compiled, before anything is measured."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from doubles_lab.folder import approach_of
from doubles_lab.implementation import Implementation
from doubles_lab.measure.at_once import SLOW, Watcher, at_once
from doubles_lab.measure.process import Gone, Process
from doubles_lab.measure.verify import BUILD_LIMIT, load


class Build:
    """What is built in a process of its own: a source, or all sources of an approach that builds them together."""

    def __init__(self, name: str, work: Callable[[Process], str]) -> None:
        self.name, self.work = name, work
        self.process: Process | None = None
        self.stopped = False
        #: Why it could not be built.
        self.reason = ""

    def run(self) -> None:
        """Builds it, unless the work was broken off."""
        if self.stopped:
            return
        self.process = Process()
        try:
            self.reason = self.work(self.process)
        except Gone as end:
            self.reason = f"{end}, while it was loaded"
        self.process.end()

    def stop(self) -> None:
        """Ends its process: the work is broken off."""
        self.stopped = True
        if self.process is not None:
            self.process.end()


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


def build(
    implementations: Sequence[Implementation], limit: float, watcher: Watcher, jobs: int | None = None
) -> list[Build]:
    """Has every implementation that compiles do so, in processes that are not measured.

    There are ``jobs`` at once, or as many as there are processors. Returns what was to be built. One that fails says
    why when it is raced, too.
    """
    found = builds(implementations, limit)
    if not found:
        return found
    watcher.case("build", len(found))

    def one(each: Build) -> None:
        each.run()
        watcher.step()

    at_once(found, one, "building", watcher, SLOW, jobs)
    return found

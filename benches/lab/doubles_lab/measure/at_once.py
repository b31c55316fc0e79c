"""Work that is done for several at once, as many as there are processors, and who is told of it."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

#: What is said of builds, which the cache keeps.
SLOW = ", some minutes the first time"


class Watcher:
    """Told what the lab does, for a progress bar. This one ignores it."""

    def case(self, case: str, steps: int) -> None:
        """A case begins, of about so many steps."""

    def doing(self, what: str) -> None:
        """This runs now."""

    def step(self, count: int = 1) -> None:
        """Steps are done, or need not be."""

    def resize(self, steps: int) -> None:
        """The case turned out to have so many steps."""


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


class Stoppable(Protocol):
    """What has a process of its own."""

    @property
    def name(self) -> str:
        """What it is called."""

    def stop(self) -> None:
        """Ends its process: the work is broken off."""


Worked = TypeVar("Worked", bound=Stoppable)


def at_once(
    each: Sequence[Worked],
    work: Callable[[Worked], None],
    what: str,
    watcher: Watcher,
    note: str = "",
    jobs: int | None = None,
) -> None:
    """Does ``work`` for each, for as many at once as there are processors, or as ``jobs`` says.

    The watcher is told ``what`` is being done with which of them, and the ``note``. Where the work is broken off, all
    are stopped.
    """
    busy = Busy(watcher, what, len(each), note)

    def told(one: Worked) -> None:
        with busy.with_(one.name):
            work(one)

    pool = ThreadPoolExecutor(jobs or os.cpu_count() or 1)
    try:
        for _ in pool.map(told, each):
            pass
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for one in each:
            one.stop()
        raise
    pool.shutdown()

"""What runs now, and the time that is left."""

from __future__ import annotations

import sys
import time

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Column

from doubles_lab.race import Watcher
from doubles_lab.terminal import visible


class Bar(Watcher):
    """A progress bar on the standard error; a line now and then where that is no terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = console.is_terminal
        fixed = Column(no_wrap=True)
        self._progress = Progress(
            TextColumn("{task.fields[case]}", table_column=fixed),
            BarColumn(bar_width=12 if console.width < 100 else 30, table_column=fixed),
            TextColumn("{task.percentage:>3.0f} %, left", table_column=fixed),
            TimeRemainingColumn(compact=True, table_column=Column(no_wrap=True, min_width=5)),
            TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
            console=console,
            transient=True,
            expand=True,
        )
        self._task: TaskID | None = None
        self._case = ""
        self._said = 0.0

    def case(self, case: str, steps: int) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._case = case
        self._task = self._progress.add_task("", total=steps, case=escape(case))

    def doing(self, what: str) -> None:
        if self._task is not None:
            self._progress.update(self._task, description=escape(what))
        if not self._live and time.monotonic() - self._said > 15:
            self._said = time.monotonic()
            percentage = self._progress.tasks[0].percentage if self._progress.tasks else 0
            print(visible(f"{self._case}: {percentage:.0f} %, {what}"), file=sys.stderr, flush=True)

    def step(self, count: int = 1) -> None:
        if self._task is not None:
            self._progress.advance(self._task, count)

    def resize(self, steps: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, total=steps)

    def __enter__(self) -> Bar:
        if self._live:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

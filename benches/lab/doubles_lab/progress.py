"""What runs now, and the time that is left."""

from __future__ import annotations

import sys
import threading
import time

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column

from doubles_lab.race import Watcher
from doubles_lab.terminal import visible

#: Seconds between two lines where there is no bar.
SILENCE = 15.0


class Bar(Watcher):
    """A progress bar on the standard error; where that is no terminal, a line every 15 seconds, whatever takes long."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = console.is_terminal
        fixed = Column(no_wrap=True)
        self._progress = Progress(
            TextColumn("{task.fields[case]}", table_column=fixed),
            BarColumn(bar_width=12 if console.width < 100 else 30, table_column=fixed),
            TextColumn("{task.percentage:>3.0f} %, left", table_column=fixed),
            TimeRemainingColumn(compact=True, table_column=Column(no_wrap=True, min_width=5)),
            *([] if console.width < 100 else [TextColumn("after", table_column=fixed), TimeElapsedColumn()]),
            TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
            console=console,
            transient=True,
            expand=True,
            # Builds take minutes, and what is left is told by those that are done.
            speed_estimate_period=600.0,
        )
        self._task: TaskID | None = None
        self._case = self._what = ""
        self._said = float("-inf")
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def case(self, case: str, steps: int) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._case, self._what, self._said = case, "", float("-inf")
        self._task = self._progress.add_task("", total=steps, case=escape(case))

    def doing(self, what: str) -> None:
        self._what = what
        if self._task is not None:
            self._progress.update(self._task, description=escape(what))
        self._say()

    def step(self, count: int = 1) -> None:
        if self._task is not None:
            self._progress.advance(self._task, count)

    def resize(self, steps: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, total=steps)

    def _say(self) -> None:
        """Prints a line, unless there is a bar or another line was printed a moment ago."""
        with self._lock:
            if self._live or not self._what or time.monotonic() - self._said < SILENCE:
                return
            self._said = time.monotonic()
            told = [f"{task.percentage:.0f} %{_left(task.time_remaining)}" for task in self._progress.tasks]
            print(visible(f"{self._case}: {', '.join([*told, self._what])}"), file=sys.stderr, flush=True)

    def _repeat(self) -> None:
        while not self._ended.wait(SILENCE / 3):
            self._say()

    def __enter__(self) -> Bar:
        if self._live:
            self._progress.start()
        else:
            threading.Thread(target=self._repeat, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._live:
            self._progress.stop()


def _left(seconds: float | None) -> str:
    if seconds is None or seconds < 1:
        return ""
    return f", {seconds:.0f} s left" if seconds < 100 else f", {seconds / 60:.0f} min left"

"""What runs now, and the time that is left."""

from __future__ import annotations

import sys
import threading
import time

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from doubles_lab.measure.race import Watcher
from doubles_lab.report.terminal import visible

#: Seconds between two lines where there is no bar.
SILENCE = 15.0
#: The same where the second one has nothing new but the time.
AGAIN = 60.0
#: Seconds for which nothing is said of the time.
SHORT = 3.0


def times(task: Task) -> str:
    """The time that a task has taken, and about what is left if the other steps take as long as those that are done.

    A build takes a second or minutes, so that the last few steps tell nothing of the others.
    """
    if task.elapsed is None or task.elapsed < SHORT:
        return ""
    text = f"after {_rounded(task.elapsed)}"
    if task.completed and task.remaining:
        text += f", about {_rounded(task.elapsed / task.completed * task.remaining)} left"
    return text


def _rounded(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


class Times(ProgressColumn):
    """What :func:`times` says."""

    def render(self, task: Task) -> Text:
        return Text(times(task))


class Bar(Watcher):
    """A progress bar on the standard error; where that is no terminal, a line now and then."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = console.is_terminal
        fixed = Column(no_wrap=True)
        self._progress = Progress(
            TextColumn("{task.fields[case]}", table_column=fixed),
            BarColumn(bar_width=12 if console.width < 100 else 30, table_column=fixed),
            TextColumn("{task.percentage:>3.0f} %", table_column=fixed),
            Times(table_column=fixed),
            TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
            console=console,
            transient=True,
            expand=True,
        )
        #: What stands before the name of each case.
        self.prefix = ""
        self._task: TaskID | None = None
        self._case = self._what = self._said_what = ""
        self._said = float("-inf")
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def case(self, case: str, steps: int) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        case = self.prefix + case
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
            silence = SILENCE if self._what != self._said_what else AGAIN
            if self._live or not self._what or time.monotonic() - self._said < silence:
                return
            self._said, self._said_what = time.monotonic(), self._what
            told = [f"{task.percentage:.0f} % {times(task)}".strip() for task in self._progress.tasks]
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

"""What the tests share: planted implementations, texts to count in, and the command run as a user runs it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import forked
import pytest
from hypothesis import HealthCheck, settings

from doubles_lab import temporary
from doubles_lab.folder import bundled, read
from doubles_lab.given import Given
from doubles_lab.implementation import Implementation, Unit
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Scratch

# On a machine that does other things, drawing values takes long now and then.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")
# A shell without job control ignores Ctrl-C for what it starts in the background, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Gives the tests, and all that they start, a temporary directory that is removed at the end."""
    if hasattr(config, "workerinput"):  # a process of pytest-xdist, which has that of the one that started it
        return
    stack = contextlib.ExitStack()
    made = stack.enter_context(temporary.of_this_run())
    if config.option.basetemp is None:  # who names a directory wants to look at it
        config.option.basetemp = made / "pytest"
    config.add_cleanup(stack.close)


#: Whether what takes long to build is tried as well, as in `make trust ARGS=lab-every`.
EVERY = bool(os.environ.get("DOUBLES_EVERY"))
HEADER = """
import itertools, os, re, signal, sys, time
from doubles_lab.implementation import Divergence, Implementation, Raises, Unavailable, Unit
from doubles_lab.problems.count_doubles import oracle

def right(val):
    return oracle.count_items(val)

def contender(name, function=None, unit=Unit.CHARACTERS, **more):
    more.setdefault("load", lambda: function)
    more.setdefault("access", "iterates the str")
    return Implementation(name=name, unit=unit, language="Python", binding="none", origin="a test", **more)
"""


def a_text(text: str, name: str = "a") -> Given:
    """An input of the problem that the lab brings."""
    return Given(read(bundled()).problem, name, lambda: text, "a case")


def an_implementation(name: str) -> Implementation:
    """One that counts characters, of which only what it says of itself matters."""
    return Implementation(
        name,
        "Python",
        "none",
        "takes it",
        "a test",
        Unit.CHARACTERS,
        load=lambda: len,
    )


class Nowhere(Scratch):
    """Keeps nothing: nobody reads what is for processes that are made up."""

    def __init__(self) -> None:
        """Makes no directory."""

    def write(self, data: bytes) -> str:
        """No path."""
        return ""


#: What entries hand to processes that are made up.
UNWRITTEN = Files(Nowhere())


class Plant(Protocol):
    """Writes a file with implementations and returns its directory."""

    def __call__(self, source: str, file: str = "planted") -> Path: ...


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Writes implementations into a directory of the test, for ``--contenders``."""

    def write(source: str, file: str = "planted") -> Path:
        directory = tmp_path / "contenders"
        directory.mkdir(exist_ok=True)
        (directory / f"{file}.py").write_text(HEADER + source, encoding="utf-8")
        return directory

    return write


@contextlib.contextmanager
def cpu_of_its_own() -> Iterator[None]:
    """What is started meanwhile runs on a CPU for each process of the tests.

    A race keeps to the last one that it is allowed, so that those of two tests at once would share it.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.sched_setaffinity(0, {sorted(allowed)[worker % len(allowed)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


class Lab:
    """``doubles-lab`` in a process of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.results = directory / "results"

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "doubles_lab", *map(str, arguments)]

    def __call__(
        self, *arguments: object, columns: int = 120, timeout: float = 100, **env: str
    ) -> subprocess.CompletedProcess[str]:
        with cpu_of_its_own() if arguments[:1] == ("run",) else contextlib.nullcontext():
            env = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1", **env}
            done = forked.run([*map(str, arguments)], self.directory, env, timeout)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def saved(self, suffix: str) -> list[Path]:
        """The result files with that ending."""
        return (
            sorted(file for file in self.results.iterdir() if file.name.endswith(suffix))
            if self.results.exists()
            else []
        )

    def record_file_of(self, date: str) -> Path:
        """The result that was saved at that time, as the command names it."""
        return Path("results") / f"{date.replace(' ', 'T').replace(':', '-')}.json"

    @property
    def record_file(self) -> Path:
        """The one saved result."""
        (file,) = [file for file in self.saved(".json") if file.name.count(".") == 1]
        return file


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """The command, in a directory of the test."""
    return Lab(tmp_path)


#: A race that takes a second, where what is tested is not a time. It is too short for the lab to check itself.
SHORT = ("--quick", "--processes", 1, "--rounds", 3, "--timeout", 5, "--examples", 10, "--no-charts")

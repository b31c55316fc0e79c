"""What a row of the table is: a figure, what it should come to, and how to find out."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

ROOT = Path(__file__).resolve().parents[2]


class HasName(Protocol):
    """What is asked for by its name."""

    @property
    def name(self) -> str: ...


Named = TypeVar("Named", bound=HasName)


class CannotRun(Exception):
    """This machine has not what a check needs. Its text says what that is, and how to get it."""


class Failed(Exception):
    """A check did not reach its target. Its text says what it reached."""


def tests_passed(printed: str) -> int:
    """How many tests passed, by what pytest printed. Raises :class:`Failed` if none did: all may have been skipped."""
    found = re.search(r"(\d+) passed", printed)
    if found is None:
        raise Failed("no test ran")
    return int(found[1])


def named(everything: Sequence[Named], prefixes: Sequence[str], parser: argparse.ArgumentParser) -> list[Named]:
    """Those whose names begin so, or all of them. Ends the program for a beginning that no name has."""
    unknown = [prefix for prefix in prefixes if not any(each.name.startswith(prefix) for each in everything)]
    if unknown:
        known = dict.fromkeys(each.name for each in everything)
        parser.error(f"no check begins with {', '.join(unknown)}; there are {', '.join(known)}")
    return [each for each in everything if not prefixes or each.name.startswith(tuple(prefixes))]


@dataclass(frozen=True)
class Check:
    """One row: ``run`` returns what was reached, and raises :class:`Failed` or :class:`CannotRun` where it is not."""

    #: Short, lower case, with hyphens; what it is asked for by.
    name: str
    #: What is counted or tried.
    figure: str
    #: What it must come to.
    target: str
    run: Callable[[Setting], str]


@dataclass
class Setting:
    """What a check is run with."""

    #: Its whole output goes here.
    log: Path
    #: Builds and other files that may be kept from run to run go here.
    cache: Path
    #: Of the time that a check is meant to take; less than 1 for a trial of the checks themselves.
    share: float = 1.0
    #: The commands that it ran, as one would type them.
    commands: list[str] = field(default_factory=list)

    def seconds(self, wanted: float) -> int:
        """How long to go on, of the seconds wanted; a second at least."""
        return max(1, round(wanted * self.share))

    def count(self, wanted: int) -> int:
        """How many to try, of the number wanted; one at least."""
        return max(1, round(wanted * self.share))

    def command(
        self,
        command: Sequence[str | Path],
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        timeout: float | None = None,
    ) -> str:
        """Runs a command and returns all that it printed, which the log keeps.

        Raises :class:`Failed` with its last line if it exits with another code than 0, and :class:`CannotRun` if there
        is no such program.
        """
        words = [str(word) for word in command]
        if shutil.which(words[0]) is None:
            raise CannotRun(f"{words[0]} is not installed")
        shown = " ".join([*(f"{name}={shlex.quote(value)}" for name, value in (env or {}).items()), shlex.join(words)])
        shown = shown.replace(f"{ROOT}/", "")
        self.commands.append(shown)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {shown}\n")
            log.flush()
            start = log.tell()
            try:
                code = subprocess.run(
                    words, cwd=cwd, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=log,
                    stderr=subprocess.STDOUT, timeout=timeout, check=False,
                ).returncode  # fmt: skip
            except subprocess.TimeoutExpired:
                raise Failed(f"took longer than {timeout:,.0f} s") from None
        with self.log.open("rb") as log_read:
            log_read.seek(start)
            printed = log_read.read().decode("utf-8", "replace")
        if code != 0:
            lines = [line.strip() for line in printed.splitlines() if line.strip()]
            raise Failed(f"exit code {code}: {lines[-1] if lines else 'printed nothing'}")
        return printed

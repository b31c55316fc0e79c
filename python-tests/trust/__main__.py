"""Runs the checks, keeps what each reached with every command's output, and prints one table of what is kept."""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import pkgutil
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from trust import checks
from trust.check import ROOT, CannotRun, Check, Failed, Setting, named

PASSED, FAILED, NOT_RUN = "passed", "FAILED", "not run"
#: The exit code where nothing was checked.
NOTHING = 4
EXIT_CODES = (
    "exit codes: 0 if no check failed, 1 if one did, 2 for a name that no check begins with, "
    f"{NOTHING} if none of the checks that were asked for could run"
)
COLOURS = {PASSED: "green", FAILED: "bold red", NOT_RUN: "yellow"}


@dataclass(frozen=True)
class Row:
    """What became of a check, as it is kept."""

    check: str
    figure: str
    target: str
    state: str
    reached: str
    how: Sequence[str]
    seconds: float
    share: float
    date: str
    commit: str

    @property
    def when(self) -> str:
        """The day and the commit, and the share of the time if it was not all."""
        return f"{self.date}, {self.commit}" + (f", {self.share:g} of the time" if self.share != 1 else "")


def commit() -> str:
    """The commit of what is checked; with a mark if it was changed since."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "no commit"
    return done.stdout.strip()


def known(package: ModuleType = checks) -> list[Check]:
    """Every check of a package, by the names of the files that declare them in ``CHECKS``, and in their order."""
    found: list[Check] = []
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        found += importlib.import_module(f"{package.__name__}.{module.name}").CHECKS
    return found


def run(check: Check, setting: Setting) -> Row:
    """Runs one check. Whatever it raises is a row."""
    start, now, of = time.monotonic(), datetime.date.today(), commit()
    try:
        state, reached = PASSED, check.run(setting)
        if not reached.strip():
            state, reached = FAILED, "the check did not say what it reached"
    except Failed as failure:
        state, reached = FAILED, str(failure)
    except CannotRun as reason:
        state, reached = NOT_RUN, str(reason)
    except Exception as error:
        state, reached = FAILED, f"the check itself broke: {type(error).__name__}: {error}"
        with setting.log.open("a", encoding="utf-8") as log:
            traceback.print_exc(file=log)
    return Row(
        check.name, check.figure, check.target, state, reached, setting.commands, time.monotonic() - start,
        setting.share, now.isoformat(), of,
    )  # fmt: skip


def kept(output: Path, checks: Sequence[Check]) -> list[Row]:
    """What is kept of these checks, from this run and earlier ones."""
    files = [output / f"{check.name}.json" for check in checks]
    return [Row(**json.loads(file.read_text(encoding="utf-8"))) for file in files if file.exists()]


def shown(rows: Sequence[Row], title: str) -> Table:
    """The table for a terminal, which has no room for the whole commands."""
    table = Table(title=title, show_lines=True, expand=True)
    for heading, ratio in (("check", 4), ("figure and target", 5), ("reached", 5)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    table.add_column("how", ratio=4, overflow="ellipsis", no_wrap=True)
    for row in rows:
        cells = [
            f"{row.check}\n{row.state}, {row.seconds:,.0f} s\n{row.when}",
            f"{row.figure}:\n{row.target}",
            row.reached,
            "\n".join(row.how),
        ]
        table.add_row(*map(escape, cells), style=None if row.state == PASSED else COLOURS[row.state])
    return table


def markdown(rows: Sequence[Row], title: str) -> str:
    """The table as a page."""

    def cell(text: str) -> str:
        return text.replace("|", "\\|").replace("\n", "<br>")

    lines = [
        f"# {title}, as it was run",
        "",
        "| check | figure | target | reached | | how | when |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        how = "<br>".join(f"`{command}`" for command in row.how)
        cells = [row.check, row.figure, row.target, row.reached, row.state, how, row.when]
        lines.append(f"| {' | '.join(map(cell, cells))} |")
    return "\n".join(lines) + "\n"


def main(
    package: ModuleType = checks,
    prog: str = "make trust",
    title: str = "Trust",
    output: Path = ROOT / "results" / "trust",
    earlier: bool = True,
) -> int:
    """Runs what the command line asks for of a package of checks, and returns the exit code.

    The table has what earlier runs reached too, unless told otherwise.
    """
    parser = argparse.ArgumentParser(prog=prog, description=__doc__, epilog=EXIT_CODES)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only checks whose names begin so")
    parser.add_argument("--list", action="store_true", help="list the checks and run none")
    parser.add_argument("--share", type=float, default=1.0, help="of the time that each is meant to take (default: 1)")
    parser.add_argument("--output", type=Path, default=output, help="where table and logs go")
    arguments = parser.parse_args()
    everything = known(package)
    chosen = named(everything, arguments.names, parser)
    console = Console()
    if arguments.list:
        for each in chosen:
            console.print(f"{each.name:24} {each.figure}: {each.target}", highlight=False, markup=False)
        return 0
    arguments.output.mkdir(parents=True, exist_ok=True)
    states: list[str] = []
    rows: list[Row] = []
    for each in chosen:
        log = arguments.output / f"{each.name}.log"
        log.write_text("", encoding="utf-8")
        with console.status(f"{each.name}: {each.figure}"):
            row = run(each, Setting(log, ROOT / "target" / "trust", arguments.share))
        states.append(row.state)
        (arguments.output / f"{each.name}.json").write_text(json.dumps(asdict(row), indent=1), encoding="utf-8")
        console.print(
            f"[{COLOURS[row.state]}]{row.state}[/] {escape(each.name)}: {escape(row.reached)} ({row.seconds:,.0f} s)",
            highlight=False,
        )
        rows = kept(arguments.output, everything if earlier else chosen[: chosen.index(each) + 1])
        (arguments.output / "README.md").write_text(markdown(rows, title), encoding="utf-8")
    console.print(shown(rows, title))
    told = {state: sum(row.state == state for row in rows) for state in (PASSED, FAILED, NOT_RUN)}
    console.print(
        ", ".join(f"{count} {state}" for state, count in told.items()), f"; logs: {arguments.output}", highlight=False
    )
    if FAILED in states:
        return 1
    if PASSED not in states:
        print(
            f"{prog}: nothing was checked: none of {', '.join(each.name for each in chosen)} could run", file=sys.stderr
        )
        return NOTHING
    return 0


if __name__ == "__main__":
    sys.exit(main())

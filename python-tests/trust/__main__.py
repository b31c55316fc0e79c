"""Runs the checks, prints one table and keeps it with every command's output."""

from __future__ import annotations

import argparse
import datetime
import importlib
import pkgutil
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from trust import checks
from trust.check import ROOT, CannotRun, Check, Failed, Setting

PASSED, FAILED, NOT_RUN = "passed", "FAILED", "not run"
COLOURS = {PASSED: "green", FAILED: "bold red", NOT_RUN: "yellow"}


@dataclass(frozen=True)
class Row:
    """What became of a check."""

    check: Check
    state: str
    reached: str
    how: Sequence[str]
    seconds: float


def known() -> list[Check]:
    """Every check, by the names of the files that declare them in ``CHECKS``, and in their order."""
    found: list[Check] = []
    for module in sorted(pkgutil.iter_modules(checks.__path__), key=lambda module: module.name):
        found += importlib.import_module(f"{checks.__name__}.{module.name}").CHECKS
    return found


def run(check: Check, setting: Setting) -> Row:
    """Runs one check. Whatever it raises is a row."""
    start = time.monotonic()
    try:
        state, reached = PASSED, check.run(setting)
    except Failed as failure:
        state, reached = FAILED, str(failure)
    except CannotRun as reason:
        state, reached = NOT_RUN, str(reason)
    except Exception as error:
        state, reached = FAILED, f"the check itself broke: {type(error).__name__}: {error}"
        with setting.log.open("a", encoding="utf-8") as log:
            traceback.print_exc(file=log)
    return Row(check, state, reached, setting.commands, time.monotonic() - start)


def shown(rows: Sequence[Row]) -> Table:
    """The table for a terminal."""
    table = Table(title="Trust", show_lines=True)
    for heading in ("check", "figure", "target", "reached", "", "how", "s"):
        table.add_column(heading, justify="right" if heading == "s" else "left", overflow="fold")
    for row in rows:
        cells = [row.check.name, row.check.figure, row.check.target, row.reached, row.state, "\n".join(row.how)]
        table.add_row(
            *map(escape, cells), f"{row.seconds:,.0f}", style=None if row.state == PASSED else COLOURS[row.state]
        )
    return table


def markdown(rows: Sequence[Row], about: str) -> str:
    """The table as a page."""

    def cell(text: str) -> str:
        return text.replace("|", "\\|").replace("\n", "<br>")

    lines = [
        "# Trust, as it was run",
        "",
        about,
        "",
        "| check | figure | target | reached | | how |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        how = "<br>".join(f"`{command}`" for command in row.how)
        cells = [row.check.name, row.check.figure, row.check.target, row.reached, row.state]
        lines.append(f"| {' | '.join(map(cell, cells))} | {cell(how)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Runs what the command line asks for; 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="trust", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only checks whose names begin so")
    parser.add_argument("--list", action="store_true", help="list the checks and run none")
    parser.add_argument("--share", type=float, default=1.0, help="of the time that each is meant to take (default: 1)")
    parser.add_argument("--output", type=Path, default=ROOT / "results" / "trust", help="where table and logs go")
    arguments = parser.parse_args()
    everything = known()
    chosen = [each for each in everything if not arguments.names or each.name.startswith(tuple(arguments.names))]
    console = Console()
    if not chosen:
        parser.error(f"no check begins so; there are {', '.join(each.name for each in everything)}")
    if arguments.list:
        for each in chosen:
            console.print(f"{each.name:24} {each.figure}: {each.target}", highlight=False, markup=False)
        return 0
    arguments.output.mkdir(parents=True, exist_ok=True)
    rows = []
    for each in chosen:
        log = arguments.output / f"{each.name}.log"
        log.write_text("", encoding="utf-8")
        with console.status(f"{each.name}: {each.figure}"):
            row = run(each, Setting(log, ROOT / "target" / "trust", arguments.share))
        rows.append(row)
        console.print(
            f"[{COLOURS[row.state]}]{row.state}[/] {escape(each.name)}: {escape(row.reached)} ({row.seconds:,.0f} s)",
            highlight=False,
        )
        about = f"{datetime.datetime.now():%Y-%m-%d}, {sys.platform}"
        if arguments.share != 1:
            about += f", with {arguments.share:g} of the time"
        (arguments.output / "README.md").write_text(markdown(rows, about + "."), encoding="utf-8")
    console.print(shown(rows))
    told = {state: sum(row.state == state for row in rows) for state in (PASSED, FAILED, NOT_RUN)}
    console.print(
        ", ".join(f"{count} {state}" for state, count in told.items()), f"; logs: {arguments.output}", highlight=False
    )
    return 1 if told[FAILED] else 0


if __name__ == "__main__":
    sys.exit(main())

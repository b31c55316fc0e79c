"""``doubles-lab calls``: the table of what a call costs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from doubles_lab.cli import exits, options, progress
from doubles_lab.cli.exits import Command
from doubles_lab.questions import calling as calls
from doubles_lab.report import document, terminal
from doubles_lab.results import saved


@click.command(
    "calls",
    cls=Command,
    epilog="\b\nExamples:\n"
    "  doubles-lab calls                             some ten seconds\n"
    "  doubles-lab calls --output calls.md           also as Markdown",
)
@click.option(
    "--processes", type=click.IntRange(1), default=10, show_default=True, help="Processes, one after another."
)
@click.option(
    "--rounds", type=click.IntRange(1), default=30, show_default=True, help="Samples of each function in each."
)
@click.option("--calls", "number", type=click.IntRange(1), default=10_000, show_default=True, help="Calls in a sample.")
@click.option("--output", type=options.File, help="Also write the table to this file.")
def command(processes: int, rounds: int, number: int, output: Path | None) -> None:
    """Show what a call costs: the convention's part of it, and the binding library's.

    This is the table that `doubles-lab explain calls` works from, alone. Every function is called on the str "abb".
    Those of doubles_conventions use the C API alone, once by each of CPython's calling conventions; those named empty
    do nothing, through a binding library. They are built the first time.
    """
    try:
        with progress.Bar(terminal.errors()) as bar:
            bar.case("calls", processes)
            rows, _ = calls.measured(processes, rounds, number, bar)
    except KeyboardInterrupt:
        terminal.complain("interrupted")
        sys.exit(exits.INTERRUPTED)
    except calls.Failed as error:
        terminal.complain(error)
        sys.exit(exits.WRONG)
    told = calls.report(rows, processes, rounds, number)
    document.show(told, terminal.out())
    if output is not None:
        saved.write_whole(output, document.markdown(told))
    if any(row.wrong for row in rows):
        sys.exit(exits.WRONG)
    if not any(row.samples for row in rows if row.library != calls.PYTHON):
        terminal.complain("no function of a binding could be timed")
        sys.exit(exits.NOTHING)

"""``doubles-lab build``: builds what is compiled, for a later race to begin at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from doubles_lab.cli import exits, options, progress
from doubles_lab.cli.exits import Command
from doubles_lab.measure.building import build
from doubles_lab.report import terminal


@click.command(
    "build",
    cls=Command,
    epilog="\b\nExamples:\n  doubles-lab build\n  doubles-lab build my_problem --contender 'pyo3*'",
)
@options.folder_argument
@options.contender_options
@click.option("--jobs", type=click.IntRange(1), help="Builds at once. [default: as many as there are processors]")
@options.timeout_option(60.0, "the start of a process, builds apart")
def command(folder: Path | None, contenders: options.Contenders, jobs: int | None, timeout: float) -> None:
    """Build every contender that is compiled, and run none.

    What is built is kept, and `run` and `verify` would build it too. With a FOLDER: the implementations of the problem
    in its problem.py.
    """
    if jobs is not None:
        os.environ["CARGO_BUILD_JOBS"] = str(jobs)
    try:
        with progress.Bar(terminal.errors()) as bar:
            built = build(contenders.chosen(options.folder_at(folder)), timeout, bar, jobs)
    except KeyboardInterrupt:
        terminal.complain("interrupted")
        sys.exit(exits.INTERRUPTED)
    failed = [each for each in built if each.reason]
    for each in failed:
        terminal.complain(f"{each.name}: {each.reason}")
    click.echo(f"Built: {len(built) - len(failed)} of {len(built)}.")
    if failed:
        sys.exit(exits.NOTHING)

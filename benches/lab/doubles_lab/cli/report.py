"""``doubles-lab report``: shows a saved result again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from doubles_lab import registry
from doubles_lab.cli import exits, files, options
from doubles_lab.cli.exits import Command
from doubles_lab.questions import explain
from doubles_lab.report import terminal
from doubles_lab.results import findings, saved
from doubles_lab.results.record import Record
from doubles_lab.results.verdict import judge


@click.command(
    "report",
    cls=Command,
    epilog="\b\nExamples:\n"
    "  doubles-lab report results/2026-01-01T12-00-00.json\n"
    "  doubles-lab report results/2026-01-01T12-00-00.json --baseline pyo3-bytes-once --output docs\n"
    "  doubles-lab report results/2026-01-01T12-00-00.json --explain explain.json --html page.html",
)
@click.argument("result", type=click.Path(path_type=Path))
@click.option(
    "--baseline", metavar="NAME", help="Show how many times as fast as this contender. [default: that of the run]"
)
@click.option(
    "--contender",
    "names",
    multiple=True,
    metavar="NAME",
    help="Show this one only; more than once for more.",
)
@click.option(
    "--output", type=options.Directory, help="Write Markdown, CSV, JSON, charts and the page to this directory."
)
@click.option("--html", "page", type=options.File, help="Write one HTML page, which needs no network, to this file.")
@click.option(
    "--explain",
    "explanation",
    type=options.File,
    help="What `doubles-lab explain` saved, for the page. [default: RESULT's name with .explain.json, if it is there]",
)
@click.option(
    "--findings",
    "found",
    type=options.File,
    help="What `doubles-lab verify` saved, for the page. [default: RESULT's name with .verify.json, if it is there]",
)
def command(
    result: Path,
    baseline: str | None,
    names: Sequence[str],
    output: Path | None,
    page: Path | None,
    explanation: Path | None,
    found: Path | None,
) -> None:
    """Show a saved RESULT again, and write its files anew if asked to."""
    try:
        again = saved.read(result)
        verified = None if (file := found or beside(result, files.FINDINGS)) is None else findings.read(file)
        if baseline is not None:
            known = {row.contender: row for case in again.cases for row in case.rows if row.timed}
            if baseline not in known:
                raise registry.NotFound(registry.no_such("timed contender in this result", baseline, list(known)))
            again.baseline = baseline
        if names:
            only(again, names)
        explanation = explanation or beside(result, files.EXPLANATION)
        files.finish(
            again, None if output is None else output / result.stem, verified=verified, explanation=explanation
        )
        if page is not None:
            stem = result.stem
            near = sorted(
                file.name
                for file in result.parent.iterdir()
                if page.parent.resolve() == result.parent.resolve()
                and file.name.startswith((f"{stem}.", f"{stem}-"))
                and file.name != page.name
            )
            saved.write_whole(page, files.html(again, judge(again), result.name, explanation, verified, near))
            click.echo(terminal.visible(str(page)))
        if not any(row.timed for case in again.cases for row in case.rows):
            terminal.complain(f"{result}: no contender that is shown was timed")
            sys.exit(exits.NOTHING)
    except (saved.NotAResult, explain.NotAnExplanation, findings.NotFindings) as error:
        terminal.complain(error)
        sys.exit(exits.NOTHING)


def only(result: Record, names: Sequence[str]) -> None:
    """Leaves only these contenders in a result."""
    known = {row.contender for case in result.cases for row in case.rows}
    for name in names:
        if name not in known:
            raise registry.NotFound(registry.no_such("contender in this result", name, sorted(known)))
    for case in result.cases:
        case.rows = [row for row in case.rows if row.contender in names]


def beside(result: Path, ending: str) -> Path | None:
    """The file that has the name of a saved result with another ending, if there is one."""
    file = result.with_name(result.stem + ending)
    return file if file.exists() else None

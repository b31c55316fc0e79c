"""``doubles-lab atlas``: every bundled problem by every approach, as one picture."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from doubles_lab import registry
from doubles_lab.atlas import cells, conversions, costs, index, plan, report
from doubles_lab.atlas.index import Entry, Index
from doubles_lab.cli import exits, files, options, progress, run
from doubles_lab.cli.exits import Command
from doubles_lab.cli.verify import verified_on
from doubles_lab.folder import Folder, ProblemError
from doubles_lab.given import Given
from doubles_lab.measure import race
from doubles_lab.measure.building import build
from doubles_lab.measure.examples import Examples
from doubles_lab.measure.schedule import FULL, QUICK, Plan, budgeted
from doubles_lab.report import document, terminal
from doubles_lab.results import findings, record, saved

#: Processes of each within a budget, at least: of fewer, an interval says nothing.
FEWEST = 5


@click.command(
    "atlas",
    cls=Command,
    epilog="\b\nExamples:\n"
    "  doubles-lab atlas --quick                    every problem, as quickly as makes sense\n"
    "  doubles-lab atlas --budget 2h                as good as two hours allow; again, to go on after Ctrl-C\n"
    "  doubles-lab atlas --problem 'sum_*' --again  some problems anew\n"
    "  doubles-lab atlas --show                     what was measured, without measuring",
)
@click.argument("root", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--problem", "names", multiple=True, metavar="NAME", help="Only this problem, or a glob. Repeatable.")
@click.option("--again", is_flag=True, help="Measure what is there already, too.")
@click.option("--show", is_flag=True, help="Measure nothing: show what is there, and write the picture and the page.")
@click.option("--quick/--full", help="Fewer and shorter samples, as many processes, and no build times.")
@click.option(
    "--budget",
    type=options.Duration(),
    metavar="TIME",
    help="Measure for about this long, builds and verification apart, shared by what is not measured yet.",
)
@click.option("--no-conversions", is_flag=True, help="Leave out what it costs to take and return values of each type.")
@options.timeout_option(60.0, "a call")
@options.examples_option
@options.seed_option
@click.option(
    "--output", type=options.Directory, default=Path("atlas"), show_default=True, help="Where the atlas is kept."
)
def command(
    root: Path | None,
    names: Sequence[str],
    again: bool,
    show: bool,
    quick: bool,
    budget: float | None,
    no_conversions: bool,
    timeout: float,
    examples: int,
    seed: int | None,
    output: Path,
) -> None:
    """Race every problem that names its shape, and draw the heat map: problems by approaches.

    The problems are those that the lab brings, or those in ROOT. What is measured is kept under --output: a problem
    that is measured to the end, and whose files and packages have not changed, is not measured again. Ctrl-C keeps what
    is there. With it come a decision table by shape and size, what it costs each approach to take and to return values,
    lines of code, build times, and one page with all of it.
    """
    try:
        found = plan.folders(root or plan.ROOT)
    except ProblemError as error:
        raise click.ClickException(str(error)) from None
    found = registry.matching(found, names, lambda folder: folder.problem.name, "problem of the atlas")
    try:
        kept = index.read(output)
    except index.NotAnAtlas:
        kept = Index()
    interrupted = False
    if not show:
        how = replace(QUICK if quick else FULL, limit=timeout, seed=options.seeded(seed))
        try:
            measure_all(found, how, budget, again, not quick, examples, output, kept)
            if not no_conversions:
                with progress.Bar(terminal.errors()) as bar:
                    conversions.measure(output / conversions.FOLDER, how, again, bar)
        except index.NotAnAtlas as error:
            raise click.ClickException(str(error)) from None
        except KeyboardInterrupt:
            interrupted = True
    shown = present(output, root or plan.ROOT)
    sys.exit(exits.INTERRUPTED if interrupted else shown)


def present(output: Path, root: Path) -> int:
    """Shows the atlas of a directory and writes its picture and its page; returns the exit code."""
    try:
        atlas, converted = cells.read(output), conversions.read(output / conversions.FOLDER)
    except (index.NotAnAtlas, saved.NotAResult) as error:
        terminal.complain(error)
        return exits.NOTHING
    if not atlas.lines:
        terminal.complain("nothing was measured")
        return exits.NOTHING
    out = terminal.out()
    document.show(report.parts(atlas, converted), out)
    for file in report.write(atlas, converted, output, root):
        click.echo(terminal.visible(str(file)))
    statuses = {row.status for line in atlas.lines for row in line.case.rows}
    return exits.WRONG if statuses & {record.WRONG, record.FAILED} else 0


def cases_of(folder: Folder) -> list[Given]:
    """The cases of a problem that the atlas has."""
    cases, _ = options.Cases(folder.problem.atlas).chosen(folder, ["default"])
    return cases


def measure_all(
    found: Sequence[Folder],
    how: Plan,
    budget: float | None,
    again: bool,
    builds: bool,
    examples: int,
    output: Path,
    kept: Index,
) -> None:
    """Measures the problems that are not measured yet, and saves each as it goes. Passes ``KeyboardInterrupt`` on.

    ``builds`` says whether each file is built alone as well, to find out how long that takes.
    """
    told = f"{how.processes} {how.rounds} {how.sample_ms} {budget}"
    due: list[tuple[Folder, list[Given], Entry]] = []
    for folder in found:
        cases = cases_of(folder)
        entry = plan.entry_of(folder, cases, told)
        if again or not plan.complete(output, kept, entry):
            due.append((folder, cases, entry))
    if len(due) < len(found):
        terminal.complain(f"{len(found) - len(due)} of {len(found)} problems are measured already: --again for anew")
    machine = {**saved.machine(), **options.warned()} if due else {}
    end = None if budget is None else time.monotonic() + budget
    with progress.Bar(terminal.errors()) as bar:
        build([each for folder, _, _ in due for each in folder.implementations], how.limit, bar)
        for place, (folder, cases, entry) in enumerate(due):
            bar.prefix = f"{place + 1} of {len(due)}, {entry.name}: "
            here = how
            if end is not None:
                left = max(0.0, end - time.monotonic()) / (len(due) - place)
                here = replace(budgeted(how, left / len(cases)), fewest=FEWEST)
            if (old := kept.entry(entry.name)) and not again:
                costs.take_over(entry.sources, old.sources)
            if builds:
                costs.measure_builds(folder, entry.sources, bar)
            measure_one(folder, cases, entry, here, budget, examples, output, kept, machine, bar)


def measure_one(
    folder: Folder,
    cases: Sequence[Given],
    entry: Entry,
    how: Plan,
    budget: float | None,
    examples: int,
    output: Path,
    kept: Index,
    machine: dict[str, str | int | float],
    bar: progress.Bar,
) -> None:
    """Verifies and races the implementations of a problem, and saves what it has by then, whatever ends it."""
    result = race.begun(folder, how, machine, files.published(sys.argv[1:], how.seed), budget)
    entry.date = result.date
    stem = output / entry.name
    checked = run.verifying(folder)
    generated = Examples(folder, checked, how.seed, examples)
    verified = verified_on(checked, folder.implementations, how.limit, bar, generated)
    finished = False
    try:
        run.measure(folder, folder.implementations, cases, how, bar, result, verified, lambda: files.keep(result, stem))
        finished = True
    finally:
        # Without a time there is nothing to save, and what was there before stays.
        if any(row.timed for case in result.cases for row in case.rows):
            files.keep(result, stem, finished=finished)
            saved.write_whole(output / f"{entry.name}{files.FINDINGS}", findings.dumps(verified))
            kept.put(entry)
            index.write(output, kept)

"""``doubles-lab compare``: what changed between two saved runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from doubles_lab import registry
from doubles_lab.cli import exits, options
from doubles_lab.cli.exits import Command
from doubles_lab.report import document, terminal
from doubles_lab.report import junit as as_junit
from doubles_lab.results import comparison, limits, saved


@click.command(
    "compare",
    cls=Command,
    epilog="\b\nExamples:\n"
    "  doubles-lab compare before.json after.json\n"
    "  doubles-lab compare baseline.json results/X.json --fail-if-slower 10% --contender 'pyo3-*'\n"
    "  doubles-lab compare mon.json tue.json wed.json new.json --junit gate.xml     the median of three\n"
    "  doubles-lab compare old.json new.json --relative-to python-zip     another machine, or a busier one",
)
@click.argument("old", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--case", "cases", multiple=True, metavar="NAME", help="Only this case, or a glob. Repeatable.")
@click.option("--contender", "names", multiple=True, metavar="NAME", help="Only this contender, or a glob. Repeatable.")
@click.option(
    "--fail-if-slower",
    type=options.Percent(),
    metavar="PERCENT",
    help=f"Exit with {exits.SLOWER} if a contender is slower by more than this, such as 10%, its whole interval; with "
    f"{exits.LOST} if one of OLD cannot be compared. [default: what the nearest pyproject.toml says]",
)
@click.option("--relative-to", metavar="NAME", help="Compare times over those of this contender in the same round.")
@click.option(
    "--markdown",
    "--output",
    "output",
    type=options.File,
    help="Also write Markdown to this file, such as $GITHUB_STEP_SUMMARY.",
)
@click.option("--junit", type=options.File, help="Also write JUnit's XML to this file.")
def command(
    old: Sequence[Path],
    new: Path,
    cases: Sequence[str],
    names: Sequence[str],
    fail_if_slower: float | None,
    relative_to: str | None,
    output: Path | None,
    junit: Path | None,
) -> None:
    """Show what changed from the saved run OLD to the saved run NEW, with intervals.

    The files are those that `run` saves (results/<time>.json); a team can commit one as its baseline, or several:
    then a change is the median of those since each of them.
    """
    limited = None
    if fail_if_slower is None and (file := limits.find(Path.cwd())) is not None:
        try:
            limited = limits.read(file)
        except limits.LimitsError as error:
            raise click.UsageError(str(error)) from None
    gate = fail_if_slower is not None or (limited is not None and limited.any)
    results = []
    for file in (*old, new):
        try:
            results.append(saved.read(file))
        except saved.NotAResult as error:
            terminal.complain(error)
            sys.exit(exits.NOTHING)
    *before, after = results
    rows = {(case.name, row.contender) for result in results for case in result.cases for row in case.rows}
    known = {contender for _, contender in rows}
    if relative_to is not None and relative_to not in known:
        raise registry.NotFound(registry.no_such("contender in these results", relative_to, sorted(known)))
    changes = comparison.compare_with(before, after, relative_to, limited if gate else None)
    changes = registry.matching(changes, cases, lambda each: each.case, "case in these results")
    changes = registry.matching(changes, names, lambda each: each.contender, "contender in these results")
    warned = list(dict.fromkeys(said for each in before for said in comparison.warnings(each, after)))
    document.show(comparison.report(changes, warned, fail_if_slower, last=True), terminal.out())
    if output is not None:
        saved.write_whole(output, comparison.markdown(changes, warned, fail_if_slower))
    if junit is not None:
        saved.write_whole(junit, as_junit.xml(changes, fail_if_slower))
    if any(each.broken for each in changes):
        sys.exit(exits.WRONG)
    compared = [each for each in changes if each.ratio]
    if gate:
        if any(each.exceeds(fail_if_slower) for each in changes):
            sys.exit(exits.SLOWER)
        if any(each.lost and each.limited(fail_if_slower) is not None for each in changes):
            terminal.complain(comparison.lost(changes))
            sys.exit(exits.LOST)
        exits.told_of_unmatched("--contender", names, [each.contender for each in compared], "compared")
        exits.told_of_unmatched("--case", cases, [each.case for each in compared], "compared")
    if not compared:
        terminal.complain("the two runs have nothing in common that could be compared")
        sys.exit(exits.NOTHING)

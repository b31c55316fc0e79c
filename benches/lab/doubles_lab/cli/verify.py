"""``doubles-lab verify``: shows where contenders differ."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from doubles_lab.cli import exits, files, options, progress
from doubles_lab.cli.exits import Command
from doubles_lab.given import Given, edge_cases_of
from doubles_lab.implementation import Implementation
from doubles_lab.measure import verify as verification
from doubles_lab.measure.at_once import SLOW, Busy, Watcher
from doubles_lab.measure.examples import Examples
from doubles_lab.report import divergences, document, terminal
from doubles_lab.results import findings, saved

#: The tags of the cases that contenders are verified on before they are raced, and by the command itself.
BEFORE_RACES = ("hostile", "edge", "default")
VERIFIED = (*BEFORE_RACES, "script", "pattern")


@click.command(
    "verify",
    cls=Command,
    epilog="\b\nExamples:\n"
    "  doubles-lab verify                            every contender on every case but the sizes\n"
    "  doubles-lab verify --contender 're-*'         what `re` does with newlines\n"
    "  doubles-lab verify --file book.txt            what differs on your own data",
)
@options.folder_argument
@options.case_options
@options.contender_options
@options.timeout_option(60.0, "a call")
@options.examples_option
@options.verify_seed_option
@click.option(
    "--output", type=options.Directory, help="Also write divergences.md and divergences.verify.json to this directory."
)
def command(
    folder: Path | None,
    cases: options.Cases,
    contenders: options.Contenders,
    timeout: float,
    examples: int,
    seed: int | None,
    output: Path | None,
) -> None:
    """Show where contenders differ, and check that each does what it states about itself.

    Nothing is timed. Without --case or --file: every case but the sizes, and then inputs that are generated like
    them; the first on which a contender differs is made small and shown. With a FOLDER: the implementations of
    the problem in its problem.py.
    """
    problem = options.folder_at(folder)
    checked = contenders.checked(problem, timeout)
    inputs, unread = cases.chosen(problem, VERIFIED)
    if not (cases.cases or cases.files or any(each.tags for each in problem.problem.inputs)):
        inputs = [*edge_cases_of(problem.problem), *inputs]
    generated = Examples(problem, inputs, options.seeded(seed), 0 if cases.cases or cases.files else examples)
    try:
        with progress.Bar(terminal.errors()) as bar:
            verified = verified_on(inputs, checked, timeout, bar, generated)
    except KeyboardInterrupt:
        terminal.complain("interrupted")
        sys.exit(exits.INTERRUPTED)
    told = divergences.report(verified)
    document.show(told, terminal.out())
    if output is not None:
        saved.write_whole(output / "divergences.md", document.markdown(told))
        saved.write_whole(output / f"divergences{files.FINDINGS}", findings.dumps(verified))
    if verification.broken(verified.findings):
        sys.exit(exits.WRONG)
    if unread:
        sys.exit(exits.NO_INPUT)
    ran = {(finding.case, finding.contender) for finding in verified.findings if finding.found is not None}
    code = exits.told_of_nothing(
        "verified", {given.name: any(case == given.name for case, _ in ran) for given in inputs}
    )
    if code:
        sys.exit(code)
    exits.told_of_unmatched("--contender", contenders.names, [contender for _, contender in ran], "verified")


def verified_on(
    inputs: Sequence[Given],
    contenders: Sequence[Implementation],
    timeout: float,
    bar: Watcher,
    examples: Examples,
) -> findings.Findings:
    """What contenders do with inputs, with progress. A ``KeyboardInterrupt`` is passed on."""
    bar.case("verify", len(contenders) + 1)
    bar.doing("calling the reference")
    for given in inputs:
        _ = given.expected, given.counts
    bar.step()
    collected: list[findings.Finding] = []
    busy = Busy(bar, "verifying", len(contenders), SLOW)
    for found in verification.verify_all(contenders, inputs, timeout, busy.with_, examples):
        collected += found
        bar.step()
    return findings.collect([*inputs, *examples.differing], collected, examples.summary())

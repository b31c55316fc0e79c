"""``doubles-lab count-instructions``: ranks without a clock."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from doubles_lab.cli import exits, options, progress
from doubles_lab.cli.exits import Command
from doubles_lab.measure import instructions
from doubles_lab.report import document, terminal
from doubles_lab.results import record, saved


@click.command(
    "count-instructions",
    cls=Command,
    epilog="\b\nExamples:\n"
    "  doubles-lab count-instructions\n"
    "  doubles-lab count-instructions --case size-64k --contender 'pyo3-*' --output counts.md\n"
    "  doubles-lab count-instructions --output counts.json     for a program",
)
@options.case_options
@options.contender_options
@options.timeout_option(600.0, "a call under valgrind")
@click.option(
    "--output",
    type=options.File,
    help="Also write the counts to this file: as JSON if its name ends so, else as Markdown.",
)
def command(
    cases: options.Cases,
    contenders: options.Contenders,
    timeout: float,
    output: Path | None,
) -> None:
    """Rank contenders by the instructions of a call, without a clock.

    Counted by valgrind's callgrind, so that other load on the machine does not matter: for CI. Each contender takes
    some ten seconds. Without --case or --file: a thousand letters.
    """
    folder = options.folder_at()
    counted_of = contenders.checked(folder, timeout)
    chosen, unread = (cases if cases.cases or cases.files else options.Cases(["size-1k"])).chosen(folder, [])
    counts: list[instructions.Count] = []
    try:
        with progress.Bar(terminal.errors()) as bar:
            for case in chosen:
                counts += instructions.count(case, counted_of, timeout, bar)
    except KeyboardInterrupt:
        terminal.complain("interrupted")
        sys.exit(exits.INTERRUPTED)
    if counts:
        told = instructions.report(counts)
        document.show(told, terminal.out())
        if output is not None:
            as_json = output.suffix == ".json"
            saved.write_whole(output, instructions.as_json(counts) if as_json else document.markdown(told))
    if any(each.status in (record.WRONG, record.FAILED) for each in counts):
        sys.exit(exits.WRONG)
    if unread:
        sys.exit(exits.NO_INPUT)
    counted = {each.case for each in counts if each.instructions}
    sys.exit(exits.told_of_nothing("counted", {case.name: case.name in counted for case in chosen}))

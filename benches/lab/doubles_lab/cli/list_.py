"""``doubles-lab list``: the contenders and the cases."""

from __future__ import annotations

import click

from doubles_lab.cli import options
from doubles_lab.cli.exits import Command
from doubles_lab.given import edge_cases_of, inputs_of
from doubles_lab.report import document, terminal
from doubles_lab.report.document import Table


@click.command(
    "list",
    cls=Command,
    epilog="\b\nExamples:\n  doubles-lab list\n  doubles-lab list --language rust --tag best",
)
@options.contender_options
def command(contenders: options.Contenders) -> None:
    """List contenders and cases."""
    folder = options.folder_at()
    columns = ("Contender", "Counts", "Takes", "Where it comes from", "Tags")
    rows = [
        [each.name, str(each.unit), each.access, each.origin, ", ".join(each.tags)]
        for each in contenders.chosen(folder)
    ]
    cases = [*inputs_of(folder.problem), *edge_cases_of(folder.problem)]
    inputs = [[case.name, case.about, ", ".join(case.tags)] for case in cases]
    document.show([Table("", columns, rows), Table("", ("Case", "What it is", "Tags"), inputs)], terminal.out())

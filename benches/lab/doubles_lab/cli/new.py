"""``doubles-lab new``: a problem's folder for a function, with a source file for each approach to go on from."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from doubles_lab import registry
from doubles_lab.ceiling.observation import Refused, Unknown
from doubles_lab.ceiling.signature import function_name, names_a_function
from doubles_lab.ceiling.sources import with_floors
from doubles_lab.cli import exits, options, progress
from doubles_lab.cli.exits import Command
from doubles_lab.folder import FILE
from doubles_lab.report import terminal
from doubles_lab.results.verdict import listed
from doubles_lab.scaffold import write
from doubles_lab.scaffold.create import Created, create


@click.command(
    "new",
    cls=Command,
    epilog="\b\nExamples:\n"
    "  doubles-lab new total --from orders:total --example orders:prices\n"
    "  doubles-lab new total --from orders:total --example orders:prices --approach pyo3 --approach cython\n"
    "  doubles-lab run total --quick                 what it wrote, verified and raced",
)
@click.argument("folder", metavar="NAME", type=click.Path(path_type=Path))
@click.option("--from", "target", required=True, metavar="MODULE:FUNCTION", help="The function to make faster.")
@options.examples_of_function
@options.approach_option(write.with_templates, write.USUAL, "Write a file for this approach.")
@options.timeout_option(10.0, "a call")
def command(folder: Path, target: str, examples: Sequence[str], approaches: Sequence[str], timeout: float) -> None:
    """Write the folder NAME with a problem: what makes a function native, ready to be built, verified and raced.

    problem.py has the function as the reference, the examples as inputs, and edge cases that are guessed from the types
    of its arguments. Beside it is a file for each approach: a translation of the function where that is mechanical, and
    otherwise one with the right signature that raises an exception until you write its body.
    """
    refuse_name(folder)
    if not registry.is_function(target):
        raise click.UsageError(f"{target} is not MODULE:FUNCTION")
    if not examples:
        raise click.UsageError("what it is called with is missing: --example MODULE:NAME")
    known = sorted(write.with_templates())
    chosen = registry.select_names(approaches, known, "approach with a template for files") or list(write.USUAL)
    with progress.Bar(terminal.errors()) as bar:
        bar.case("new", 1)
        try:
            created = create(folder, target, examples, chosen, timeout, bar.doing)
        except Unknown as error:
            raise click.UsageError(str(error)) from None
        except Refused as error:
            terminal.complain(error)
            sys.exit(exits.NOTHING)
        except KeyboardInterrupt:
            terminal.complain("interrupted, and nothing was written")
            sys.exit(exits.INTERRUPTED)
        except OSError as error:
            raise click.UsageError(f"{folder} cannot be written: {error.strerror or error}") from None
    tell(folder, created)


def refuse_name(folder: Path) -> None:
    """Raises an error for a folder that cannot be made, or whose name cannot be that of a function."""
    name = folder.name
    if not names_a_function(name):
        raise click.UsageError(
            f"{name!r} cannot be the name of a function in Python, Rust, C, C++ and Cython alike: use letters, digits "
            f"and _, and no keyword of these languages, such as {function_name(name)}"
        )
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(f"{folder} is a file")
    if folder.is_dir() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} has files in it: name a folder that is not there yet")


def tell(folder: Path, created: Created) -> None:
    """Prints what was written, and what to do next."""
    for note in created.notes:
        click.echo(terminal.visible(f"{note}."))
    click.echo(f"{folder / FILE}: the reference, inputs and edge cases")
    for each in created.sources:
        said = "a translation that works" if each.works else "a signature without a body: write it"
        click.echo(f"{folder / each.file}: {said}")
    for refused in created.without:
        click.echo(f"No file for {refused.approach}: {terminal.visible(refused.reason)}")
    unwritten = [each for each in created.sources if not each.works]
    if unwritten:
        click.echo(f"Next: write {listed([str(folder / each.file) for each in unwritten])}, and then")
    click.echo(f"{'     ' if unwritten else 'Next:'} doubles-lab run {folder} --quick")
    one = next((each.approach for each in unwritten if each.approach in with_floors()), "")
    if one and created.has_ceiling:
        click.echo(f"How {one} reads such arguments: doubles-lab ceiling {folder} --approach {one} --source")

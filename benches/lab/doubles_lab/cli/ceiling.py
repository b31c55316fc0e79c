"""``doubles-lab ceiling``: what native code could give a function at most, before any is written."""

from __future__ import annotations

import datetime
import hashlib
import random
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from doubles_lab import registry
from doubles_lab.approaches.build import cache_dir
from doubles_lab.ceiling import answer, observation, pythons, sources
from doubles_lab.ceiling.observation import Observed
from doubles_lab.ceiling.signature import function_name
from doubles_lab.cli import exits, options, progress
from doubles_lab.cli.exits import Command
from doubles_lab.folder import REFERENCE, Folder, read
from doubles_lab.given import NotForThis, of_input
from doubles_lab.measure import race
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.building import build
from doubles_lab.measure.schedule import QUICK, Plan, budgeted
from doubles_lab.report import document, terminal
from doubles_lab.report.table import where
from doubles_lab.results import saved
from doubles_lab.results.record import CaseRecord
from doubles_lab.scaffold.write import with_templates

#: Processes of each, at least and at most, and what one sample takes: an answer that is wrong by some percent is as
#: good here.
FEWEST, PROCESSES, SAMPLE_MS = 3, 4, 5.0


@click.command(
    "ceiling",
    cls=Command,
    epilog="\b\nExamples:\n"
    "  doubles-lab ceiling my_module:parse --example my_module:LINES\n"
    "  doubles-lab ceiling my_module:parse --example my_module:lines_of_size --approach pyo3 --approach cython\n"
    "  doubles-lab ceiling my_problem --input prices      the reference of a problem's folder\n"
    "  doubles-lab ceiling my_module:parse --example my_module:LINES --source",
)
@click.argument("target", metavar="MODULE:FUNCTION")
@options.examples_of_function
@click.option("--input", "inputs", multiple=True, metavar="NAME", help="Of a problem's folder: this input. Repeatable.")
@options.approach_option(sources.with_floors, sources.USUAL, "Only this approach.")
@click.option("--source", is_flag=True, help="Print the sources of the floors, and measure nothing.")
@click.option("--output", type=options.Directory, help="Copy the folder with the floors there, to go on from.")
@click.option(
    "--budget",
    type=options.Duration(),
    default="20s",
    show_default=True,
    help="Measure for about this long, builds apart.",
)
@options.timeout_option(10.0, "a call")
@options.seed_option
def command(
    target: str,
    examples: Sequence[str],
    inputs: Sequence[str],
    approaches: Sequence[str],
    source: bool,
    output: Path | None,
    budget: float,
    timeout: float,
    seed: int | None,
) -> None:
    """Find out how many times as fast a function could be at most.

    For each approach that can express the function's arguments and result, the lab writes a function that takes the
    arguments as the approach's users do, reads every element and returns a result of the right type and size. What that
    costs is a floor: no implementation by that approach is faster. It is raced against the function as it is. No native
    code is needed from you.
    """
    folder = Path(target).is_dir()
    if not folder and not registry.is_function(target):
        raise click.UsageError(f"{target} is neither MODULE:FUNCTION nor the folder of a problem")
    if (folder and examples) or (not folder and inputs):
        raise click.UsageError("--example is for MODULE:FUNCTION, and --input for the folder of a problem")
    if not folder and not examples:
        raise click.UsageError("what it is called with is missing: --example MODULE:NAME")
    known = sorted(sources.with_floors())
    chosen = registry.select_names(approaches, known, "approach with a template for floors") or list(sources.USUAL)
    target = str(Path(target).resolve()) if folder else target
    answers: list[answer.Answer] = []
    interrupted = False
    with progress.Bar(terminal.errors()) as bar:
        bar.case("ceiling", 1)
        try:
            seen = observation.observe(target, inputs if folder else examples, timeout, bar.doing)
        except observation.Unknown as error:
            raise click.UsageError(str(error)) from None
        except observation.Refused as error:
            terminal.complain(error)
            sys.exit(exits.NOTHING)
        except KeyboardInterrupt:
            terminal.complain("interrupted")
            sys.exit(exits.INTERRUPTED)
        place = place_of(seen, chosen)
        written = sources.write(place, seen.signature, chosen)
        if output is not None:
            shutil.copytree(place, output, dirs_exist_ok=True)
        notes = list(seen.notes)
        if not source:
            # The largest example, as for the sentence at the end.
            row, fresh = seen.signature.rows[-1].name, bool(seen.signature.facts["fresh"])
            try:
                others = pythons.compare(target, inputs if folder else examples, row, fresh, timeout, bar.doing)
            except KeyboardInterrupt:
                interrupted, others = True, []
            notes += [f"{each.said}, on {row}" if each.faster else each.said for each in others]
        if not source and written.functions and not interrupted:
            plan = replace(
                budgeted(QUICK, budget / len(seen.results)),
                processes=PROCESSES,
                fewest=FEWEST,
                sample_ms=SAMPLE_MS,
                limit=timeout,
                seed=random.SystemRandom().randrange(1 << 32) if seed is None else seed,
            )
            try:
                measure(read(place), seen, written, plan, bar, answers)
            except KeyboardInterrupt:
                interrupted = True
    out = terminal.out()
    if source:
        show_sources(place)
        return
    setting = where(saved.machine(), datetime.datetime.now().isoformat(sep=" ", timespec="seconds"))
    document.show(answer.report(answers, seen.signature, notes, written.without, setting), out)
    click.echo(f"Sources of the floors: {terminal.visible(str(output or place))}")
    worthwhile = [each for each in answer.worthwhile(answers) if each in with_templates()]
    if worthwhile and not folder:
        told = [f"--example {each}" for each in examples] + [f"--approach {each}" for each in worthwhile]
        name = function_name(seen.signature.name)
        click.echo(terminal.visible(f"Next: doubles-lab new {name} --from {target} {' '.join(told)}"))
    if interrupted:
        sys.exit(exits.INTERRUPTED)
    if not any(each.ceilings for each in answers):
        terminal.complain("no floor was timed")
        sys.exit(exits.NOTHING)


def place_of(seen: Observed, chosen: Sequence[str]) -> Path:
    """The folder of the floors in the cache: one for each function, examples and approaches."""
    told = repr((seen.signature.target, seen.signature.facts["directory"], seen.signature.facts["examples"], chosen))
    digest = hashlib.sha256(told.encode()).hexdigest()[:8]
    return cache_dir() / "ceiling" / f"{seen.signature.name}-{digest}"


def measure(
    folder: Folder,
    seen: Observed,
    written: sources.Written,
    plan: Plan,
    watcher: Watcher,
    answers: list[answer.Answer],
) -> None:
    """Builds and races the floors, and fills ``answers`` as it goes."""
    wanted = {REFERENCE, *(each.implementation for each in written.functions)}
    raced = [each for each in folder.implementations if each.name in wanted]
    build(raced, plan.limit, watcher)
    for row in seen.signature.rows:
        given = of_input(folder.problem, folder.problem.input(row.name))
        given.outcomes["", ""] = seen.results[row.name]
        result = CaseRecord(row.name, "", "")
        try:
            race.race({given: result}, raced, plan, watcher)
        except NotForThis as error:
            terminal.complain(error)
        finally:
            answers.append(answer.answer(result, seen.signature, written.functions, row.key))


def show_sources(place: Path) -> None:
    """Prints every file of a folder."""
    for file in sorted(each for each in place.iterdir() if each.is_file()):
        click.echo(f"==> {file}\n{file.read_text(encoding='utf-8')}")

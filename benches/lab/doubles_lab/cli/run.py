"""``doubles-lab run``: races contenders."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from doubles_lab import registry
from doubles_lab.cli import advice, exits, files, options, progress, sizes
from doubles_lab.cli.exits import Command
from doubles_lab.cli.verify import BEFORE_RACES, verified_on
from doubles_lab.folder import Folder
from doubles_lab.given import Given, NotForThis, edge_cases_of, inputs_of
from doubles_lab.implementation import Implementation, Raises
from doubles_lab.measure import conditions, race
from doubles_lab.measure import verify as verification
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.building import build
from doubles_lab.measure.examples import Examples
from doubles_lab.measure.schedule import FULL, QUICK, Plan, budgeted
from doubles_lab.report import divergences, terminal
from doubles_lab.results import findings, record, saved
from doubles_lab.results.record import Record


@click.command(
    "run",
    cls=Command,
    epilog="\b\nExamples:\n"
    "  doubles-lab run                               every contender on the article's input, 3 minutes\n"
    "  doubles-lab run --quick                       the same in one\n"
    "  doubles-lab run --case 'size-*' --tag best    the best of each approach, at every size\n"
    "  doubles-lab run --file a.txt --file b.txt     your own data\n"
    "  doubles-lab run --budget 10m --language rust  as good as ten minutes allow\n"
    "  doubles-lab run --contender my_module:count   your own function beside all others\n"
    "  doubles-lab run my_problem --quick            a problem of your own: the folder with its problem.py",
)
@options.folder_argument
@click.option("--gil", is_flag=True, help="Find out which implementations let other threads run, too.")
@click.option("--strings", is_flag=True, help="Measure what it costs how a str is stored, too.")
@options.case_options
@options.contender_options
@click.option(
    "--quick/--full", help="Fewer and shorter samples, as many processes: two minutes for all contenders on one case."
)
@click.option(
    "--baseline", metavar="NAME", help="Show how many times as fast as this contender. [default: the problem's own]"
)
@click.option(
    "--budget",
    type=options.Duration(),
    metavar="TIME",
    help="Measure for about this long, such as 90s or 5m, builds apart: as many rounds as fit, three at least.",
)
@click.option("--cold", is_flag=True, help="Call with new input each time, which is in no cache: one call a sample.")
@click.option("--processes", type=click.IntRange(1), help="Processes for each contender, one after another.")
@click.option("--rounds", type=click.IntRange(1), help="Rounds in each process; not cut where a case takes long.")
@options.timeout_option(60.0, "a call")
@options.examples_option
@options.seed_option
@options.output_option
@click.option("--no-charts", is_flag=True, help="Draw no charts, and make no HTML page.")
@options.no_files_option
def command(
    folder: Path | None,
    gil: bool,
    strings: bool,
    cases: options.Cases,
    contenders: options.Contenders,
    quick: bool,
    baseline: str | None,
    budget: float | None,
    cold: bool,
    processes: int | None,
    rounds: int | None,
    timeout: float,
    examples: int,
    seed: int | None,
    output: Path,
    no_charts: bool,
    no_files: bool,
) -> None:
    """Verify contenders, race them, and report.

    With a FOLDER: the implementations of the problem in its problem.py, on its inputs, beside its reference. Without,
    and without --case or --file: the article's million random letters. Everything is saved under --output:
    the samples in pyperf's format, a summary as Markdown, CSV and JSON, a chart of each case as SVG
    and PNG, and one HTML page of it all, for which contenders are verified on hostile input as well.
    """
    if budget is not None and rounds is not None:
        raise click.UsageError("--budget settles how many rounds there are: leave out --rounds")
    problem = options.folder_at(folder)
    raced = contenders.chosen(problem)
    if baseline is not None:
        registry.select(raced, [baseline], [], "contender among those chosen")
    options.check_functions(raced, timeout)
    chosen, unread = cases.chosen(problem, ["default"])
    if contenders.names and folder is not None and baseline is None:
        # What the others are compared with is always there.
        own = problem.implementation(problem.baseline)
        raced = raced if own in raced else [own, *raced]
    plan = replace(QUICK if quick else FULL, limit=timeout)
    plan = replace(
        plan,
        seed=options.seeded(seed),
        processes=processes or plan.processes,
        # A sample of one call tells little, and takes no time.
        rounds=rounds or plan.rounds * (5 if cold else 1),
        case_seconds=float("inf") if rounds else plan.case_seconds,
        cold=conditions.more_than_caches() if cold else 0,
    )
    if budget is not None and chosen:
        plan = budgeted(plan, budget / len(chosen))
    command = files.published(sys.argv[1:], plan.seed)
    machine = {**saved.machine(), **options.warned()}
    result = race.begun(problem, plan, machine, command, budget, baseline or "")
    result.unread = unread
    errors = terminal.errors()
    with files.stem_in(output if chosen and not no_files else None, result.date) as stem:
        verified = None
        try:
            with progress.Bar(errors) as bar:
                build(raced, plan.limit, bar)
                checked = verifying(problem)
                generated = Examples(problem, checked, plan.seed, examples)
                verified = verified_on(checked, raced, timeout, bar, generated)
                measure(problem, raced, chosen, plan, bar, result, verified, lambda: files.keep(result, stem))
                files.keep(result, stem, finished=True)
        except KeyboardInterrupt:
            result.interrupted = True
        files.finish(result, stem, not no_charts, None if result.interrupted else verified)
        if not result.interrupted:
            out = terminal.out()
            sizes.show(problem, result, out)
            if gil:
                sizes.show_gil(chosen[-1], raced, timeout, out)
            if strings:
                with progress.Bar(errors) as bar:
                    sizes.show_storages(chosen[-1], raced, plan, bar, out)
    broken = [] if verified is None else verification.broken(verified.findings)
    if verified is not None and (said := divergences.generated(verified)):
        terminal.complain(said)
    for finding in broken:
        terminal.complain(f"{finding.contender} on the case {finding.case}: {finding.reason}")
    if folder is not None and not result.interrupted:
        page = None if stem is None or no_charts else stem.with_name(f"{stem.name}.html")
        for number, said in enumerate(advice.next_steps(problem, broken, result, page)):
            click.echo(terminal.visible(f"{'      ' if number else 'Next: '}{said}"))
    sys.exit(exit_code(result) or (exits.WRONG if broken else 0))


def verifying(problem: Folder) -> list[Given]:
    """What implementations are verified on before they are timed: the edge cases, and what is raced without a choice.

    Where there is nothing of that, it is the first input, for it to be found out whether they keep their results. The
    race checks the results of whatever else it times.
    """
    chosen, _ = options.Cases().chosen(problem, BEFORE_RACES)
    tagged = [given for given in chosen if given.tags]
    return tagged or edge_cases_of(problem.problem) or inputs_of(problem.problem)[:1]


def measure(
    problem: Folder,
    raced: Sequence[Implementation],
    chosen: Sequence[Given],
    plan: Plan,
    bar: Watcher,
    result: Record,
    verified: findings.Findings,
    keep: Callable[[], None],
) -> None:
    """Races on each input, and fills ``result`` as it goes. What gave a wrong result is not timed."""
    out: dict[str, tuple[str, str]] = {}
    for found in verification.broken(verified.findings):
        if isinstance(found.found, Raises):
            continue  # It refuses that input and says so, which is told at the end; what it gives for others is right.
        status = record.FAILED if found.failed else record.WRONG
        out.setdefault(found.contender, (status, f"on {found.case} it {found.reason}"))
    for given in chosen:
        bar.case(given.name, 1)
        bar.doing("calling the reference")
        case_record = race.describe(given)
        result.cases.append(case_record)
        try:
            race.race({given: case_record}, raced, plan, bar, out, keep)
        except NotForThis as error:
            raise click.ClickException(f"{problem.path}: {error}") from None


def exit_code(result: Record) -> int:
    """The exit code of a run."""
    rows = [row for case in result.cases for row in case.rows]
    if result.interrupted:
        return exits.INTERRUPTED
    if any(row.status in (record.WRONG, record.FAILED) for row in rows):
        return exits.WRONG
    if result.unread:
        return exits.NO_INPUT
    return exits.told_of_nothing("timed", {case.name: any(row.timed for row in case.rows) for case in result.cases})

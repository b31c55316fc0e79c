"""``doubles-lab run``: races contenders."""

from __future__ import annotations

import datetime
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from doubles_lab import registry
from doubles_lab.case import Case, Input
from doubles_lab.cli import exits, files, options, problems, progress
from doubles_lab.cli.exits import Command
from doubles_lab.cli.verify import VERIFIED, verified_on
from doubles_lab.contender import Contender
from doubles_lab.folder import REFERENCE
from doubles_lab.measure import conditions, race
from doubles_lab.measure import verify as verification
from doubles_lab.measure.problem_race import Verified
from doubles_lab.report import terminal
from doubles_lab.results import findings, record, saved
from doubles_lab.results.record import Record

DEFAULT_BASELINE = "python-zip"


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
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--gil", is_flag=True, help="Of a FOLDER: find out which implementations let other threads run, too.")
@click.option("--strings", is_flag=True, help="Of a FOLDER: measure what it costs how a str is stored, too.")
@options.case_options
@options.contender_options
@click.option(
    "--quick/--full", help="Fewer and shorter samples, as many processes: two minutes for all contenders on one case."
)
@click.option(
    "--baseline", metavar="NAME", help=f"Show how many times as fast as this contender. [default: {DEFAULT_BASELINE}]"
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
    if (gil or strings) and folder is None:
        raise click.UsageError("--gil and --strings are about the problem in a FOLDER")
    problem = None
    raced: list[Contender] = []
    chosen: list[Case] = []
    unread: list[str] = []
    if folder is not None:
        if baseline or cases != options.Cases() or replace(contenders, names=()) != options.Contenders():
            raise click.UsageError("a FOLDER has inputs and implementations of its own: only --contender chooses")
        problem = problems.chosen(folder, contenders.names)
    else:
        raced = contenders.chosen()
        if baseline is not None:
            registry.select(raced, [baseline], [], "contender among those chosen")
        options.check_functions(raced, timeout)
        chosen, unread = cases.chosen(["default"])
    plan = replace(race.QUICK if quick else race.FULL, limit=timeout)
    plan = replace(
        plan,
        seed=random.SystemRandom().randrange(1 << 32) if seed is None else seed,
        processes=processes or plan.processes,
        # A sample of one call tells little, and takes no time.
        rounds=rounds or plan.rounds * (5 if cold else 1),
        case_seconds=float("inf") if rounds else plan.case_seconds,
        cold=conditions.more_than_caches() if cold else 0,
    )
    if budget is not None and (chosen or problem):
        plan = race.budgeted(plan, budget / max(len(chosen), 1))
    result = Record(
        date=datetime.datetime.now().isoformat(sep=" ", timespec="seconds"),
        seed=plan.seed,
        processes=plan.processes,
        rounds=plan.rounds,
        sample_ms=plan.sample_ms,
        budget=budget,
        cold=cold,
        baseline=REFERENCE if problem else baseline or DEFAULT_BASELINE,
        machine={**saved.machine(), **options.warned()},
        command=files.published(sys.argv[1:], plan.seed),
        unread=unread,
    )
    errors = terminal.errors()
    with files.stem_in(output if (chosen or problem) and not no_files else None, result.date) as stem:
        edge_cases: list[Verified] = []
        try:
            with progress.Bar(errors) as bar:
                if problem is not None:
                    edge_cases = problems.race(*problem, plan, bar, result, lambda: files.keep(result, stem))
                for case in chosen:
                    bar.case(case.name, 1)
                    bar.doing("counting with the oracle")
                    given = Input(case)
                    case_record = race.describe(given)
                    result.cases.append(case_record)
                    if len(result.cases) == 1:
                        race.build(raced, plan.limit, bar)
                    race.race(given, raced, plan, bar, case_record, lambda: files.keep(result, stem))
                files.keep(result, stem, finished=True)
        except KeyboardInterrupt:
            result.interrupted = True
        verified = None
        if not (no_files or no_charts or result.interrupted or problem):
            verified = verified_on_hostile(raced, timeout, errors)
        files.finish(result, stem, not no_charts, verified)
        if problem is not None and not result.interrupted:
            out = terminal.out()
            problems.show(problem[0], result, edge_cases, out)
            if gil:
                problems.show_gil(*problem, timeout, out)
            if strings:
                with progress.Bar(errors) as bar:
                    problems.show_storages(*problem, plan, bar, out)
    broken = [] if verified is None else verification.broken(verified.findings)
    for finding in broken:
        terminal.complain(f"{finding.contender} on the case {finding.case}: {finding.reason}")
    sys.exit(exit_code(result) or (exits.WRONG if broken else 0))


def verified_on_hostile(contenders: Sequence[Contender], timeout: float, errors: Console) -> findings.Findings | None:
    """What contenders do with every case but the sizes; ``None`` if that is interrupted."""
    chosen, _ = options.Cases().chosen(VERIFIED)
    try:
        with progress.Bar(errors) as bar:
            return verified_on([Input(case) for case in chosen], contenders, timeout, bar)
    except KeyboardInterrupt:
        return None


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

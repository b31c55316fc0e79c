"""``doubles-lab run FOLDER``: a race on a problem of the user's."""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from doubles_lab import registry
from doubles_lab.cli import progress
from doubles_lab.folder import REFERENCE, Folder, Implementation, ProblemError, read
from doubles_lab.measure import problem_race
from doubles_lab.measure.problem_race import Point, ReferenceFails, Verified
from doubles_lab.measure.race import Plan
from doubles_lab.questions.crossover import Times, crossover
from doubles_lab.questions.payoff import when
from doubles_lab.report.chart import short_time
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Record
from doubles_lab.results.verdict import Verdict, number, verdicts

#: What stands at the end of a str, for CPython to store all of its characters in two or in four bytes.
STORAGES = {"as it is": "", "with 中 (2 bytes)": "中", "with 😀 (4 bytes)": "😀"}


def chosen(path: Path, patterns: Sequence[str]) -> tuple[Folder, list[Implementation]]:
    """The problem in a folder, and those of its implementations that match; the reference is always among them.

    Raises ``click.ClickException`` with what is wrong.
    """
    try:
        folder = read(path)
    except ProblemError as error:
        raise click.ClickException(str(error)) from None
    names = [each.name for each in folder.implementations]
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            raise click.ClickException(registry.no_such("implementation", pattern, names))
    kept = [
        each
        for each in folder.implementations
        if not patterns or each.name == REFERENCE or any(fnmatch.fnmatchcase(each.name, p) for p in patterns)
    ]
    return folder, kept


def race(
    folder: Folder,
    implementations: Sequence[Implementation],
    plan: Plan,
    bar: progress.Bar,
    result: Record,
    keep: Callable[[], None],
) -> list[Verified]:
    """Builds, verifies and races implementations, and fills ``result`` as it goes; returns what verifying found."""
    problem_race.build(folder, implementations, plan.limit, bar)
    verified = list(problem_race.verify(folder, implementations, plan.limit, bar))
    wrong: dict[str, str] = {}
    for found in verified:
        if found.wrong:
            on = f"on the edge case {found.edge_case!r} it " if found.edge_case in folder.problem.edge_cases else ""
            wrong.setdefault(found.implementation, on + found.wrong)
    points = problem_race.points(folder)
    each = replace(plan, case_seconds=plan.case_seconds / len(points)) if plan.budgeted else plan
    for point in points:
        case = problem_race.describe(folder, point)
        result.cases.append(case)
        try:
            problem_race.race_at(folder, point, implementations, each, bar, case, wrong, keep)
        except ReferenceFails as error:
            raise click.ClickException(f"{folder.path}, input {point.name}: {error}") from None
    return verified


def show(folder: Folder, result: Record, verified: Sequence[Verified], out: Console) -> None:
    """Prints what is asked besides the race: over size, and which edge cases came out otherwise."""
    found = {case.name: verdicts(case, REFERENCE, result.seed) for case in result.cases}
    for given in folder.problem.inputs:
        if len(given.sizes) > 1:
            show_sizes(given.name, [Point(given.name, size) for size in given.sizes], result.cases, found, out)
    apart = [each for each in verified if each.apart and each.edge_case]
    for each in apart:
        out.print(Text(f"{each.implementation} was not tried on {each.edge_case!r}: {each.apart}", "dim"))
    tried = len({each.edge_case for each in verified if each.edge_case in folder.problem.edge_cases})
    out.print(Text(f"Edge cases: {tried}, on each of which every implementation above gave what the reference gives."))
    out.print()


def show_sizes(
    name: str, points: Sequence[Point], cases: Sequence[CaseRecord], found: dict[str, list[Verdict]], out: Console
) -> None:
    """Prints how many times as fast as the reference each implementation is at each size, and from which size on."""
    at = {case.name: case for case in cases}
    measured = [point for point in points if point.name in at and any(row.timed for row in at[point.name].rows)]
    if not measured:
        return
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column(f"Times as fast as the reference, by the size of {name}", no_wrap=True)
    for point in measured:
        table.add_column(f"{point.size:,}", justify="right", no_wrap=True)
    table.add_column("Faster")
    rows = list(dict.fromkeys(v.row.contender for point in measured for v in found[point.name] if v.time))
    reference = times_of(REFERENCE, measured, at)
    for each in rows:
        by_point = [next((v for v in found[p.name] if v.row.contender == each and v.time), None) for p in measured]
        cells = [Text("–") if v is None else cell(v) for v in by_point]
        crossed = crossover(reference, times_of(each, measured, at)) if each != REFERENCE else None
        table.add_row(Text(each), *cells, "" if crossed is None else when(crossed, 2))
    out.print(table)
    out.print()


def cell(verdict: Verdict) -> Text:
    """How many times as fast as the reference, and the time of the reference itself."""
    if verdict.row.contender == REFERENCE:
        return Text(short_time(verdict.time.value) if verdict.time else "–", "dim")
    ratio = verdict.speedup.value if verdict.speedup else math.nan
    style = "bold green" if verdict.leading else "red" if verdict.speedup and verdict.speedup.high < 1 else ""
    return Text(number(ratio), style)


def times_of(name: str, points: Sequence[Point], cases: dict[str, CaseRecord]) -> Times:
    """The samples of an implementation by size."""
    found = {}
    for point in points:
        for row in cases[point.name].rows:
            if row.contender == name and row.timed and point.size is not None:
                found[point.size] = row.samples
    return found


def show_gil(folder: Folder, implementations: Sequence[Implementation], limit: float, out: Console) -> None:
    """Finds out and prints whether each implementation lets other threads run."""
    answers = problem_race.lets_go(folder, implementations, limit)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("Implementation", no_wrap=True)
    table.add_column("Other threads run during a call")
    for name, said in answers.items():
        table.add_row(Text(name), Text(said))
    out.print(table)
    out.print()


def show_storages(
    folder: Folder, implementations: Sequence[Implementation], plan: Plan, bar: progress.Bar, out: Console
) -> None:
    """Measures and prints what the width costs in which CPython stores the characters of a str."""
    if not problem_race.takes_text(folder):
        out.print(Text("How a str is stored: does not apply: takes no str", "dim"))
        out.print()
        return
    last = problem_race.points(folder)[-1]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column(f"Time of {last.name}, by how its str is stored", no_wrap=True)
    times: dict[str, list[str]] = {each.name: [] for each in implementations}
    for label, more in STORAGES.items():
        table.add_column(label, justify="right", no_wrap=True)
        point = replace(last, more=more)
        case = problem_race.describe(folder, point)
        problem_race.race_at(folder, point, implementations, plan, bar, case, {})
        for v in verdicts(case, REFERENCE, plan.seed):
            failed = v.row.reason if v.row.status in (record.WRONG, record.FAILED) else "–"
            times[v.row.contender].append(short_time(v.time.value) if v.time else failed)
    for name, cells in times.items():
        table.add_row(Text(name), *map(Text, cells))
    out.print(table)
    out.print()

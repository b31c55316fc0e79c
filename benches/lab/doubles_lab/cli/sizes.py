"""What ``doubles-lab run`` shows besides the race: over size, the GIL, and how a str is stored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from doubles_lab.cli import progress
from doubles_lab.cli.options import takes_text
from doubles_lab.folder import REFERENCE, Folder
from doubles_lab.given import Given, extended, inputs_of
from doubles_lab.implementation import Implementation
from doubles_lab.measure import race
from doubles_lab.measure.schedule import Plan
from doubles_lab.measure.threads import lets_go
from doubles_lab.questions.crossover import Times, crossover
from doubles_lab.questions.payoff import when
from doubles_lab.report.table import short_time
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Record
from doubles_lab.results.verdict import Verdict, number, verdicts

#: What stands at the end of a str, for CPython to store all of its characters in two or in four bytes.
STORAGES = {"as it is": "", "with 中 (2 bytes)": "中", "with 😀 (4 bytes)": "😀"}


def show(folder: Folder, result: Record, out: Console) -> None:
    """Prints, for each input with several sizes that was raced, how the answer changes over size."""
    found = {case.name: verdicts(case, result.baseline, result.seed) for case in result.cases}
    for given in folder.problem.inputs:
        points = [each for each in inputs_of(folder.problem) if each.problem_input == given.name and each.name in found]
        if len(points) > 1:
            show_sizes(given.name, points, result, found, out)


def show_sizes(
    name: str, points: Sequence[Given], result: Record, found: dict[str, list[Verdict]], out: Console
) -> None:
    """Prints how many times as fast as the baseline each implementation is at each size, and from which size on."""
    at = {case.name: case for case in result.cases}
    measured = [point for point in points if point.name in at and any(row.timed for row in at[point.name].rows)]
    if not measured:
        return
    the = "the " if result.baseline == REFERENCE else ""
    table = titled(f"How many times as fast as {the}{result.baseline}, by the size of {name}", "Implementation")
    for point in measured:
        table.add_column(f"{point.size:,}", justify="right", no_wrap=True)
    table.add_column("Faster")
    rows = list(dict.fromkeys(v.row.contender for point in measured for v in found[point.name] if v.time))
    base = times_of(result.baseline, measured, at)
    for each in rows:
        by_point = [next((v for v in found[p.name] if v.row.contender == each and v.time), None) for p in measured]
        cells = [Text("–") if v is None else cell(v, result.baseline) for v in by_point]
        crossed = crossover(base, times_of(each, measured, at)) if each != result.baseline else None
        table.add_row(Text(each), *cells, "" if crossed is None else when(crossed, 2))
    out.print(table)
    out.print()


def titled(title: str, first: str) -> Table:
    """A table with no lines, and its first column."""
    look: dict[str, Any] = {"box": None, "pad_edge": False, "header_style": "dim", "padding": (0, 2, 0, 0)}
    table = Table(title=title or None, title_justify="left", title_style="", **look)
    table.add_column(first, no_wrap=True)
    return table


def cell(verdict: Verdict, baseline: str) -> Text:
    """How many times as fast as the baseline, and the time of the baseline itself."""
    if verdict.row.contender == baseline:
        return Text(short_time(verdict.time.value) if verdict.time else "–", "dim")
    ratio = verdict.speedup.value if verdict.speedup else math.nan
    style = "bold green" if verdict.leading else "red" if verdict.speedup and verdict.speedup.high < 1 else ""
    return Text(number(ratio), style)


def times_of(name: str, points: Sequence[Given], cases: dict[str, CaseRecord]) -> Times:
    """The samples of an implementation by size."""
    found = {}
    for point in points:
        for row in cases[point.name].rows:
            if row.contender == name and row.timed and point.size is not None:
                found[point.size] = row.samples
    return found


def show_gil(given: Given, implementations: Sequence[Implementation], limit: float, out: Console) -> None:
    """Finds out and prints whether each implementation lets other threads run during a call with an input."""
    answers = lets_go(given, implementations, limit)
    table = titled("", "Implementation")
    table.add_column("Other threads run during a call")
    for name, said in answers.items():
        table.add_row(Text(name), Text(said))
    out.print(table)
    out.print()


def show_storages(
    given: Given, implementations: Sequence[Implementation], plan: Plan, bar: progress.Bar, out: Console
) -> None:
    """Measures and prints what the width costs in which CPython stores the characters of a str."""
    if not takes_text(given):
        out.print(Text("How a str is stored: does not apply: takes no str", "dim"))
        out.print()
        return
    table = titled(f"Time of {given.name}, by how its str is stored", "Implementation")
    times: dict[str, list[str]] = {each.name: [] for each in implementations}
    for label, more in STORAGES.items():
        table.add_column(label, justify="right", no_wrap=True)
        longer = extended(given, more)
        case = race.describe(longer)
        race.race({longer: case}, implementations, plan, bar)
        for v in verdicts(case, "", plan.seed):
            failed = v.row.reason if v.row.status in (record.WRONG, record.FAILED) else "–"
            times[v.row.contender].append(short_time(v.time.value) if v.time else failed)
    for name, cells in times.items():
        table.add_row(Text(name), *map(Text, cells))
    out.print(table)
    out.print()

"""What do the other operations cost?

Each problem that has a place among the operations is raced on its inputs, several in each process: the two bindings,
what people write without them, Rust alone, and, where the result is a list, making that list and nothing else. What is
not installed is a row that says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import altair as alt
import msgspec

from doubles_lab import problems
from doubles_lab.folder import FILE, Folder, load, read
from doubles_lab.given import Given, of_input
from doubles_lab.implementation import Implementation
from doubles_lab.measure import race, statistics
from doubles_lab.measure.building import build
from doubles_lab.measure.statistics import Estimate
from doubles_lab.measure.subject import MEASURED, broken
from doubles_lab.problems import _shared
from doubles_lab.problems._shared import FLOOR, PYTHON, RUST, START, TOOL
from doubles_lab.questions import checked
from doubles_lab.questions.answer import UNANSWERED, Answer, Chart, Question, Setting, keeping, rounds_of, unmeasured
from doubles_lab.report import drawing
from doubles_lab.report.chart import COLOURS
from doubles_lab.report.document import Table
from doubles_lab.report.table import interval, short_time
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord
from doubles_lab.results.verdict import number

#: Where the folders of the operations are.
ROOT = Path(problems.__path__[0])
#: The milliseconds of one sample, where that is more than one call.
SAMPLE_MS = 2.0
#: With fewer seconds for each operation, its first input alone is measured: ten processes with all take as long.
EACH = 20.0
#: The input that shows how long a program takes to start.
NOTHING = _shared.NOTHING.name
#: The implementations that the answer in short is about.
OURS, RUST_ALONE = "pyo3", "rust"


@dataclass(frozen=True)
class Operation:
    """A problem with a place among the operations."""

    #: As the bindings call it.
    name: str
    number: int
    folder: Folder
    #: In the order in which its problem lists them.
    implementations: tuple[Implementation, ...]

    @property
    def about(self) -> str:
        """What it gives, as the rest of a heading."""
        about = self.folder.problem.about
        return about[:1].lower() + about[1:]

    @property
    def inputs(self) -> list[str]:
        """The inputs of every implementation."""
        return [each.name for each in self.folder.problem.inputs if START not in each.tags]

    @property
    def starts(self) -> list[str]:
        """The inputs of programs alone, with which they do nothing but start."""
        return [each.name for each in self.folder.problem.inputs if START in each.tags]


def find_operations() -> list[Operation]:
    """The problems that have a place among the operations, in that order."""
    found = []
    for path in sorted(ROOT.iterdir()):
        module = load(path) if (path / FILE).exists() else None
        if module is not None and hasattr(module, "NUMBER"):
            folder = read(path)
            places = {each.name: place for place, each in enumerate(module.IMPLEMENTATIONS)}
            listed = sorted(folder.implementations, key=lambda each: places.get(each.name, len(places)))
            name = getattr(module, "TITLE", folder.problem.name)
            found.append(Operation(name, module.NUMBER, folder, tuple(listed)))
    return sorted(found, key=lambda each: each.number)


def takes(implementation: Implementation, given: Given) -> bool:
    """Whether an implementation is for an input: programs alone are for those that start them."""
    if START in given.tags and implementation.binding != TOOL:
        return False
    return not implementation.only or given.name in implementation.only


@keeping
def measure(setting: Setting, data: dict[str, Any]) -> None:
    """Every operation."""
    operations = find_operations()
    short = setting.seconds < EACH * len(operations)
    inputs = {each.name: each.inputs[: 1 if short else None] for each in operations}
    data.update(
        operations=[
            {"name": each.name, "about": each.about, "baseline": each.folder.baseline, "inputs": inputs[each.name]}
            for each in operations
        ],
        cut=short and any(len(each.inputs) > 1 for each in operations),
        rows=[],
        rounds={},
        processes=0,
        selfchecks={},
    )
    build([each for operation in operations for each in operation.implementations], setting.limit, setting.watcher)
    end = time.monotonic() + setting.seconds
    for place, operation in enumerate(operations):
        begin = time.monotonic()
        # What one operation leaves of its time, the next ones have.
        left = replace(setting, seconds=max(0.0, end - begin) / (len(operations) - place))
        _race(operation, inputs[operation.name], left, data)


def _race(operation: Operation, inputs: list[str], setting: Setting, data: dict[str, Any]) -> None:
    problem = operation.folder.problem
    given = [of_input(problem, problem.input(name)) for name in [*inputs, *operation.starts]]
    results = {each: CaseRecord(each.name, each.about, each.reference) for each in given}
    plan = replace(setting.plan(time.monotonic()), sample_ms=SAMPLE_MS)
    try:
        race.race(results, operation.implementations, plan, setting.watcher, takes=takes)
    finally:
        first = results[given[0]]
        rows = list(rows_of(operation, results.values()))
        processes = max(sum(map(len, row["seconds"])) // first.rounds for row in rows) if rows else 0
        data["rows"] += rows
        data["processes"] = min(data["processes"] or processes, processes)
        data["rounds"][operation.name] = first.rounds
        if first.selfcheck is not None:
            data["selfchecks"][operation.name] = msgspec.structs.asdict(first.selfcheck)


def rows_of(operation: Operation, results: Iterable[CaseRecord]) -> Iterable[dict[str, Any]]:
    """The rows of what is saved."""
    for result in results:
        for row in result.rows:
            failed = row.status in (record.WRONG, record.FAILED, record.UNAVAILABLE)
            yield {
                "operation": operation.name,
                "contender": row.contender,
                "binding": row.binding,
                "access": row.access,
                "origin": row.origin,
                "input": result.name,
                "status": row.status if failed else MEASURED,
                "reason": row.reason if failed else "",
                "seconds": [] if failed else row.samples,
            }


# What is made of it.

METHOD = (
    "Each way runs in processes of its own, with what it takes at hand: the str; an array or a column of its "
    "characters, which is not made in the time; or a file. Its result is compared with what the operation means, in "
    "plain Python, before anything is timed and after each sample, outside the clock. A sample is so many calls that "
    f"they take about {SAMPLE_MS:g} ms, with the garbage collector off; each result but the last goes within the "
    "time. "
    "The result alone: the same list made by C code of CPython from numbers that are there. No way that gives such a "
    "list can be without that. "
    "Another program reads a file as its standard input and writes to a pipe; starting it is in its time and, with "
    "nothing to read, in a table of its own. Rust alone is this project's core in a program that times itself. "
    "Letters: a million random ones; DNA: a million random bases; log: lines of a log, one in six blank; no doubles: "
    "a million letters without one. Of a column, what takes a list has it at hand, as what takes an Arrow column, a "
    "Polars series or a table in DuckDB has that."
)


def is_measured(row: Mapping[str, Any]) -> bool:
    """Whether a row has times; one that was not come to before an interruption has none."""
    return row["status"] == MEASURED and any(row["seconds"])


def gives(row: Mapping[str, Any]) -> str:
    """The kind of a way's result, in a word or two."""
    return str(row["access"]).rpartition("; ")[2]


class Raced:
    """What was measured of an operation."""

    def __init__(self, described: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> None:
        self.name, self.baseline = str(described["name"]), str(described["baseline"])
        self.inputs = [str(each) for each in described["inputs"]]
        self.title = f"{self.name}: {described['about']}"
        self.rows = [row for row in rows if row["operation"] == self.name]
        #: The rows with times, by input and way.
        self.timed = {(row["input"], row["contender"]): row for row in self.rows if is_measured(row)}

    def time(self, value: str, name: str) -> Estimate:
        """The seconds of a call."""
        return statistics.level(self.timed[value, name]["seconds"]).time

    def faster(self, value: str, name: str, than: str | None) -> Estimate | None:
        """How many times as fast one way is as another with an input, if both were measured."""
        ours, theirs = self.timed.get((value, name)), self.timed.get((value, than or ""))
        return statistics.speedup(ours["seconds"], theirs["seconds"]) if ours and theirs else None

    def than(self, value: str, name: str, than: str | None) -> str:
        """How many times as fast one way is as another, and which that is."""
        ratio = self.faster(value, name, than)
        return "" if ratio is None else f"{number(ratio.value)} {than}"

    def fastest(self, value: str, binding: str, like: str) -> str | None:
        """The fastest way of a binding with an input, if any was measured: of those whose result is of the kind of
        another way's, if there are such."""
        kind = gives(self.timed[value, like]) if (value, like) in self.timed else ""
        rows = [row for (of, _), row in self.timed.items() if of == value and row["binding"] == binding]
        rows = [row for row in rows if gives(row) == kind] or rows
        names = [str(row["contender"]) for row in rows]
        return min(names, key=lambda name: self.time(value, name).value, default=None)


def answer(data: dict[str, Any]) -> Answer:
    """The bindings in short, a table for each operation, what programs take to start, and what was not measured."""
    operations = [Raced(described, data["rows"]) for described in data["operations"]]
    tables = [_short(operations), *map(_table, operations), _starting(operations), _missing(data["rows"])]
    charts = [_chart(operation) for operation in operations if operation.timed]
    method = f"{METHOD} {rounds_of(data)}"
    if data.get("cut"):
        method += " Only the first input of each operation: the time was too short for the others."
    shown = [table for table in tables if table.rows]
    found = Answer(_sentence(operations), shown, charts, method, broken(data["rows"]))
    return checked.answered(found, data.get("selfchecks", {}))


def _short(operations: Iterable[Raced]) -> Table:
    """The function of the PyO3 binding beside the others, and Rust beside NumPy."""
    cells: list[tuple[str, ...]] = []
    for each in operations:
        for value in each.inputs:
            if (value, OURS) not in each.timed:
                continue
            python, numpy = (each.fastest(value, binding, OURS) for binding in (PYTHON, "NumPy"))
            alone = each.faster(value, OURS, "floor")
            cells.append(
                (
                    each.name,
                    value,
                    short_time(each.time(value, OURS).value),
                    *(each.than(value, OURS, than) for than in (each.baseline, python, numpy)),
                    "" if alone is None else f"{alone.value:.0%}",
                    each.than(value, RUST_ALONE, each.fastest(value, "NumPy", "numpy")),
                )
            )
    columns = ("Operation", "Input", OURS, "× the baseline", "× the best Python", "× NumPy", "of it the result")
    return Table("In short", (*columns, "Rust alone × NumPy"), cells, (2, 6))


def _table(of: Raced) -> Table:
    """Every way with every input: the time of a call, and the ratio to the baseline."""
    rows = {(row["contender"], row["input"]): row for row in of.rows if row["input"] != NOTHING}
    access = {row["contender"]: row["access"] for row in reversed(rows.values())}
    cells = [
        (name, access[name], *(cell for value in of.inputs for cell in _time_and_ratio(of, rows.get((name, value)))))
        for name in dict.fromkeys(name for name, _ in rows)
    ]
    columns = ["Way", "Takes; gives", *(head for value in of.inputs for head in (value, f"× {of.baseline}"))]
    return Table(of.title, tuple(columns), cells, tuple(range(2, len(columns))))


def _time_and_ratio(of: Raced, row: Mapping[str, Any] | None) -> tuple[str, str]:
    if row is None:
        return "–", ""
    if not is_measured(row):
        return "not installed" if row["reason"].endswith("not installed") else row["status"], ""
    value, name = row["input"], row["contender"]
    ratio = of.faster(value, name, of.baseline)
    return short_time(of.time(value, name).value), "" if ratio is None else interval(ratio)


def _starting(operations: Iterable[Raced]) -> Table:
    """What it takes to start each program."""
    cells = [
        (of.name, name, row["origin"], interval(of.time(value, name), short_time))
        for of in operations
        for (value, name), row in of.timed.items()
        if value == NOTHING
    ]
    return Table("Starting a program, with nothing to read", ("Operation", "Way", "Command", "A call"), cells, (3,))


def _missing(rows: Iterable[Mapping[str, Any]]) -> Table:
    """What was not measured, and why: a row for all the inputs of an operation with which it is the same."""
    cells = [(*key, ", ".join(inputs), why) for key, inputs, why in unmeasured(rows, "operation", "contender")]
    return Table("Not measured", ("Operation", "Way", "Input", "Why"), cells)


def _sentence(operations: Iterable[Raced]) -> str:
    parts = []
    for each in operations:
        ratio = each.faster(each.inputs[0], OURS, each.baseline)
        if ratio is not None:
            text = f"{each.name} is {number(ratio.value)} times as fast as {each.baseline}"
            alone = each.faster(each.inputs[0], OURS, "floor")
            if alone is not None:
                text += f" ({alone.value:.0%} of its time is that of making the result)"
            parts.append(text)
    return f"With {OURS}, each on its first input: {'; '.join(parts)}." if parts else UNANSWERED


#: Kinds of ways, with their colours.
KINDS = {
    "the bindings": COLOURS[0],
    "plain Python": COLOURS[7],
    "a Python package": COLOURS[2],
    "another program": COLOURS[4],
    "Rust alone": COLOURS[1],
    "the result alone": COLOURS[6],
}


def _kind(binding: str) -> str:
    """The kind of a way by what lies between Python and its loop."""
    own = {PYTHON: "plain Python", "PyO3": "the bindings", "rust-cpython": "the bindings"}
    return own.get(binding, binding if binding in (TOOL, RUST, FLOOR) else "a Python package")


def _chart(of: Raced) -> Chart:
    """A point for each way and input, fastest ways first."""
    times = {key: of.time(*key) for key in of.timed if key[0] != NOTHING}
    values = [
        {
            "way": name,
            "kind": _kind(of.timed[value, name]["binding"]),
            "access": of.timed[value, name]["access"],
            "input": value,
            "ms": time.value * 1e3,
            "low": time.low * 1e3,
            "high": time.high * 1e3,
            "time": short_time(time.value),
        }
        for (value, name), time in times.items()
    ]
    quickest = sorted(((time.value, name) for (value, name), time in times.items() if value == of.inputs[0]))
    ways = list(dict.fromkeys([*(name for _, name in quickest), *(name for _, name in times)]))
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=drawing.rows("way", ways, grid=True),
        color=drawing.colour("kind", KINDS, columns=3),
        tooltip=drawing.tooltips(way="", access="takes; gives", input="", time="a call"),
    )
    points = base.mark_point(filled=True, size=60, opacity=0.9).encode(
        x=drawing.log_x("ms", "ms a call"),
        shape=alt.Shape("input:N", sort=of.inputs, legend=alt.Legend(title=None, orient="top")),
    )
    told = "; ".join(f"{name} {short_time(seconds)}" for seconds, name in quickest)
    return Chart(
        of.title,
        alt.layer(drawing.intervals(base), points).properties(width=540, height=alt.Step(18)).to_dict(),
        f"The time of a call by way and input. With {of.inputs[0]}: {told}.",
    )


QUESTION = Question("operations", 8, "What do the other operations cost?", measure, answer, seconds=240.0)

"""What do the other operations cost?

Each operation besides counting, over its inputs: the two bindings, what people write without them, Rust alone, and,
where the result is a list, making that list and nothing else. What is not installed is a row that says so.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import altair as alt

from doubles_lab import problems
from doubles_lab.folder import FILE, Folder, load, read
from doubles_lab.given import NotForThis, of_input
from doubles_lab.implementation import Implementation
from doubles_lab.measure import selfcheck, statistics
from doubles_lab.measure import subject as measuring
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.schedule import Rounds
from doubles_lab.measure.statistics import Estimate
from doubles_lab.measure.subject import MEASURED, Out, Subject, broken, settled
from doubles_lab.problems import _shared
from doubles_lab.problems._shared import FLOOR, PYTHON, RUST, START, TOOL
from doubles_lab.questions import checked
from doubles_lab.questions.answer import UNANSWERED, Answer, Chart, Interrupted, Question, Setting, rounds_of
from doubles_lab.report.chart import COLOURS, short_time
from doubles_lab.report.document import Table
from doubles_lab.report.table import interval
from doubles_lab.results import record
from doubles_lab.results.verdict import number

#: Where the folders of the operations are.
ROOT = Path(problems.__path__[0])
#: The seconds of one sample, where that is more than one call.
SAMPLE = 0.002
#: With fewer seconds for each operation, its first input alone is measured: ten processes with all take as long.
EACH = 20.0
#: The input that shows how long a program takes to start.
NOTHING = _shared.NOTHING.name
#: The ways that the answer in short is about.
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


class Requests:
    """What a process is told to make its arguments, by input; the files are written when they are asked for."""

    def __init__(self, operation: Operation, scratch: Scratch) -> None:
        self._problem, self._scratch = operation.folder.problem, scratch
        self._made: dict[tuple[str, str], dict[str, Any]] = {}

    def of(self, name: str, variant: str) -> dict[str, Any]:
        """The request for an input in one of its forms. Raises :class:`NotForThis` where no file can hold a result."""
        form = variant if variant and self._problem.variant(variant).reference else ""
        if (name, form) not in self._made:
            # Neither the input nor the result stays in memory: some have a million objects.
            given, files = of_input(self._problem, self._problem.input(name)), Files(self._scratch)
            expected = files.expected(given.of(given.reference, form))
            self._made[name, form] = {**files.request(given), "expected": expected}
        return self._made[name, form]


class Cell(measuring.Cell):
    """One implementation of an operation with one input."""

    def __init__(self, of: Subject, operation: Operation, value: str, requests: Requests) -> None:
        way = of.implementation
        self.value, self.requests = value, requests
        super().__init__(
            of,
            {
                "operation": operation.name,
                "contender": way.name,
                "binding": way.binding,
                "access": way.access,
                "origin": way.origin,
                "input": value,
            },
        )

    def warm_up(self, limit: float) -> None:
        """Makes the input, checks the first result, and in the first process settles the calls in a sample."""
        try:
            request = self.requests.of(self.value, self.subject.implementation.variant)
        except NotForThis as reason:
            raise Out(record.UNAVAILABLE, str(reason)) from None
        self.reply("give_another", limit, **request)
        self.seconds(1, limit)
        if not self.loops:
            self.loops = settled(lambda loops: self.seconds(loops, limit), SAMPLE)
            if self.subject.slowdown:
                self.loops = selfcheck.loops(self.loops)

    def sample(self, limit: float) -> None:
        """One sample."""
        seconds = self.seconds(self.subject.calls(self.loops), limit)
        self.data["seconds"][-1].append(seconds / self.loops)

    def reply(self, do: str, limit: float, **request: Any) -> dict[str, Any]:
        """The reply to a request. Raises :class:`Out` for an exception."""
        reply = self.subject.ask(do, limit, **request)
        if "raised" in reply:
            raise Out(record.FAILED, f"raises {reply['raised']}: {reply['message']}")
        return reply

    def seconds(self, loops: int, limit: float) -> float:
        """The seconds of so many calls, the last of which gave what it must."""
        reply = self.reply("sample_with", limit, name=self.value, loops=loops)
        if reply["counts"]:
            raise Out(record.WRONG, reply["counts"][0][0])
        return max(1, int(reply["ns"])) / 1e9


def subjects_of(operation: Operation, requests: Requests, inputs: Sequence[str]) -> list[Subject]:
    """Every implementation with each of these inputs that it is for; a program also with those that start it."""
    found = []
    for way in operation.implementations:
        subject = Subject(way)
        for value in [*inputs, *(operation.starts if way.binding == TOOL else [])]:
            if not way.only or value in way.only:
                Cell(subject, operation, value, requests)
        if subject.trials:
            found.append(subject)
    return found


def measure(setting: Setting) -> dict[str, Any]:
    """Every operation.

    Raises :class:`Interrupted` with the rounds that it has.
    """
    data: dict[str, Any] = {"operations": [], "rows": [], "rounds": {}, "processes": 0, "selfchecks": {}}
    try:
        with Scratch() as scratch:
            _measure(setting, data, scratch)
    except KeyboardInterrupt:
        raise Interrupted(data) from None
    return data


def _measure(setting: Setting, data: dict[str, Any], scratch: Scratch) -> None:
    operations = find_operations()
    short = setting.seconds < EACH * len(operations)
    data["cut"] = short and any(len(operation.inputs) > 1 for operation in operations)
    every = []
    for operation in operations:
        inputs = operation.inputs[: 1 if short else None]
        found = subjects_of(operation, Requests(operation, scratch), inputs)
        every.append((operation, found))
        data["operations"].append(
            {
                "name": operation.name,
                "about": operation.about,
                "baseline": operation.folder.baseline,
                "inputs": inputs,
            }
        )
        cells = [trial.data for subject in found for trial in subject.trials if isinstance(trial, Cell)]
        data["rows"] += sorted(cells, key=lambda cell: [*inputs, *operation.starts].index(cell["input"]))
    end = time.monotonic() + setting.seconds
    for place, (operation, found) in enumerate(every):
        begin = time.monotonic()
        # What one operation leaves of its time, the next ones have.
        left = replace(setting, seconds=max(0.0, end - begin) / (len(every) - place))
        if not found:
            continue
        original = next((each for each in found if each.name == OURS), found[0])
        cell = original.trials[0]
        assert isinstance(cell, Cell)
        checks = [Cell(each, operation, cell.value, cell.requests) for each in checked.itself(original.implementation)]
        subjects = [*found, *(check.subject for check in checks)]
        rounds = Rounds(operation.name, subjects, left.plan(begin), setting.watcher)
        try:
            rounds.run()
        finally:
            data["processes"] = min(data["processes"] or rounds.processes, rounds.processes)
            data["rounds"][operation.name] = rounds.rounds
            three = (cell.data["seconds"], *(check.data["seconds"] for check in checks))
            data["selfchecks"][operation.name] = checked.data_of(original.name, three)


# What is made of it.

METHOD = (
    "Each way runs in processes of its own, with what it takes at hand: the str; an array or a column of its "
    "characters, which is not made in the time; or a file. Its result is compared with what the operation means, in "
    "plain Python, before anything is timed and after each sample, outside the clock. A sample is so many calls that "
    f"they take about {SAMPLE * 1e3:g} ms, with the garbage collector off; each result but the last goes within the "
    "time. "
    "The result alone: the same list made by C code of CPython from numbers that are there. No way that gives such a "
    "list can be without that. "
    "Another program reads a file as its standard input and writes to a pipe; starting it is in its time and, with "
    "nothing to read, in a table of its own. Rust alone is this project's core in a program that times itself. "
    "Letters: a million random ones; DNA: a million random bases; log: lines of a log, one in six blank; no doubles: "
    "a million letters without one. Of a column, what takes a list has it at hand, as what takes an Arrow column, a "
    "Polars series or a table in DuckDB has that."
)


def _samples(data: dict[str, Any], operation: str, value: str, name: str) -> list[list[float]]:
    """The seconds of a way with an input; none if it was not measured."""
    for row in data["rows"]:
        if (row["operation"], row["input"], row["contender"]) == (operation, value, name):
            return [list(map(float, group)) for group in row["seconds"]]
    return []


def faster(data: dict[str, Any], operation: str, value: str, name: str, than: str) -> Estimate | None:
    """How many times as fast one way is as another with an input, if both were measured."""
    try:
        ours, theirs = (_samples(data, operation, value, each) for each in (name, than))
        return statistics.speedup(ours, theirs)
    except ValueError:
        return None


def is_measured(row: dict[str, Any]) -> bool:
    """Whether a row has times; one that was not come to before an interruption has none."""
    return row["status"] == MEASURED and any(row["seconds"])


def answer(data: dict[str, Any]) -> Answer:
    """The bindings in short, a table for each operation, what programs take to start, and what was not measured."""
    operations = data["operations"]
    tables = [_short(data), *[_table(data, operation) for operation in operations], _starting(data), _missing(data)]
    charts = [_chart(data, operation) for operation in operations if _rows(data, operation["name"])]
    shown = [table for table in tables if table.rows]
    method = f"{METHOD} {rounds_of(data)}"
    if data.get("cut"):
        method += " Only the first input of each operation: the time was too short for the others."
    found = Answer(_sentence(data), shown, charts, method, broken(data["rows"]))
    return checked.answered(found, data.get("selfchecks", {}))


def _rows(data: dict[str, Any], operation: str) -> list[dict[str, Any]]:
    return [row for row in data["rows"] if row["operation"] == operation and is_measured(row)]


def _fastest(data: dict[str, Any], operation: str, value: str, binding: str, like: str) -> str | None:
    """The fastest way of a binding with an input, if any was measured: of those whose result is of the kind of another
    way's, if there are such."""
    rows = [row for row in _rows(data, operation) if row["input"] == value]
    kind = next((gives(row) for row in rows if row["contender"] == like), "")
    rows = [row for row in rows if row["binding"] == binding]
    rows = [row for row in rows if gives(row) == kind] or rows
    return min(rows, key=lambda row: statistics.level(row["seconds"]).time.value)["contender"] if rows else None


def gives(row: dict[str, Any]) -> str:
    """The kind of a way's result, in a word or two."""
    return str(row["access"]).rpartition("; ")[2]


def _short(data: dict[str, Any]) -> Table:
    """The function of the PyO3 binding beside the others, and Rust beside NumPy."""
    cells: list[tuple[str, ...]] = []
    for operation in data["operations"]:
        name = operation["name"]
        for value in operation["inputs"]:
            samples = _samples(data, name, value, OURS)
            if not any(samples):
                continue
            python, numpy = (_fastest(data, name, value, binding, OURS) for binding in (PYTHON, "NumPy"))
            arrays = _fastest(data, name, value, "NumPy", "numpy")
            alone = faster(data, name, value, OURS, "floor")
            cells.append(
                (
                    name,
                    value,
                    short_time(statistics.level(samples).time.value),
                    _than(data, name, value, OURS, operation["baseline"]),
                    _than(data, name, value, OURS, python),
                    _than(data, name, value, OURS, numpy),
                    "" if alone is None else f"{alone.value:.0%}",
                    _than(data, name, value, RUST_ALONE, arrays),
                )
            )
    columns = (
        "Operation",
        "Input",
        OURS,
        "× the baseline",
        "× the best Python",
        "× NumPy",
        "of it the result",
        "Rust alone × NumPy",
    )
    return Table("In short", columns, cells, (2, 6))


def _than(data: dict[str, Any], operation: str, value: str, name: str, than: str | None) -> str:
    """How many times as fast one way is as another, and which that is."""
    ratio = faster(data, operation, value, name, than) if than else None
    return "" if ratio is None else f"{number(ratio.value)} {than}"


def _table(data: dict[str, Any], operation: dict[str, Any]) -> Table:
    """Every way with every input: the time of a call, and the ratio to the baseline."""
    rows = [row for row in data["rows"] if row["operation"] == operation["name"] and row["input"] != NOTHING]
    cells = []
    for name in dict.fromkeys(row["contender"] for row in rows):
        of_way = {row["input"]: row for row in rows if row["contender"] == name}
        cell = [name, next(iter(of_way.values()))["access"]]
        for value in operation["inputs"]:
            cell += _time_and_ratio(data, operation, of_way.get(value))
        cells.append(tuple(cell))
    columns = ["Way", "Takes; gives"]
    for value in operation["inputs"]:
        columns += [value, f"× {operation['baseline']}"]
    title = f"{operation['name']}: {operation['about']}"
    return Table(title, tuple(columns), cells, tuple(range(2, len(columns))))


def _time_and_ratio(data: dict[str, Any], operation: dict[str, Any], row: dict[str, Any] | None) -> list[str]:
    if row is None:
        return ["–", ""]
    if not is_measured(row):
        return ["not installed" if row["reason"].endswith("not installed") else row["status"], ""]
    ratio = faster(data, operation["name"], row["input"], row["contender"], operation["baseline"])
    shown = "" if ratio is None else interval(ratio)
    return [short_time(statistics.level(row["seconds"]).time.value), shown]


def _starting(data: dict[str, Any]) -> Table:
    """What it takes to start each program."""
    cells: list[tuple[str, ...]] = []
    for row in data["rows"]:
        if row["input"] == NOTHING and is_measured(row):
            time = statistics.level(row["seconds"]).time
            cells.append((row["operation"], row["contender"], row["origin"], interval(time, short_time)))
    return Table("Starting a program, with nothing to read", ("Operation", "Way", "Command", "A call"), cells, (3,))


def _missing(data: dict[str, Any]) -> Table:
    """What was not measured, and why: a row for all the inputs of an operation with which it is the same."""
    inputs: dict[tuple[str, str, str], list[str]] = {}
    for row in data["rows"]:
        if row["status"] != MEASURED:
            key = (row["operation"], row["contender"], f"{row['status']}: {row['reason']}")
            inputs.setdefault(key, []).append(row["input"])
    cells: list[tuple[str, ...]] = [(*key[:2], ", ".join(values), key[2]) for key, values in inputs.items()]
    return Table("Not measured", ("Operation", "Way", "Input", "Why"), cells)


def _sentence(data: dict[str, Any]) -> str:
    parts = []
    for operation in data["operations"]:
        name, value = operation["name"], operation["inputs"][0]
        ratio = faster(data, name, value, OURS, operation["baseline"])
        if ratio is None:
            continue
        text = f"{name} is {number(ratio.value)} times as fast as {operation['baseline']}"
        alone = faster(data, name, value, OURS, "floor")
        if alone is not None:
            text += f" ({alone.value:.0%} of its time is that of making the result)"
        parts.append(text)
    if not parts:
        return UNANSWERED
    return f"With {OURS}, each on its first input: {'; '.join(parts)}."


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


def _chart(data: dict[str, Any], operation: dict[str, Any]) -> Chart:
    """A point for each way and input, fastest ways first."""
    values: list[dict[str, Any]] = []
    for row in _rows(data, operation["name"]):
        if row["input"] == NOTHING:
            continue
        time = statistics.level(row["seconds"]).time
        values.append(
            {
                "way": row["contender"],
                "kind": _kind(row["binding"]),
                "access": row["access"],
                "input": row["input"],
                "ms": time.value * 1e3,
                "low": time.low * 1e3,
                "high": time.high * 1e3,
                "time": short_time(time.value),
            }
        )
    first = [value for value in values if value["input"] == operation["inputs"][0]]
    ways = list(dict.fromkeys(value["way"] for value in sorted(first, key=lambda value: float(value["ms"])) + values))
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("way:N", sort=ways, title=None, axis=alt.Axis(labelLimit=240, grid=True)),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=[*KINDS], range=[*KINDS.values()]),
            legend=alt.Legend(title=None, orient="top", columns=3),
        ),
        tooltip=[
            alt.Tooltip("way:N"),
            alt.Tooltip("access:N", title="takes; gives"),
            alt.Tooltip("input:N"),
            alt.Tooltip("time:N", title="a call"),
        ],
    )
    scale = alt.Scale(type="log")
    rules = base.mark_rule(strokeWidth=2, opacity=0.6).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    points = base.mark_point(filled=True, size=60, opacity=0.9).encode(
        x=alt.X("ms:Q", scale=scale, title="ms a call (log scale)", axis=alt.Axis(format="~g")),
        shape=alt.Shape("input:N", sort=operation["inputs"], legend=alt.Legend(title=None, orient="top")),
    )
    told = "; ".join(f"{value['way']} {value['time']}" for value in sorted(first, key=lambda value: float(value["ms"])))
    return Chart(
        f"{operation['name']}: {operation['about']}",
        alt.layer(rules, points).properties(width=540, height=alt.Step(18)).to_dict(),
        f"The time of a call by way and input. With {operation['inputs'][0]}: {told}.",
    )


QUESTION = Question("operations", 8, "What do the other operations cost?", measure, answer, seconds=240.0)

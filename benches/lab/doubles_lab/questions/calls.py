"""What a call costs: the call, the argument, and each character."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from doubles_lab.measure.statistics import Estimate, Samples, difference, level
from doubles_lab.questions import calling as calls
from doubles_lab.questions import checked, curves, fit
from doubles_lab.questions.answer import UNANSWERED, Answer, Chart, Interrupted, Question, Setting
from doubles_lab.questions.calling import RAW, Row
from doubles_lab.questions.curves import Measured
from doubles_lab.report.document import Table
from doubles_lab.report.table import interval
from doubles_lab.results.verdict import number

PROCESSES = 10
#: Short samples and many: one that another program disturbs is then one of many.
CALLS = 2000
#: About what starting a process of direct timing takes, and one round in it, in seconds.
START, ROUND = 0.3, 0.004
COUNT_DOUBLES = "count_doubles"
#: The parts of a call, in the order in which they come.
PARTS = ("call, by the convention", "call, by the library", "argument", "counting")


def measure(setting: Setting) -> dict[str, Any]:
    """The direct times and the curves; the curves take most of the time."""
    seconds = min(15.0, 0.2 * setting.seconds)
    processes = PROCESSES
    if setting.budgeted:
        processes = max(2, min(processes, int(seconds / START)))
    rounds = max(5, min(100, round((seconds / processes - START) / ROUND)))
    setting.watcher.case("calls", processes)
    rows, check = calls.measured(processes, rounds, CALLS, setting.watcher, setting.seed)
    data = {"direct": msgspec.to_builtins(rows), "processes": processes, "rounds": rounds, "calls": CALLS}
    data["selfchecks"] = {"calls": check}
    try:
        return {**data, curves.KEY: curves.measured(replace(setting, seconds=setting.seconds - seconds))}
    except Interrupted as interrupt:
        raise Interrupted({**data, curves.KEY: interrupt.data}) from None


@dataclass(frozen=True)
class Split:
    """The parts of a call in ns, in the order of ``PARTS``; ``None`` where what it takes was not measured."""

    row: Row
    parts: tuple[Estimate | None, ...]


def split(rows: Sequence[Row], row: Row) -> Split:
    """The parts of a call, by differences within each round.

    The convention's is that of a function that does not look at its arguments; the library's is what its function with
    an argument that it does not look at takes beyond that. Where the argument is a ``&str``, an empty function with
    such an argument tells the argument from the count. ``count_doubles`` takes any object, so there the count is the
    core's, and the argument is the rest.
    """
    bare = named(rows, f"bare_{row.convention}", RAW)
    if row.library == RAW:
        empty = named(rows, f"empty_{row.convention}", RAW)
        return Split(row, (_time(bare), Estimate(0, 0, 0), _beyond(empty, bare), _beyond(row, empty)))
    anything, text = named(rows, "empty_any", row.library), named(rows, "empty_str", row.library)
    call = (_time(bare), _beyond(anything, bare))
    if row.name != COUNT_DOUBLES:
        return Split(row, (*call, _beyond(text, anything), _beyond(row, text)))
    counts, empty = named(rows, "count_o", RAW), named(rows, "empty_o", RAW)
    if counts is None or empty is None or anything is None:
        return Split(row, (*call, None, None))
    rest = _combined([(row, 1), (anything, -1), (counts, -1), (empty, 1)])
    return Split(row, (*call, rest, _beyond(counts, empty)))


def named(rows: Sequence[Row], name: str, library: str) -> Row | None:
    """The row of a function, if it was timed."""
    return next((row for row in rows if (row.name, row.library) == (name, library) and any(row.samples)), None)


def _time(row: Row | None) -> Estimate | None:
    return None if row is None else row.time


def _beyond(row: Row | None, other: Row | None) -> Estimate | None:
    return None if row is None or other is None else _combined([(row, 1), (other, -1)])


def _combined(terms: Sequence[tuple[Row, int]]) -> Estimate | None:
    """The sum of the times with these signs, taken within each round."""
    signs = [sign for _, sign in terms]
    samples: Samples = [
        [sum(sign * value for sign, value in zip(signs, values)) for values in zip(*groups)]
        for groups in zip(*[row.samples for row, _ in terms])
    ]
    return difference(samples) if any(samples) else None


def answer(data: dict[str, Any]) -> Answer:
    """The answer from the data that :func:`measure` gave."""
    rows = msgspec.convert(data["direct"], list[Row])
    measured = curves.read(data[curves.KEY])
    counting = [row for row in rows if row.name.startswith("count_") and any(row.samples)]
    splits = [split(rows, row) for row in counting]
    fits = fitted(measured, data[curves.KEY]["caches"])
    tables = [direct_table(rows), split_table(splits), *fit_tables(fits)]
    absent = curves.missing(measured)
    if absent:
        tables.append(Table("Without a curve", ("Contender", "Why"), absent))
    wrong = [f"{row.library} {row.name}" for row in rows if row.wrong]
    found = Answer(
        sentence(rows, splits, fits),
        tables,
        charts(splits, fits),
        method(data),
        (*wrong, *curves.broken(measured)),
    )
    return checked.answered(found, {**data.get("selfchecks", {}), **data[curves.KEY].get("selfchecks", {})})


@dataclass(frozen=True)
class Fitted:
    """A curve with the line through it."""

    curve: Measured
    line: fit.Fit


def fitted(measured: Sequence[Measured], caches: Sequence[dict[str, int]]) -> list[Fitted]:
    """The lines, by their fixed part. The versions with several threads have no one line."""
    found = []
    for curve in measured:
        line = None if "threads" in curve.tags else fit.fit(curve.times, caches)
        if line is not None:
            found.append(Fitted(curve, line))
    return sorted(found, key=lambda each: each.line.fixed.value)


def sentence(rows: Sequence[Row], splits: Sequence[Split], fits: Sequence[Fitted]) -> str:
    """The answer in a few sentences."""
    said = []
    if not splits and not fits:
        return UNANSWERED
    length, empty = named(rows, "len", "CPython"), named(rows, "empty_o", RAW)
    if length is not None and length.time is not None:
        text = f"On three letters, len takes {length.time.value:.1f} ns"
        if empty is not None:
            same = empty.times(length)
            if same is not None:
                text += f", and an empty METH_O function by the C API alone {number(same.value)} times as long"
        parts = [
            _of_a_library(each, length) for each in splits if each.row.library != RAW and each.row.name == COUNT_DOUBLES
        ]
        said.append("; ".join([text, *parts]) + ".")
    if fits:
        least, most = fits[0], fits[-1]
        said.append(
            f"By the lines through the times over size, a call costs from {_ns(least.line.fixed.value)} "
            f"({least.curve.name}) to {_ns(most.line.fixed.value)} ({most.curve.name}) before the first character."
        )
        slopes = [(each.line.levels[0].slope, each.curve.name) for each in fits]
        ordered = sorted((slope.value, name) for slope, name in slopes if slope is not None)
        if ordered:
            (low, fastest), (high, slowest) = ordered[0], ordered[-1]
            said.append(
                f"A thousand characters then cost from {_ns(low * 1000)} ({fastest}) to {_ns(high * 1000)} ({slowest})."
            )
    return " ".join(said) or UNANSWERED


def _of_a_library(found: Split, length: Row) -> str:
    """What a library's count_doubles takes, over len, and what makes it so."""
    times = found.row.times(length)
    longer = f"{number(times.value)} times as long" if times is not None else "as long as nothing"
    text = f"{found.row.library}'s {found.row.name} takes {longer}"
    total, bare, counting = found.row.time, found.parts[0], found.parts[-1]
    if total is None or bare is None or counting is None:
        return text
    rest = total.value - bare.value - counting.value
    return (
        f"{text}: {bare.value:.0f} ns are its calling convention ({_convention(found.row)}), {rest:.0f} ns the "
        f"library and the argument, {counting.value:.0f} ns the counting"
    )


def _convention(row: Row) -> str:
    return calls.convention_name(row.convention)


def _ns(seconds: float) -> str:
    return f"{number(seconds * 1e9)} ns"


def _name(row: Row) -> str:
    return f"{'C API' if row.library == RAW else row.library} {row.name}"


def _interval(found: Estimate | None, scale: float = 1.0) -> str:
    if found is None:
        return "–"
    return interval(found, lambda value: number(max(value, 0.0) * scale))


def direct_table(rows: Sequence[Row]) -> Table:
    """Every function, timed directly."""
    length = named(rows, "len", "CPython")
    body: list[tuple[str, ...]] = []
    for row in rows:
        if row.reason:
            body.append((_name(row), "", row.reason, ""))
            continue
        over = row.times(length) if length is not None else None
        body.append((_name(row), _convention(row), calls.shown(row.time), _interval(over)))
    title = f'Timed directly on "{calls.TEXT}"'
    return Table(title, ("Function", "Convention", "ns per call", "Times len"), body, (2, 3))


def split_table(splits: Sequence[Split]) -> Table:
    """The parts of every function that counts."""
    body: list[tuple[str, ...]] = [
        (_name(each.row), *[calls.shown(part) for part in each.parts], calls.shown(each.row.time)) for each in splits
    ]
    return Table(
        "The parts of a call, in ns",
        ("Function", *[part[0].upper() + part[1:] for part in PARTS], "In all"),
        body,
        (1, 2, 3, 4, 5),
    )


def fit_tables(fits: Sequence[Fitted]) -> list[Table]:
    """The fixed costs, and the slopes by level."""
    fixed: list[tuple[str, ...]] = []
    for each in fits:
        empty = each.curve.times.get(0)
        fixed.append(
            (
                each.curve.name,
                each.curve.binding,
                _interval(level(empty).time if empty else None, 1e9),
                _interval(each.line.fixed, 1e9),
                f"{each.line.usual_residual:.0%}",
                f"{each.line.largest_residual:.0%}",
            )
        )
    names = [level.name for level in fits[0].line.levels] if fits else []
    slopes: list[tuple[str, ...]] = [
        (
            each.curve.name,
            *[_interval(level.slope, 1e12) for level in each.line.levels],
            f"{max(each.curve.times):,}",
        )
        for each in sorted(fits, key=_slope)
    ]
    return [
        Table(
            "Before the first character, in ns",
            ("Contender", "Binding", "Empty str, measured", "By the line", "Line off, usually", "At most"),
            fixed,
            (2, 3, 4, 5),
        ),
        Table(
            "ns for each 1,000 characters, by the cache that holds them",
            ("Contender", *names, "Measured up to"),
            slopes,
            tuple(range(1, len(names) + 2)),
        ),
    ]


def _slope(each: Fitted) -> float:
    slope = each.line.levels[0].slope
    return float("inf") if slope is None else slope.value


def charts(splits: Sequence[Split], fits: Sequence[Fitted]) -> list[Chart]:
    """The parts as bars, the fixed costs as points, and what the lines leave over."""
    from doubles_lab.report import answer_charts

    found = []
    parts = [
        {
            "function": _name(each.row),
            "part": name,
            "order": order,
            "ns": max(part.value, 0.0),
            "shown": calls.shown(part),
        }
        for each in splits
        for order, (name, part) in enumerate(zip(PARTS, each.parts))
        if part is not None
    ]
    if parts:
        found.append(answer_charts.parts(parts, PARTS, f'What a call costs on "{calls.TEXT}"'))
    if fits:
        points = [
            {
                "contender": each.curve.name,
                "binding": each.curve.binding,
                "tags": list(each.curve.tags),
                "ns": max(each.line.fixed.value * 1e9, 0.1),
                "low": max(each.line.fixed.low * 1e9, 0.1),
                # JSON has no infinity, where the interval of one process ends.
                "high": max(
                    (high if math.isfinite(high := each.line.fixed.high) else each.line.fixed.value) * 1e9, 0.1
                ),
                "shown": _interval(each.line.fixed, 1e9),
            }
            for each in fits
        ]
        found.append(answer_charts.fixed(points))
        residuals = [
            {
                "contender": each.curve.name,
                "binding": each.curve.binding,
                "tags": list(each.curve.tags),
                "characters": size,
                "off": residual,
            }
            for each in fits
            for size, residual in each.line.residuals
            if size
        ]
        found.append(answer_charts.residuals(residuals))
    return found


def method(data: dict[str, Any]) -> str:
    """How it was measured."""
    return (
        f"Direct: {int(data['processes'])} processes, {int(data['rounds'])} rounds of {int(data['calls']):,} calls in "
        "each, on one CPU, the loop around them subtracted; all functions take turns in each process. In brackets, "
        "95 % intervals by Student's t over the processes. bare_* does not look at its "
        "argument, empty_* takes it and gives 0. The parts are differences within each round: the "
        "convention's is bare_* of that convention; the library's, its empty_any beyond that; the argument, empty_str "
        "beyond empty_any; what is left counts. count_doubles takes any object: there the core's own time, count_o "
        "less empty_o, counts, and the argument is what is left. A part below 0 is cheaper than what it is compared "
        "with: rust-cpython's count_doubles takes its arguments itself, its empty_any by py_fn!. "
        f"{curves.method(data[curves.KEY])} Lines: time = fixed + slope × characters, the slope by the smallest cache "
        "of which the str takes up to three quarters; the line with the least residuals, of logs, through the sizes of "
        "the first, medians for the rest; what it is usually off is the median over the sizes. Small sizes do not lie "
        "on a line where a loop takes several characters at once: the residuals show that."
    )


QUESTION = Question(
    name="calls", number=2, text="What does a call cost?", measure=measure, answer=answer, shares=(curves.KEY,)
)

"""What does other input cost?

The same items in each kind of object that has bytes: the time of a call and of an item, and the memory that a call
takes meanwhile, which tells a copy. What a contender refuses is a row with its error.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any

import altair as alt

from doubles_lab import oracle
from doubles_lab.contender import Contender
from doubles_lab.measure import statistics
from doubles_lab.measure.input_worker import KINDS
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.statistics import Estimate
from doubles_lab.measure.subject import MEASURED, Out, Subject, broken, counts_in, subjects
from doubles_lab.questions.answer import UNANSWERED, Answer, Chart, Interrupted, Nothing, Question, Setting
from doubles_lab.report.chart import short_time
from doubles_lab.report.document import Table
from doubles_lab.report.table import interval
from doubles_lab.results import record
from doubles_lab.results.verdict import listed, number, shortly
from doubles_lab.sequence import random_ascii

WORKER = "doubles_lab.measure.input_worker"
#: Items of the call that shows what is fixed, and of the text that is repeated for longer ones.
FEW, BASE = 2, 1 << 16
#: The longer input is the base, or so many of it where the base takes no more than so many seconds.
MORE, QUICK = 16, 0.001
#: Items of the call whose memory is watched, and the seconds beyond which it is not worth the wait. Linux counts the
#: memory of a process to within some 64 pages: of so many bytes that is little.
WATCHED, PATIENCE = 1 << 22, 5.0
ROUNDS = range(3, 26)
#: Seconds of one sample.
SAMPLE = 0.004
#: It raised: it does not take such input.
REFUSED = "refused"
#: It gave another count for input that it does not say it takes.
MISCOUNTS = "miscounts"


class Cell:
    """One contender with one kind of input."""

    def __init__(self, contender: Contender, kind: str) -> None:
        self.data: dict[str, Any] = {
            "contender": contender.name,
            "language": contender.language,
            "binding": contender.binding,
            "prepared": contender.prepared,
            "access": contender.access,
            "input": kind,
            "status": MEASURED,
            "reason": "",
            "items": BASE,
            "few": [],
            "many": [],
            "memory": None,
            "memory_reason": "",
        }
        #: Calls in a sample, by items.
        self.loops: dict[int, int] = {}

    @property
    def measured(self) -> bool:
        """Whether it is still measured."""
        return bool(self.data["status"] == MEASURED)

    def put_out(self, status: str, reason: str) -> None:
        """It is measured no further."""
        self.data.update(status=status, reason=reason, few=[], many=[], memory=None)


class Inputs:
    """The files that hold the items, and the counts that they must give."""

    def __init__(self, scratch: Scratch, seed: int) -> None:
        base = random_ascii(f"inputs {seed}", BASE, "abcdefghijklmnopqrstuvwxyz").encode()
        few = base[:1] * FEW
        self._files = {FEW: (scratch.write(few), 1), 0: (scratch.write(base), 0)}
        self._base, self._seam = oracle.count_items(base), int(base[0] == base[-1])
        self._few = oracle.count_items(few)

    def request(self, items: int) -> dict[str, Any]:
        """What a worker is told to make so many items."""
        return {"path": self._files[FEW if items == FEW else 0][0], "times": max(1, items // BASE)}

    def expected(self, items: int) -> int:
        """The count of so many items."""
        times = items // BASE
        return self._few if items == FEW else self._base * times + self._seam * (times - 1)


def measure(setting: Setting) -> dict[str, Any]:
    """Every contender that says it takes bytes, with every kind of input.

    Raises :class:`Interrupted` with the rounds that it has.
    """
    contenders = [contender for contender in setting.contenders if contender.takes_bytes]
    cells = {contender.name: [Cell(contender, kind) for kind in KINDS] for contender in contenders}
    data: dict[str, Any] = {"few": FEW, "rounds": 0, "rows": [cell.data for each in cells.values() for cell in each]}
    try:
        _measure(setting, contenders, cells, data)
    except KeyboardInterrupt:
        raise Interrupted(data) from None
    return data


def _measure(
    setting: Setting, contenders: Sequence[Contender], cells: dict[str, list[Cell]], data: dict[str, Any]
) -> None:
    setting.watcher.case("inputs", len(contenders) * (2 + ROUNDS.start))
    with Scratch() as scratch, subjects(contenders, WORKER, setting.limit, setting.watcher) as found:
        trial = Trial(Inputs(scratch, setting.seed), setting)
        begin = time.monotonic()
        for subject in found:
            for cell in cells[subject.contender.name]:
                trial.warm_up(subject, cell)
            setting.watcher.step()
        # Of the time, a quarter is for the memory.
        until, order = begin + setting.seconds * 0.75, random.Random(setting.seed)
        while data["rounds"] < ROUNDS.start or (data["rounds"] < ROUNDS.stop - 1 and time.monotonic() < until):
            order.shuffle(found)
            for subject in found:
                setting.watcher.doing(f"{subject.contender.name}, round {data['rounds'] + 1}")
                for cell in cells[subject.contender.name]:
                    trial.sample(subject, cell)
                if data["rounds"] < ROUNDS.start:
                    setting.watcher.step()
            data["rounds"] += 1
        for subject in found:
            setting.watcher.doing(f"{subject.contender.name}, memory")
            trial.watch_memory(subject, cells[subject.contender.name])
            setting.watcher.step()


class Trial:
    """What is asked of the contenders' processes."""

    def __init__(self, inputs: Inputs, setting: Setting) -> None:
        self.inputs = inputs
        self.limit = setting.limit

    def ready(self, subject: Subject) -> None:
        """Sees to it that there is a process with the contender loaded. Raises :class:`Out` if there cannot be."""
        if subject.process is None and subject.status == MEASURED:
            subject.start(self.limit)
        if subject.status != MEASURED:
            raise Out(subject.status, subject.reason)

    def give(self, subject: Subject, cell: Cell, items: int, loops: int, on_error: str = record.FAILED) -> float:
        """The seconds of so many calls with an input, its count checked. Raises :class:`Out`.

        ``on_error`` is what it means if the contender raises.
        """
        self.ready(subject)
        request = {"kind": cell.data["input"], **self.inputs.request(items)}
        reply = subject.ask("sample_of", self.limit, loops=loops, **request)
        if "raised" in reply:
            made_for = f"; what it is made for: {subject.contender.access}" if subject.contender.prepared else ""
            raise Out(on_error, f"{reply['raised']}: {reply['message']}{made_for}")
        self.check(subject, cell, reply["counts"], items)
        return float(max(reply["ns"], 1) / 1e9)

    def check(self, subject: Subject, cell: Cell, counts: list[int], items: int) -> None:
        """Raises :class:`Out` for a count that is not the one that so many items have."""
        try:
            counts_in({"counts": counts}, self.inputs.expected(items))
        except Out as out:
            contender = subject.contender
            if contender.prepared:
                raise Out(MISCOUNTS, f"{out}; what it is made for: {contender.access}") from None
            if cell.data["input"] not in ("str", "bytes"):
                raise Out(MISCOUNTS, str(out)) from None
            raise

    def warm_up(self, subject: Subject, cell: Cell) -> None:
        """Settles the items of the longer input and the calls in a sample of each size. What raises at once refuses."""
        try:
            self.give(subject, cell, FEW, 1, REFUSED)
            self.give(subject, cell, BASE, 1)
            if self.give(subject, cell, BASE, 1) < QUICK:
                cell.data["items"] = BASE * MORE
            for items in (FEW, int(cell.data["items"])):
                loops = 1
                while (seconds := self.give(subject, cell, items, loops)) < SAMPLE / 2:
                    # No more than tenfold at once: the first calls may be slow for reasons that pass.
                    loops = min(loops * 10, max(loops + 1, int(loops * SAMPLE / seconds)))
                cell.loops[items] = max(1, round(loops * SAMPLE / seconds))
        except Out as out:
            cell.put_out(out.status, str(out))

    def sample(self, subject: Subject, cell: Cell) -> None:
        """One sample of each size."""
        if not cell.measured:
            return
        try:
            for items, loops in cell.loops.items():
                seconds = self.give(subject, cell, items, loops)
                cell.data["few" if items == FEW else "many"].append(seconds / loops)
        except Out as out:
            cell.put_out(out.status, str(out))

    def watch_memory(self, subject: Subject, cells: list[Cell]) -> None:
        """The memory that a call takes of each kind that is accepted, in a process of its own."""
        subject.end()
        for cell in cells:
            if not cell.measured:
                continue
            if cell.data["many"][-1] * WATCHED / cell.data["items"] > PATIENCE:
                cell.data["memory_reason"] = f"a call with {WATCHED:,} items takes more than {PATIENCE:g} s"
                continue
            try:
                self.ready(subject)
                reply = subject.ask("memory", self.limit, kind=cell.data["input"], **self.inputs.request(WATCHED))
                if "raised" in reply:
                    cell.data["memory_reason"] = f"{reply['raised']}: {reply['message']}"
                    continue
                self.check(subject, cell, reply["counts"], WATCHED)
            except Out as out:
                cell.put_out(out.status, str(out))
                continue
            if reply["no_copy"] > NO_COPY or not 0.8 < reply["copy"] < 1.2:
                cell.data["memory_reason"] = (
                    f"len seems to take {reply['no_copy']:.2f} times its input, and a copy {reply['copy']:.2f} times"
                )
            else:
                cell.data["memory"] = reply["grown"] / reply["input"]
        subject.end()


# What is made of it.

#: From which share of its input the memory that a call takes is as good as a copy, and up to which it is none.
A_COPY, NO_COPY = 0.5, 0.15

METHOD = (
    "Each contender that says it takes bytes, in a process of its own, is called with the object itself: nothing is "
    "converted for it. Every kind holds the same items, so that all must give the same count, which is checked in each "
    f"sample. A call: the time with {FEW} items. An item: the time with {BASE * MORE:,} items less that, over their "
    f"number; with {BASE:,} where an item takes more than {QUICK / BASE * 1e9:.0f} ns. "
    "Medians and 95 % intervals over rounds in which all take turns; one process each. "
    f"Memory: by how much the process grows at most during a call with {WATCHED:,} items, over the bytes of these. "
    "It is read from Linux (VmHWM), in a fresh process, after a first call with few items. Beside each such call the "
    "same is done with len, which takes none, and with a copy of a bytes, which takes 1; where that is not what comes "
    "out, none is shown. About 1 is a copy, or something else of that size, such as an array of the comparisons. "
    "A list has its items apart; 1 is as much as its references take."
)


def per_call(row: dict[str, Any]) -> Estimate:
    """The seconds of a call with few items."""
    return statistics.level([row["few"]]).time


def per_item(row: dict[str, Any], few: int) -> Estimate:
    """The seconds that each further item takes."""
    return statistics.difference([[(b - a) / (row["items"] - few) for a, b in zip(row["few"], row["many"])]])


def copied(row: dict[str, Any]) -> str:
    """Whether a call takes as much memory as a copy."""
    memory = row["memory"]
    if memory is None:
        return "not told"
    if memory < NO_COPY:
        return "no"
    return f"×{number(memory)}"


def _measured(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in data["rows"] if is_measured(row)]


def is_measured(row: dict[str, Any]) -> bool:
    """Whether a row has times; one that was not come to before an interruption has none."""
    return bool(row["status"] == MEASURED and row["few"] and row["many"])


def is_ours(row: dict[str, Any]) -> bool:
    """Whether a row is of a function of one of the two bindings that takes any input."""
    return row["binding"] in ("PyO3", "rust-cpython") and not row["prepared"]


def answer(data: dict[str, Any]) -> Answer:
    """A table of the two bindings and one of the others; what is refused or wrong; and all of it drawn."""
    rows = _measured(data)
    tables = [
        _table("The two bindings", [row for row in rows if is_ours(row)], data),
        _table("Others that take bytes", [row for row in rows if not is_ours(row)], data),
        Table(
            "Not taken",
            ("Contender", "Input", "What it does"),
            _not_taken(data["rows"]),
        ),
    ]
    untold = sorted({row["memory_reason"] for row in rows if row["memory_reason"]})
    method = METHOD + (f" Memory that could not be told here: {'; '.join(untold)}." if untold else "")
    charts = [_chart(data)] if data["rows"] else []
    shown = [table for table in tables if table.rows]
    return Answer(_sentence(data), shown, charts, method, broken(data["rows"]))


def _not_taken(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """What is done with input that is not taken, a row for all the kinds with which it is the same."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row["status"] != MEASURED:
            kinds.setdefault((row["contender"], f"{row['status']}: {row['reason']}"), []).append(row["input"])
    return [
        (contender, "all" if len(inputs) == len(KINDS) else ", ".join(inputs), what)
        for (contender, what), inputs in kinds.items()
    ]


def _table(title: str, rows: list[dict[str, Any]], data: dict[str, Any]) -> Table:
    cells: list[tuple[str, ...]] = []
    for row in rows:
        call, item = per_call(row), per_item(row, data["few"])
        cells.append(
            (
                row["contender"],
                row["input"],
                interval(call, lambda seconds: number(seconds * 1e9)),
                interval(item, _ns),
                copied(row),
            )
        )
    return Table(title, ("Contender", "Input", "A call (ns)", "An item (ns)", "Copy"), cells, (2, 3, 4))


def _ns(seconds: float) -> str:
    """Nanoseconds an item; a call with many that is no slower than one with few takes none."""
    value = max(0.0, seconds * 1e9)
    return number(value) if value >= 0.1 else f"{value:.4f}"


def _sentence(data: dict[str, Any]) -> str:
    rows = _measured(data)
    if not data["rows"]:
        return Nothing("None of the contenders that were chosen takes bytes.")
    if not rows:
        return UNANSWERED
    parts = []
    for name in dict.fromkeys(row["contender"] for row in rows if is_ours(row)):
        parts.append(_of_one(name, [row for row in data["rows"] if row["contender"] == name], data))
    copies = {row["contender"] for row in rows if row["memory"] is not None and row["memory"] >= A_COPY}
    told = {row["contender"] for row in rows if row["memory"] is not None}
    if copies:
        parts.append(
            f"{len(copies)} of {len(told)} contenders take as much memory as a copy, or more, with some input: "
            f"{shortly(sorted(copies))}."
        )
    elif told:
        parts.append(f"None of {len(told)} contenders takes as much memory as a copy, with any input.")
    wrong = sorted({row["contender"] for row in data["rows"] if row["status"] == MISCOUNTS})
    if wrong:
        parts.append(f"Some input that they do not say they take is miscounted, without an error, by {shortly(wrong)}.")
    return " ".join(parts)


def _of_one(name: str, rows: list[dict[str, Any]], data: dict[str, Any]) -> str:
    """What there is to say of one contender."""
    taken = [row for row in rows if is_measured(row)]
    refused = [row["input"] for row in rows if row["status"] == REFUSED]
    calls = {row["input"]: per_call(row).value for row in taken}
    items = {row["input"]: per_item(row, data["few"]).value for row in taken}
    cheap, dear = min(calls, key=lambda kind: calls[kind]), max(calls, key=lambda kind: calls[kind])
    text = f"With {name} a call takes {short_time(calls[cheap])} ({cheap}) to {short_time(calls[dear])} ({dear})"
    slow = max(items, key=lambda kind: items[kind])
    text += f", and an item takes longest in {slow} ({_ns(items[slow])} ns)"
    copies = [row["input"] for row in taken if row["memory"] is not None and row["memory"] >= A_COPY]
    if copies:
        text += f"; it takes as much memory as a copy of {listed(copies)}"
    elif all(row["memory"] is not None for row in taken):
        text += "; it copies none of them"
    if refused:
        text += f"; it refuses {listed(refused)}"
    return text + "."


def _chart(data: dict[str, Any]) -> Chart:
    """A field for each contender and kind: its colour is the time of an item, its edge a copy."""
    values = []
    for row in data["rows"]:
        value = {key: row[key] for key in ("contender", "binding", "input", "status", "reason")}
        if is_measured(row):
            item = max(per_item(row, data["few"]).value * 1e9, 1e-4)
            value.update(item=item, call=per_call(row).value * 1e9, label=_short(item), copied=copied(row))
            value["copy"] = row["memory"] is not None and row["memory"] >= A_COPY
        else:
            value.update(label="–" if row["status"] == REFUSED else row["status"], copied="", copy=False)
        values.append(value)
    names = list(dict.fromkeys(row["contender"] for row in sorted(data["rows"], key=lambda row: not is_ours(row))))
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("input:N", sort=list(KINDS), title=None, axis=alt.Axis(orient="top", labelAngle=-40, labelLimit=200)),
        y=alt.Y("contender:N", sort=names, title=None, axis=alt.Axis(labelLimit=240)),
        tooltip=[
            alt.Tooltip("contender:N"),
            alt.Tooltip("binding:N"),
            alt.Tooltip("input:N"),
            alt.Tooltip("call:Q", format=".4~g", title="a call (ns)"),
            alt.Tooltip("item:Q", format=".3~g", title="an item (ns)"),
            alt.Tooltip("copied:N", title="copy"),
            alt.Tooltip("status:N"),
            alt.Tooltip("reason:N"),
        ],
    )
    colour = alt.Color(
        "item:Q",
        scale=alt.Scale(type="log", scheme="viridis", reverse=True),
        legend=alt.Legend(title="ns an item (log scale)", format="~g"),
    )
    middle = _middle([value["item"] for value in values if "item" in value])
    fields = (
        base.transform_filter("isValid(datum.item)")
        .mark_rect(strokeWidth=3)
        .encode(
            color=colour,
            stroke=alt.condition("datum.copy", alt.value("#d55e00"), alt.value(None)),
        )
    )
    told = (
        base.transform_filter("isValid(datum.item)")
        .mark_text(fontSize=11)
        .encode(
            text="label:N", color=alt.condition(f"datum.item > {middle}", alt.value("#ffffff"), alt.value("#111111"))
        )
    )
    rest = base.transform_filter("!isValid(datum.item)").mark_text(fontSize=11, color="#8a8a8a").encode(text="label:N")
    copies = [f"{row['contender']} with {row['input']}" for row in _measured(data) if (row["memory"] or 0) >= A_COPY]
    return Chart(
        "Nanoseconds an item, by input; an edge marks as much memory as a copy",
        alt.layer(fields, told, rest).properties(width=620, height=alt.Step(24)).to_dict(),
        "The time of an item for each contender and kind of input. A dash is input that is refused. As much memory as "
        f"a copy: {'; '.join(copies) if copies else 'none'}.",
    )


def _short(item: float) -> str:
    return f"{item:.3f}" if item < 0.1 else f"{item:.2g}" if item < 100 else f"{item:,.0f}"


def _middle(items: list[float]) -> float:
    """The time whose colour is in the middle of the scale."""
    return (min(items) * max(items)) ** 0.5 if items else 1.0


QUESTION = Question("inputs", 5, "What does other input cost?", measure, answer)

"""What does other input cost?

The same items in each kind of object that has bytes: the time of a call and of an item, and the memory that a call
takes meanwhile, which tells a copy. What a contender refuses is a row with its error.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import altair as alt

from doubles_lab.measure import selfcheck, statistics
from doubles_lab.measure import subject as measuring
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.schedule import Rounds
from doubles_lab.measure.statistics import Estimate
from doubles_lab.measure.subject import MEASURED, Out, Subject, broken, counts_in, described, settled, started
from doubles_lab.measure.with_forms import KINDS
from doubles_lab.problems.count_doubles import oracle
from doubles_lab.questions import checked
from doubles_lab.questions.answer import (
    UNANSWERED,
    Answer,
    Chart,
    Nothing,
    Question,
    Setting,
    by_process,
    keeping,
    rounds_of,
    unmeasured,
)
from doubles_lab.report import drawing
from doubles_lab.report.document import Table
from doubles_lab.report.table import interval, short_time
from doubles_lab.results import record
from doubles_lab.results.verdict import listed, number, shortly
from doubles_lab.sequence import random_ascii

#: Items of the call that shows what is fixed, and of the text that is repeated for longer ones.
FEW, BASE = 2, 1 << 16
#: The longer input is the base, or so many of it where the base takes no more than so many seconds.
MORE, QUICK = 4, 0.001
#: Items of the call whose memory is watched, and the seconds beyond which it is not worth the wait. Linux counts the
#: memory of a process to within some 64 pages: of so many bytes that is little.
WATCHED, PATIENCE = 1 << 22, 5.0
#: The seconds of one sample.
SAMPLE = 0.001
#: With fewer seconds for each contender, one of each binding is measured: ten processes with every kind take as long.
EACH = 2.0
#: It raised: it does not take such input.
REFUSED = "refused"
#: It gave another count for input that it does not say it takes.
MISCOUNTS = "miscounts"


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


class Cell(measuring.Cell):
    """One contender with one kind of input."""

    def __init__(self, of: Subject, kind: str, inputs: Inputs) -> None:
        self.inputs, self.kind = inputs, kind
        #: Calls in a sample, by items.
        self.calls: dict[int, int] = {}
        #: The numbers of items that its process has been given.
        self.given: set[int] = set()
        super().__init__(
            of,
            **described(of.implementation, "language", "binding", "prepared", "access"),
            input=kind,
            items=BASE,
            memory_reason="",
        )

    def nothing(self) -> dict[str, Any]:
        """The seconds of a call with few items, and with many; and the memory that one takes."""
        return {"few": [], "many": [], "memory": None}

    def begin(self) -> None:
        """Samples are of another process from here on, which was given nothing."""
        super().begin()
        self.given.clear()

    def groups(self) -> Iterable[list[list[float]]]:
        """The seconds of calls with few items and with many."""
        return [self.data["few"], self.data["many"]]

    def give(self, items: int, loops: int, limit: float, on_error: str = record.FAILED) -> float:
        """The seconds of so many calls, the count checked. Raises :class:`Out`.

        ``on_error`` is what it means if the contender raises.
        """
        of = f"{items} in {self.kind}"
        if items not in self.given:
            self.given.add(items)
            reply = self.subject.ask("give_form", limit, of=of, kind=self.kind, **self.inputs.request(items))
            self.check(reply, items, on_error)
        reply = self.subject.ask("sample", limit, of=of, loops=loops)
        reply["counts"] = [count for count, _ in reply.get("counts", ())]
        self.check(reply, items, on_error)
        return float(max(reply["ns"], 1) / 1e9)

    def check(self, reply: dict[str, Any], items: int, on_error: str = record.FAILED) -> None:
        """Raises :class:`Out` for an exception, and for a count that is not the one that so many items have."""
        contender = self.subject.implementation
        made_for = f"; what it is made for: {contender.access}" if contender.prepared else ""
        if "raised" in reply:
            raise Out(on_error, f"{reply['raised']}: {reply['message']}{made_for}")
        try:
            counts_in(reply, self.inputs.expected(items))
        except Out as out:
            if contender.prepared or self.kind not in ("str", "bytes"):
                raise Out(MISCOUNTS, f"{out}{made_for}") from None
            raise

    def warm_up(self, limit: float) -> None:
        """In the first process settles the items of the longer input, and the calls in a sample of each size.

        What raises at once refuses.
        """
        self.give(FEW, 1, limit, REFUSED)
        if not self.calls:
            self.give(BASE, 1, limit)
            if self.give(BASE, 1, limit) < QUICK:
                self.data["items"] = BASE * MORE
            for items in (FEW, int(self.data["items"])):
                loops = settled(lambda loops, items=items: self.give(items, loops, limit), SAMPLE)  # type: ignore[misc]
                self.calls[items] = selfcheck.loops(loops) if items == FEW else loops
        for items, loops in self.calls.items():
            self.give(items, max(1, loops // 4), limit)

    def sample(self, limit: float) -> None:
        """One sample of each size."""
        for items, loops in self.calls.items():
            calls = self.subject.calls(loops)
            seconds = self.give(items, calls, limit)
            self.data["few" if items == FEW else "many"][-1].append(seconds / loops)

    def watch_memory(self, limit: float) -> None:
        """The memory that a call takes, in a process that may have crashed before. Raises :class:`Out`."""
        if self.subject.process is None and self.subject.status == MEASURED:
            self.subject.start(limit)
        if self.data["many"][-1][-1] * WATCHED / self.data["items"] > PATIENCE:
            self.data["memory_reason"] = f"a call with {WATCHED:,} items takes more than {PATIENCE:g} s"
            return
        reply = self.subject.ask("memory", limit, kind=self.kind, **self.inputs.request(WATCHED))
        if "raised" in reply:
            self.data["memory_reason"] = f"{reply['raised']}: {reply['message']}"
            return
        self.check(reply, WATCHED)
        if reply["no_copy"] > NO_COPY or not 0.8 < reply["copy"] < 1.2:
            self.data["memory_reason"] = (
                f"len seems to take {reply['no_copy']:.2f} times its input, and a copy {reply['copy']:.2f} times"
            )
        else:
            self.data["memory"] = reply["grown"] / reply["input"]


@keeping
def measure(setting: Setting, data: dict[str, Any]) -> None:
    """Every contender that says it takes bytes, with every kind of input."""
    takes = [contender for contender in setting.contenders if contender.takes_bytes]
    chosen = takes
    if setting.seconds < EACH * len(takes):
        chosen = list({contender.binding: contender for contender in reversed(takes)}.values())[::-1]
    found = [Subject(contender) for contender in chosen]
    left_out = [contender.name for contender in takes if contender not in chosen]
    data.update(few=FEW, rounds=0, rows=[], selfchecks={}, left_out=left_out)
    if not found:
        return
    with Scratch() as scratch:
        begin = time.monotonic()
        inputs = Inputs(scratch, setting.seed)
        cells = [Cell(subject, kind, inputs) for subject in found for kind in KINDS]
        data["rows"] = [cell.data for cell in cells]
        # One that is made for another kind may refuse bytes; one in Rust makes many calls in a sample.
        quick = min(found, key=lambda each: (each.implementation.prepared, each.implementation.language != "Rust"))
        checks = [Cell(subject, "bytes", inputs) for subject in checked.itself(quick.implementation)]
        # Of the time, a quarter is for the memory.
        subjects = [*found, *(check.subject for check in checks)]
        rounds = Rounds("inputs", subjects, setting.plan(begin, share=0.75), setting.watcher)
        try:
            rounds.run()
        finally:
            data.update(processes=rounds.processes, rounds=rounds.rounds)
            original = next(cell for cell in cells if cell.subject is quick and cell.kind == "bytes")
            data["selfchecks"]["inputs"] = checked.data_of(
                quick.name, (cell.data["few"] for cell in (original, *checks))
            )
        setting.watcher.case("inputs", len(found))
        with started([subject.implementation for subject in found], setting.limit, setting.watcher) as fresh:
            for old, subject in zip(found, fresh):
                setting.watcher.doing(f"{subject.name}, memory")
                for cell in old.trials:
                    assert isinstance(cell, Cell)
                    cell.subject = subject
                    cell.attempt(cell.watch_memory, setting.limit)
                setting.watcher.step()


# What is made of it.

#: From which share of its input the memory that a call takes is as good as a copy, and up to which it is none.
A_COPY, NO_COPY = 0.5, 0.15

METHOD = (
    "Each contender that says it takes bytes, in processes of its own, is called with the object itself: nothing is "
    "converted for it. Every kind holds the same items, so that all must give the same count, which is checked in each "
    f"sample. A call: the time with {FEW} items. An item: the time with {BASE * MORE:,} items less that, over their "
    f"number; with {BASE:,} where an item takes more than {QUICK / BASE * 1e9:.0f} ns. "
    f"Memory: by how much the process grows at most during a call with {WATCHED:,} items, over the bytes of these. "
    "It is read from Linux (VmHWM), in a fresh process, after a first call with few items. Beside each such call the "
    "same is done with len, which takes none, and with a copy of a bytes, which takes 1; where that is not what comes "
    "out, none is shown. About 1 is a copy, or something else of that size, such as an array of the comparisons. "
    "A list has its items apart; 1 is as much as its references take. The memory is of one process each. "
)


def per_call(row: dict[str, Any]) -> Estimate:
    """The seconds of a call with few items."""
    return statistics.level(by_process(row["few"])).time


def per_item(row: dict[str, Any], few: int) -> Estimate:
    """The seconds that each further item takes."""
    processes = zip(by_process(row["few"]), by_process(row["many"]))
    return statistics.difference(
        [[(b - a) / (row["items"] - few) for a, b in zip(short, long)] for short, long in processes]
    )


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
    return bool(row["status"] == MEASURED and any(by_process(row["few"])) and any(by_process(row["many"])))


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
    method = f"{METHOD}{rounds_of(data)}"
    if data.get("left_out"):
        method += f" One of each binding: the time was too short for {', '.join(data['left_out'])}."
    if untold:
        method += f" Memory that could not be told here: {'; '.join(untold)}."
    charts = [_chart(data)] if data["rows"] else []
    shown = [table for table in tables if table.rows]
    found = Answer(_sentence(data), shown, charts, method, broken(data["rows"]))
    return checked.answered(found, data.get("selfchecks", {}))


def _not_taken(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """What is done with input that is not taken, a row for all the kinds with which it is the same."""
    return [
        (*key, "all" if len(inputs) == len(KINDS) else ", ".join(inputs), what)
        for key, inputs, what in unmeasured(rows, "contender")
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
        y=drawing.rows("contender", names),
        tooltip=drawing.tooltips(
            contender="",
            binding="",
            input="",
            call="a call (ns)|.4~g",
            item="an item (ns)|.3~g",
            copied="copy",
            status="",
            reason="",
        ),
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

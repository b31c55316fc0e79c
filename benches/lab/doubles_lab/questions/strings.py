"""What does a string cost?

Each way to get at a str, over each way in which CPython stores one, for the first call with a text and for later ones.
Of the functions that a binding offers for a way the fastest is taken, so that it is the way that is seen.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

import altair as alt

from doubles_lab.implementation import Implementation, Unit
from doubles_lab.measure import selfcheck, statistics
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.schedule import Rounds
from doubles_lab.measure.statistics import Estimate
from doubles_lab.measure.subject import MEASURED, Cell, Out, Subject, broken, counts_in, described, started
from doubles_lab.problems.count_doubles import oracle
from doubles_lab.problems.count_doubles.inputs import CHINESE, EMOJI, LATIN_1
from doubles_lab.questions import checked
from doubles_lab.questions.answer import UNANSWERED, Answer, Chart, Question, Setting, keeping, rounds_of
from doubles_lab.report import drawing
from doubles_lab.report.chart import COLOURS
from doubles_lab.report.document import Table
from doubles_lab.report.table import interval
from doubles_lab.results.verdict import listed, number
from doubles_lab.sequence import random_text

LONG, SHORT = 1 << 20, 100
LENGTHS = (LONG, SHORT)
#: Bytes, about, of the texts that one sample goes through, each once a turn; and turns after the first.
TURN, LATER = 1 << 18, 2
REFUSED = "refused"

#: What the texts of each kind are drawn from.
KINDS = {
    "ASCII": "abcdefghijklmnopqrstuvwxyz",
    "Latin-1": LATIN_1,
    "UCS-2": CHINESE,
    "UCS-4": EMOJI,
    "lone surrogates": CHINESE + "\ud800\udfff",
}
IN_PLACE, AS_STR, AS_COW = "in place", "&str", "Cow<str>"
ENCODE, ENCODE_32 = "encode first", "encode as UTF-32 first"
ASK_ALONE, ENCODE_ALONE = "asking for UTF-8 alone", "encode() alone"
#: What a worker is told, for each way.
ASKED = {
    IN_PLACE: "direct",
    AS_STR: "direct",
    AS_COW: "direct",
    ENCODE: "encode",
    ENCODE_32: "encode as UTF-32",
    ASK_ALONE: "ask alone",
    ENCODE_ALONE: "encode alone",
}
CPYTHON = "CPython alone"


def way_of(contender: Implementation) -> str | None:
    """How a Rust contender gets at a str; ``None`` for others, and for those that are built for this very CPU."""
    if contender.language != "Rust" or "target-cpu" in contender.flags or contender.prepared:
        return None
    for way in (AS_STR, AS_COW):
        if contender.access.startswith(way):
            return way
    return IN_PLACE if IN_PLACE in contender.access else None


class Texts:
    """A text of each kind and length in a file, and what it must give."""

    def __init__(self, scratch: Scratch, seed: int) -> None:
        self._scratch = scratch
        self._seed = seed
        self._made: dict[tuple[str, int], tuple[str, dict[str, int]]] = {}

    def __call__(self, kind: str, length: int) -> tuple[str, dict[str, int]]:
        """The file, and the counts: by unit, and of bytes in all."""
        if (kind, length) not in self._made:
            alphabet = KINDS[kind]
            text = random_text(f"strings {kind} {self._seed}", length - 2, alphabet)
            # However short, it has the character that makes it what it is, and a double of that.
            text += max(alphabet) * 2
            data = text.encode("utf-8", "surrogatepass")
            counts = {
                str(Unit.CHARACTERS): oracle.count_items(text),
                str(Unit.BYTES): oracle.count_items(data),
                "length": len(data),
            }
            self._made[kind, length] = (self._scratch.write(data), counts)
        return self._made[kind, length]


class Trial(Cell):
    """One way of one contender over the texts of one kind."""

    def __init__(self, of: Subject, way: str, kind: str, texts: Texts) -> None:
        alone = way in (ASK_ALONE, ENCODE_ALONE)
        contender = of.implementation
        #: What its result must be.
        self.counts = "length" if alone else str(Unit.BYTES) if way == ENCODE else str(contender.unit)
        if way == ENCODE_32:
            self.counts = str(Unit.CHARACTERS)
        self.way, self.kind, self.texts = way, kind, texts
        names = dict.fromkeys(("contender", "binding"), CPYTHON) if alone else described(contender, "binding")
        super().__init__(of, **names, access=way, kind=kind, counts=self.counts)

    def nothing(self) -> dict[str, Any]:
        """Seconds a call, by length and process; and what is kept, by length."""
        return {"kept": {}, **{key: {str(length): [] for length in LENGTHS} for key in ("first", "later")}}

    def groups(self) -> Iterable[list[list[float]]]:
        """The seconds of first and of later calls."""
        return [*self.data["first"].values(), *self.data["later"].values()]

    def ask(self, do: str, length: int, limit: float, **request: Any) -> dict[str, Any]:
        """The reply to a request, its counts checked. Raises :class:`Out`."""
        path, counts = self.texts(self.kind, length)
        reply = self.subject.ask(do, limit, access=ASKED[self.way], path=path, **request)
        if reply.get("raised") == "UnicodeEncodeError":
            raise Out(REFUSED, f"{reply['raised']}: {reply['message']}")
        counts_in(reply, counts[self.counts])
        return reply

    def warm_up(self, limit: float) -> None:
        """One sample that is not kept, and in the first process what a text keeps."""
        for length in LENGTHS:
            if str(length) not in self.data["kept"]:
                reply = self.ask("kept", length, limit)
                self.data["kept"][str(length)] = {key: reply[key] for key in ("size", "said", "traced")}
        self.ask("first_and_later", SHORT, limit, copies=10, later=1)

    def sample(self, limit: float) -> None:
        """One sample of each length."""
        for length in LENGTHS:
            copies = selfcheck.loops(TURN // (4 * length)) if length <= TURN // 16 else 1
            reply = self.ask("first_and_later", length, limit, copies=self.subject.calls(copies), later=LATER)
            self.data["first"][str(length)][-1].append(max(1, reply["first"]) / copies / 1e9)
            self.data["later"][str(length)][-1].append(max(1, median(reply["later"])) / copies / 1e9)


@keeping
def measure(setting: Setting, data: dict[str, Any]) -> None:
    """The fastest Rust function for each way and binding, over each kind of text."""
    data.update(lengths=list(LENGTHS), rounds=0, left_out=[], rows=[], selfchecks={})
    candidates = [contender for contender in setting.contenders if way_of(contender)]
    setting.watcher.case("strings", 1)
    with Scratch() as scratch:
        begin = time.monotonic()
        texts = Texts(scratch, setting.seed)
        chosen, data["left_out"] = choose(candidates, texts, setting)
        if not chosen:
            return
        trials: list[Trial] = []
        for contender in chosen:
            of = Subject(contender)
            ways = [way_of(contender) or ""]
            if ways == [IN_PLACE] and contender.takes_bytes:
                ways += [ENCODE, ENCODE_32]
            if contender is chosen[0]:
                ways += [ASK_ALONE, ENCODE_ALONE]
            trials += [Trial(of, way, kind, texts) for way in ways for kind in KINDS]
        data["rows"] = [trial.data for trial in trials]
        first = trials[0]
        check = [first, *(Trial(of, first.way, first.kind, texts) for of in checked.itself(chosen[0]))]
        subjects = dict.fromkeys(trial.subject for trial in [*trials, *check])
        rounds = Rounds("strings", list(subjects), setting.plan(begin), setting.watcher)
        try:
            rounds.run()
        finally:
            data.update(processes=rounds.processes, rounds=rounds.rounds)
            data["selfchecks"]["strings"] = checked.data_of(
                first.data["contender"], (t.data["later"][str(SHORT)] for t in check)
            )


def choose(
    candidates: Sequence[Implementation], texts: Texts, setting: Setting
) -> tuple[list[Implementation], list[dict[str, Any]]]:
    """Of each binding and way the contender whose later calls are the fastest; and those that failed, with the reason.

    Each is tried on long ASCII text, which needs no conversion.
    """
    times: dict[tuple[str, str], list[tuple[float, Implementation]]] = {}
    failed = []
    path, expected = texts("ASCII", LONG)
    with started(candidates, setting.limit, setting.watcher) as found:
        for each in found:
            contender = each.implementation
            try:
                reply = each.ask("first_and_later", setting.limit, access="direct", path=path, copies=1, later=9)
                counts_in(reply, expected[str(contender.unit)])
            except Out as out:
                failed.append({"contender": contender.name, "status": out.status, "reason": str(out)})
                continue
            key = (contender.binding, way_of(contender) or "")
            times.setdefault(key, []).append((min(reply["later"]), contender))
    fastest = [min(group, key=lambda pair: pair[0])[1] for group in times.values()]
    # In the order of the ways; the first of them also measures what CPython does alone.
    return sorted(fastest, key=lambda contender: (way_of(contender) != IN_PLACE, contender.binding)), failed


# What is made of it.

#: Bytes by which the two accounts of what is kept may differ: the result, and what an allocator adds.
TOLERANCE = 512

METHOD = (
    "Of the Rust functions of each binding the fastest for each way to get at a str, as tried on ASCII text. "
    "&str asks CPython for UTF-8, which the str then keeps, and so does Cow<str> where it can; in place reads what the "
    "str stores; encode first hands val.encode() over, a bytes made for each call, and counts its bytes; encode as "
    "UTF-32 first hands over a memoryview of it, and counts characters. Two rows are of the conversion alone and count "
    "nothing: "
    "PyUnicode_AsUTF8AndSize, called by ctypes with what that costs (on ASCII it does nothing else), and val.encode(). "
    "First: texts that are made anew from UTF-32 outside the clock, so that none has UTF-8 kept, each called with "
    "once. "
    "Later: the same texts again, in the same order, so that memory and caches are used alike. The loop around the "
    "calls is part of both. "
    "Kept: by how much sys.getsizeof of a fresh text grows with the first call, compared with what tracemalloc says "
    "that the call has left. Latin-1 is French and German, UCS-2 Chinese, UCS-4 emoji, and lone surrogates are among "
    "Chinese. Counts are checked in each sample."
)


def of_length(row: dict[str, Any], key: str, length: int) -> Estimate:
    """The seconds of a first or later call."""
    return statistics.level(row[key][str(length)]).time


def kept(row: dict[str, Any], length: int) -> int:
    """The bytes that a text keeps of a call."""
    return int(row["kept"][str(length)]["said"])


def is_confirmed(row: dict[str, Any], length: int) -> bool:
    """Whether the allocators say the same as the text of what it keeps."""
    found = row["kept"][str(length)]
    return bool(abs(found["said"] - found["traced"]) <= TOLERANCE)


def _measured(data: dict[str, Any], *ways: str) -> list[dict[str, Any]]:
    return [
        row
        for row in data["rows"]
        if row["status"] == MEASURED
        and all(any(row["first"][str(length)]) for length in data["lengths"])
        and (not ways or row["access"] in ways)
    ]


def answer(data: dict[str, Any]) -> Answer:
    """A table for long text and one for short text, both drawn; and what the text keeps, drawn."""
    rows = _measured(data)
    long, short = data["lengths"]
    refused = [row for row in data["rows"] if row["status"] != MEASURED]
    tables = [
        _table(f"{long:,} characters", "ns a character", rows, long, long),
        _table(f"{short} characters", "ns a call", rows, short, 1),
        Table(
            "Not taken",
            ("Kind", "Access", "Contender", "What it does"),
            [(row["kind"], row["access"], row["contender"], f"{row['status']}: {row['reason']}") for row in refused]
            + [("–", "–", row["contender"], f"{row['status']}: {row['reason']}") for row in data["left_out"]],
        ),
    ]
    charts = [_time_chart(rows, refused, data["lengths"]), _memory_chart(rows, long)] if rows else []
    shown = [table for table in tables if table.rows]
    found = Answer(
        _sentence(data), shown, charts, f"{METHOD} {rounds_of(data)}", broken([*data["rows"], *data["left_out"]])
    )
    return checked.answered(found, data.get("selfchecks", {}))


def _table(title: str, unit: str, rows: list[dict[str, Any]], length: int, per: int) -> Table:
    """The times of texts of one length over ``per``, and the bytes kept over the same."""
    cells: list[tuple[str, ...]] = []
    for row in _in_order(rows):
        extra = kept(row, length)
        said = f"{extra / per:.2f}" if per > 1 else f"{extra:,}"
        if not is_confirmed(row, length):
            said += f" (tracemalloc: {row['kept'][str(length)]['traced']:,} bytes in all)"
        cells.append(
            (
                row["kind"],
                row["access"],
                row["contender"],
                _ns(of_length(row, "first", length), per),
                _ns(of_length(row, "later", length), per),
                said,
            )
        )
    size = "bytes a character" if per > 1 else "bytes"
    columns = ("Kind", "Access", "Contender", f"First ({unit})", f"Later ({unit})", f"Kept ({size})")
    return Table(title, columns, cells, (3, 4, 5))


def _in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    ways, kinds = list(ASKED), list(KINDS)
    return sorted(rows, key=lambda row: (kinds.index(row["kind"]), ways.index(row["access"]), row["binding"]))


def _ns(estimate: Estimate, per: int) -> str:
    return interval(estimate, lambda seconds: number(seconds * 1e9 / per))


def _span(values: Iterable[float]) -> str:
    """The least and the most, or the one value that both are."""
    every = list(values)
    found = [number(min(every)), number(max(every))]
    return found[0] if found[0] == found[1] else f"{found[0]} to {found[1]}"


def _sentence(data: dict[str, Any]) -> str:
    rows = _measured(data)
    if not rows:
        return UNANSWERED
    long = data["lengths"][0]

    def times(key: str, found: list[dict[str, Any]]) -> str:
        return _span(of_length(row, key, long).value * 1e9 / long for row in found)

    parts = []
    converted = [row for row in _measured(data, AS_STR) if row["kind"] != "ASCII"]
    if converted:
        grown = _span(1 + kept(row, long) / row["kept"][str(long)]["size"] for row in converted)
        parts.append(
            f"Text that is not ASCII, {long:,} characters of it, takes &str {times('first', converted)} ns a character "
            f"in the first call and {times('later', converted)} ns in later ones, since the str keeps the UTF-8 and is "
            f"then {grown} times as large."
        )
    ascii_only = [row for row in _measured(data, AS_STR) if row["kind"] == "ASCII"]
    if ascii_only:
        parts.append(f"ASCII is UTF-8 as it is: {times('first', ascii_only)} ns, then {times('later', ascii_only)} ns.")
    in_place = _measured(data, IN_PLACE)
    if in_place:
        keeps = sum(kept(row, long) != 0 for row in in_place)
        nothing = "keeps nothing" if not keeps else f"keeps something in {keeps} of {len(in_place)} cases"
        parts.append(
            f"Reading it in place takes {times('first', in_place)} ns in the first call, {times('later', in_place)} ns "
            f"in later ones, with any text, and {nothing}."
        )
    encoded = [row for row in _measured(data, ENCODE) if row["kind"] != "ASCII"]
    if encoded:
        parts.append(f"Encoding it first takes {times('later', encoded)} ns in every call, where it is not ASCII.")
    refused = sorted({row["access"] for row in data["rows"] if row["status"] == REFUSED and row["binding"] != CPYTHON})
    taken = sorted({row["access"] for row in rows if row["kind"] == "lone surrogates"})
    if refused:
        parts.append(
            f"Lone surrogates are refused by {listed(refused)}, and taken by {listed(taken) if taken else 'none'}."
        )
    if not all(is_confirmed(row, length) for row in rows for length in data["lengths"]):
        parts.append("What a str keeps by its own account is not what the allocators say: see the table.")
    return " ".join(parts)


def _label(row: dict[str, Any]) -> str:
    return f"{row['access']} ({row['binding']})" if row["binding"] != CPYTHON else row["access"]


def _time_chart(rows: list[dict[str, Any]], others: list[dict[str, Any]], lengths: Sequence[int]) -> Chart:
    """First and later calls, joined by a line; a word for what was not measured."""
    values: list[dict[str, Any]] = []
    for row in _in_order(rows):
        for length in lengths:
            ends = {key: of_length(row, key, length) for key in ("first", "later")}
            for key, estimate in ends.items():
                values.append(
                    {
                        "kind": row["kind"],
                        "what": _label(row),
                        "contender": row["contender"],
                        "text": f"{length:,} characters",
                        "call": f"{key} call{'s' if key == 'later' else ''}",
                        "ns": estimate.value * 1e9 / length,
                        "low": estimate.low * 1e9 / length,
                        "high": estimate.high * 1e9 / length,
                        "from": ends["first"].value * 1e9 / length,
                        "to": ends["later"].value * 1e9 / length,
                        "kept": kept(row, length) / length,
                    }
                )
    dearest = max(
        (value for value in values if value["text"].startswith(f"{lengths[0]:,} ")),
        key=lambda value: float(value["ns"]),
    )
    for row in others:
        for length in lengths:
            values.append(
                {
                    "kind": row["kind"],
                    "what": _label(row),
                    "contender": row["contender"],
                    "text": f"{length:,} characters",
                    "call": row["status"],
                    "reason": row["reason"],
                }
            )
    every = sorted([*rows, *others], key=lambda row: list(ASKED).index(row["access"]))
    labels = list(dict.fromkeys(_label(row) for row in every))
    tooltip = drawing.tooltips(
        what="access",
        contender="",
        kind="",
        text="",
        call="",
        ns="ns a character|.3~g",
        low="|.3~g",
        high="|.3~g",
        kept="kept (bytes a character)|.2f",
    )
    y = drawing.rows("what", labels, grid=True)
    x = drawing.log_x("ns", "ns a character")
    base = alt.Chart().transform_filter("isValid(datum.ns)").encode(y=y, tooltip=tooltip)
    lines = base.mark_rule(strokeWidth=1.5, opacity=0.6, color=COLOURS[6]).encode(
        x=drawing.log_x("from", "ns a character"), x2="to:Q"
    )
    points = base.mark_point(filled=True, size=60, opacity=0.9).encode(
        x=x,
        color=drawing.colour("call", {"first call": COLOURS[0], "later calls": COLOURS[2]}),
        shape=alt.Shape("call:N", legend=None),
    )
    words = (
        alt.Chart()
        .transform_filter("isValid(datum.reason)")
        .mark_text(align="left", dx=4, color="#8a8a8a", fontSize=11)
        .encode(x=alt.value(0), y=y, text="call:N", tooltip=drawing.tooltips(what="access", kind="", reason=""))
    )
    drawn = (
        alt.layer(lines, points, words, data=alt.InlineData(values=values))
        .properties(width=270, height=alt.Step(16))
        .facet(
            row=_by_kind(),
            column=alt.Column("text:N", sort=[f"{length:,} characters" for length in lengths], title=None),
        )
    )
    return Chart(
        "First and later calls with a str",
        drawn.to_dict(),
        "Nanoseconds a character of first and later calls, for each kind of text and each way to get at it. Of "
        f"{lengths[0]:,} characters the dearest is the {dearest['call']} by {dearest['what']} with {dearest['kind']}: "
        f"{number(float(dearest['ns']))} ns a character.",
    )


def _by_kind() -> alt.Row:
    """A part of a chart for each kind of text."""
    return alt.Row("kind:N", sort=list(KINDS), title=None, header=alt.Header(labelAngle=0, labelAlign="left"))


def _memory_chart(rows: list[dict[str, Any]], length: int) -> Chart:
    """The bytes that a text takes, and those that it keeps of a call."""
    values: list[dict[str, Any]] = []
    for row in _in_order(rows):
        if row["access"] in (ASK_ALONE, ENCODE_ALONE):
            continue
        for part, size in (("the text", row["kept"][str(length)]["size"]), ("kept of the call", kept(row, length))):
            values.append(
                {"kind": row["kind"], "what": _label(row), "part": part, "bytes": size / length, "place": len(values)}
            )
    labels = list(dict.fromkeys(value["what"] for value in values))
    drawn = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            x=alt.X("bytes:Q", title="bytes a character, after a call"),
            y=drawing.rows("what", labels),
            color=drawing.colour("part", {"the text": COLOURS[3], "kept of the call": COLOURS[0]}),
            order="place:Q",
            tooltip=drawing.tooltips(what="access", kind="", part="", bytes="bytes a character|.2f"),
        )
        .properties(width=540, height=alt.Step(16))
        .facet(row=_by_kind())
    )
    keeping = [row for row in _in_order(rows) if kept(row, length) and row["access"] not in (ASK_ALONE, ENCODE_ALONE)]
    told = "; ".join(f"{row['kind']} by {_label(row)}: {kept(row, length) / length:.2f}" for row in keeping)
    return Chart(
        "What a str keeps of a call",
        drawn.to_dict(),
        f"Bytes a character that a str takes, and that it keeps after a call. Kept: {told or 'nothing'}.",
    )


QUESTION = Question("strings", 4, "What does a string cost?", measure, answer)

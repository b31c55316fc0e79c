"""A record as a report: the article's table, with what it left out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from rich.console import Console

from doubles_lab.implementation import THE_INPUT
from doubles_lab.measure import selfcheck
from doubles_lab.measure.built import DETAIL
from doubles_lab.measure.statistics import MARGIN, Estimate
from doubles_lab.report import cause, document
from doubles_lab.report.document import HEADING, ITEM, Cell, Column, Part, Picture, Table
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Record
from doubles_lab.results.verdict import Judged, Verdict, number, sentence

#: What the figures are, in one sentence each, and what the bytes a second are where they are shown.
DEFINITIONS = (
    "Time: the mean of the medians of the processes, without what a round did to all contenders. Ratio: over that of "
    "the fastest. ×: how many times as fast. Intervals are of 95 %, by Student's t over the processes; the leading "
    "group is by Hsu's comparison with the best."
)
THROUGHPUT = (
    "GB/s: bytes of the contender's own input as they lie in memory (1, 2 or 4 a character in a str) over the time; "
    "1 GB is 10⁹ bytes."
)


#: Marks a contender of the leading group.
LEADS = "●"
LEADS_MEANS = f"{LEADS} leads: is not shown to be slower than the fastest by more than {MARGIN:.0%}"
#: Marks a contender that is handed something made from the text beforehand.
PREPARED = "†"
#: The mark of one whose module is not built to be fast.
SLOWED = "‡"


@dataclass(frozen=True)
class TimeUnit:
    """A unit of time that suits the times of a case."""

    name: str
    seconds: float

    def of(self, seconds: float) -> str:
        """A time in this unit."""
        return f"{seconds / self.seconds:,.2f}"


UNITS = [TimeUnit("s", 1.0), TimeUnit("ms", 1e-3), TimeUnit("µs", 1e-6), TimeUnit("ns", 1e-9)]


def unit_of(seconds: float) -> TimeUnit:
    """The largest unit in which a time is at least one."""
    return next((unit for unit in UNITS if seconds >= unit.seconds), UNITS[-1])


def time_unit(found: Sequence[Verdict]) -> TimeUnit:
    """The unit in which the fastest takes at least one."""
    return unit_of(min((v.time.value for v in found if v.time), default=1.0))


def short_time(seconds: float) -> str:
    """A time with three significant digits, in the unit that suits it."""
    unit = unit_of(seconds)
    value = seconds / unit.seconds
    return f"{value:#.3g}".rstrip(".") + f" {unit.name}" if value < 999.5 else f"{value:,.0f} {unit.name}"


def interval(estimate: Estimate, shown: Callable[[float], str] = number) -> str:
    """An estimate with its interval, if it has one."""
    text = shown(estimate.value)
    return f"{text} [{shown(estimate.low)}–{shown(estimate.high)}]" if bounded(estimate) else text


def bounded(estimate: Estimate) -> bool:
    """Whether an estimate has an interval: one of a single process has none."""
    return math.isfinite(estimate.high)


def colour(ratio: float) -> str:
    """The style of what is close to the fastest, or far from it."""
    return "best" if ratio < 1.1 else "good" if ratio < 3 else "far" if ratio < 100 else "farthest"


def ranked_table(found: Sequence[Verdict], baseline: str, checked: selfcheck.Finding | None = None) -> Table:
    """The ranked contenders of a case, the fastest first, with the smallest difference that its race can show."""
    unit = time_unit(found)
    notes = marks(found, ranked=True)
    if checked is not None and checked.resolution is not None:
        notes.append(f"Differences of less than {selfcheck.share(checked.resolution)} are too small to be shown here")
    columns = [
        Column("Place", number=True, room=6),
        Column("Contender"),
        Column(f"Time, {unit.name}", number=True),
        Column("Ratio", number=True),
        Column("95 % interval", number=True, room=2, style="quiet"),
        Column(f"× {baseline}", number=True),
        Column("GB/s", number=True, room=1),
        Column("Counts", room=3, style="quiet"),
        Column("Takes", room=3, style="quiet"),
        Column("Language", room=4, style="quiet"),
        Column("Binding", room=4, style="quiet"),
        Column("Tags", room=5, style="quiet"),
    ]
    rows = []
    for v in found:
        if v.rank is None or v.time is None or v.ratio is None:
            continue
        row, time, style = v.row, v.time, colour(v.ratio)
        rows.append(
            [
                Cell(str(v.rank), value=v.rank),
                named(v, style),
                Cell(unit.of(time.value), value=time.value),
                Cell(f"{v.ratio:,.2f}", style, value=v.ratio),
                Cell(f"{unit.of(time.low)}–{unit.of(time.high)}", value=time.high - time.low)
                if bounded(time)
                else Cell("–", value=-1),
                Cell(interval(v.speedup), value=v.speedup.value) if v.speedup else Cell("–", value=-1),
                Cell(number(v.throughput), value=v.throughput) if v.throughput else Cell("–", value=-1),
                *(row.unit, row.access, row.language, row.binding, ", ".join(row.tags)),
            ]
        )
    if any(v.row.unit for v in found):
        return Table("Ranked: they gave the right count", columns, rows, notes=notes, sortable=True)
    # A problem of the user's: nothing is counted there, and nothing is known of the bytes.
    ranked = [v.row for v in found if v.rank]
    unknown = {"GB/s", "Counts"}
    unknown |= {"Takes"} if all(row.access == THE_INPUT for row in ranked) else set()
    unknown |= {"Tags"} if not any(row.tags for row in ranked) else set()
    kept = [i for i, column in enumerate(columns) if column.title not in unknown]
    columns, rows = [columns[i] for i in kept], [[row[i] for i in kept] for row in rows]
    return Table("Ranked: they gave the right result", columns, rows, notes=notes, sortable=True)


def rest_table(found: Sequence[Verdict]) -> Table:
    """The contenders that are not ranked, and why."""
    unit = time_unit(found)
    columns = [
        Column("Contender"),
        Column("Status"),
        Column(f"Time, {unit.name}", number=True),
        Column("Count", number=True),
        Column("Why"),
    ]
    styles = {record.APART: "stated", record.WRONG: "failed", record.FAILED: "bad"}
    rows = []
    for v in found:
        if v.rank:
            continue
        row, style = v.row, styles.get(v.row.status, "quiet")
        rows.append(
            [
                named(v, style),
                Cell(row.status, style),
                Cell(unit.of(v.time.value), value=v.time.value) if v.time else Cell("–", value=-1),
                Cell("–", value=-1) if row.found is None else Cell(f"{row.found:,}", value=row.found),
                Cell(why(row.status, row.reason, row.found, row.expected), style),
            ]
        )
    return Table("Not ranked, and why", columns, rows, notes=marks(found, ranked=False), sortable=True)


def named(v: Verdict, style: str) -> Cell:
    """A name, marked if it leads, and if what it is handed was made beforehand."""
    name = v.row.contender
    more = (f" {LEADS}" if v.leading else "") + PREPARED * v.row.prepared + SLOWED * (DETAIL in v.row.details)
    return Cell(name, style, more, of=name, hint=v.row.origin)


def marks(found: Sequence[Verdict], ranked: bool) -> list[str]:
    """What the marks of the names in a table mean."""
    shown = [v for v in found if bool(v.rank) == ranked]
    lines = []
    if any(v.leading for v in shown):
        lines.append(LEADS_MEANS)
    if any(v.row.prepared for v in shown):
        lines.append(f"{PREPARED} handed an array or bytes that are already there: making them is not timed")
    lines += [f"{SLOWED} {v.row.contender}: {said}" for v in shown if (said := v.row.details.get(DETAIL))]
    return lines


def tables(found: Sequence[Verdict], baseline: str, checked: selfcheck.Finding | None) -> list[Table]:
    """The tables of a case, without those that have no rows. ``checked`` is what the lab's check of itself came to."""
    return [table for table in (ranked_table(found, baseline, checked), rest_table(found)) if table.rows]


def why(status: str, reason: str, found: int | None, expected: int | None) -> str:
    """Why a row is not ranked."""
    if status == record.APART and found is not None and expected is not None:
        return f"{reason}: {found:,} in place of {expected:,}"
    if status == record.WRONG:
        return f"wrong: {reason}"
    return reason or status


def size_line(case: CaseRecord) -> str:
    """The size and the counts of a case, as a sentence; "" if nothing is known of them."""
    if "size" in case.length:
        return f"Size {case.length['size']:,}."
    if not case.length:
        return ""
    sizes = ", ".join(f"{length:,} {unit}" for unit, length in sorted(case.length.items(), reverse=True))
    counts = dict(sorted(case.counts.items(), reverse=True))
    if not counts:
        return f"{sizes}."
    if len(set(counts.values())) == 1:
        doubles = f"{next(iter(counts.values())):,} doubles"
    else:
        doubles = " and ".join(f"{count:,} doubles by {unit.rstrip('s')}" for unit, count in counts.items())
    return f"{sizes}; {doubles}."


def definitions(result: Record) -> str:
    """What the figures of a record are, in one sentence each."""
    shown = any(row.unit for case in result.cases for row in case.rows)
    return f"{DEFINITIONS} {THROUGHPUT}" if shown else DEFINITIONS


def where(facts: Mapping[str, Any], date: str) -> str:
    """The machine, its tools and when something was measured, in a line."""
    tools = [f"Python {str(facts.get('python_version', '?')).partition(' ')[0]}"]
    tools += [re.sub(r" ?\(.*?\)", "", str(facts[key])) for key in ("rustc_version", "cc_version") if key in facts]
    return f"{facts.get('cpu_model_name', '?')}, {facts.get('cpu_count', '?')} CPUs; {', '.join(tools)}; {date}"


def setting(result: Record) -> list[str]:
    """Where, when and how a record was made, a line each."""
    samples = "cold: each call on new input that is in no cache, and a sample of it alone"
    if not result.cold:
        samples = f"samples of about {result.sample_ms:g} ms"
    lines = [
        where(result.machine, result.date),
        f"{_processes(result)} processes each, up to {_rounds(result)} rounds in each, in an order shuffled with seed "
        f"{result.seed}; {samples}",
    ]
    if result.interrupted:
        lines.append("Interrupted: this is what had been measured by then.")
    return lines


def _processes(result: Record) -> str:
    """The processes that were planned, or those that a budget left room for."""
    counts = [len(row.runs) for case in result.cases for row in case.rows if row.timed]
    if result.budget is None or not counts:
        return str(result.processes)
    return f"up to {max(counts)}"


def _rounds(result: Record) -> int:
    return max((case.rounds for case in result.cases if case.rounds), default=result.rounds)


def report(result: Record, judged: Judged, charts: Mapping[str, str] | None = None, last: bool = False) -> list[Part]:
    """A record: each case, and how it was measured. ``charts`` are the files of the cases' pictures.

    With ``last``, what came of a case stands below its tables, where a terminal's reader looks.
    """
    return [*cases(result, judged, charts, last), *about(result)]


def cases(result: Record, judged: Judged, charts: Mapping[str, str] | None = None, last: bool = False) -> list[Part]:
    """The cases of a record; see :func:`report`."""
    parts: list[Part] = []
    for case in result.cases:
        found, file = judged[case.name], (charts or {}).get(case.name)
        verdict = sentence(found, result.baseline)
        said: list[Part] = [Cell(verdict, "strong")]
        missing = cause.sentences(case)
        said += [Cell(line, ITEM if number else "warning") for number, line in enumerate(missing)]
        if checked := selfcheck.examine(case, result.seed):
            style = "quiet" if checked.trustworthy else "failed"
            said += [Cell(line, style) for line in selfcheck.sentences(checked)]
        shown: list[Part] = [Picture(verdict, quote(file))] if file else []
        shown += tables(found, result.baseline, checked)
        parts += [Cell(f"{case.name}: {case.about}", HEADING), *filter(None, [size_line(case)])]
        parts += [*shown, *said, ""] if last else [*said, *shown]
    return parts


def about(result: Record) -> list[Part]:
    """How a record was measured, and what its figures are."""
    return [Cell(line, "quiet") for line in [*setting(result), definitions(result)]]


def show(result: Record, judged: Judged, console: Console) -> None:
    """Prints a record."""
    document.show(report(result, judged, last=True), console)

"""The terminal's view of a record: the article's table, with what it left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from doubles_lab.measure import selfcheck
from doubles_lab.measure.statistics import Estimate
from doubles_lab.report import cause
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Record
from doubles_lab.results.verdict import Judged, Verdict, number, sentence

#: What the figures are, in one sentence each; every report carries it.
DEFINITIONS = (
    "Time: the mean of the medians of the processes, without what a round did to all contenders; in brackets, over "
    "that of the fastest. Intervals are of 95 %, by Student's t over the processes. ●: leads, which is not shown to be "
    "slower than the fastest by more than 3 % (Hsu's comparison with the best). GB/s: bytes of the contender's own "
    "input as they lie in memory (1, 2 or 4 a character in a str) over the time; 1 GB is 10⁹ bytes."
)


#: Marks a contender of the leading group.
LEADS = "●"
#: Marks a contender that is handed something made from the text beforehand.
PREPARED = "†"


@dataclass(frozen=True)
class TimeUnit:
    """A unit of time that suits the times of a case."""

    name: str
    seconds: float

    def of(self, seconds: float) -> str:
        """A time in this unit."""
        return f"{seconds / self.seconds:,.2f}"


UNITS = [TimeUnit("s", 1.0), TimeUnit("ms", 1e-3), TimeUnit("µs", 1e-6), TimeUnit("ns", 1e-9)]


def time_unit(found: list[Verdict]) -> TimeUnit:
    """The unit in which the fastest takes at least one."""
    fastest = min((v.time.value for v in found if v.time), default=1.0)
    return next((unit for unit in UNITS if fastest >= unit.seconds), UNITS[-1])


def interval(estimate: Estimate) -> str:
    """A ratio with its interval."""
    return f"{number(estimate.value)} [{number(estimate.low)}–{number(estimate.high)}]"


def colour(ratio: float) -> str:
    """Green for what is close to the fastest, red for what is far from it."""
    return "bold green" if ratio < 1.1 else "green" if ratio < 3 else "yellow" if ratio < 100 else "red"


@dataclass(frozen=True)
class CaseTable:
    """One case as tables, as wide as the console allows."""

    case: CaseRecord
    found: list[Verdict]
    baseline: str
    #: What the lab's check of itself came to.
    checked: selfcheck.Finding | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        yield Rule(Text(f"{self.case.name}: {self.case.about}", style="bold"), align="left", characters="─")
        yield Text(size_line(self.case))
        ranked = [v for v in self.found if v.rank]
        if ranked:
            yield self._ranked(ranked, width)
        rest = [v for v in self.found if not v.rank]
        if rest:
            yield Text()
            yield self._rest(rest)
        if any(v.row.prepared for v in self.found):
            yield Text(f"{PREPARED} handed an array or bytes that are already there: making them is not timed", "dim")
        yield Text()
        yield Text(sentence(self.found, self.baseline), style="bold")
        yield from (Text(line, "yellow") for line in cause.sentences(self.case))
        if self.checked is not None:
            style = "dim" if self.checked.trustworthy else "bold red"
            yield from (Text(line, style) for line in selfcheck.sentences(self.checked))

    def _ranked(self, ranked: list[Verdict], width: int) -> Table:
        unit = time_unit(self.found)
        speedups = any(v.speedup for v in ranked)
        table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
        table.add_column(f"Name (time in {unit.name})", no_wrap=True, min_width=_name_width(ranked))
        table.add_column("Time", justify="right", no_wrap=True)
        table.add_column("", no_wrap=True)
        if width >= 106:
            table.add_column("95 % interval", justify="right", no_wrap=True)
        if speedups:
            table.add_column(Text(f"× {self.baseline}"), justify="right", no_wrap=True)
        table.add_column("GB/s", justify="right", no_wrap=True)
        if width >= 118:
            table.add_column("Counts", no_wrap=True)
        if width >= 144:
            table.add_column("Gets at the string", no_wrap=True, overflow="ellipsis")
        for v in ranked:
            assert v.time is not None and v.ratio is not None
            style = colour(v.ratio)
            cells = [_name(v, style), Text(unit.of(v.time.value)), Text(f"({v.ratio:,.2f})", style)]
            if width >= 106:
                cells.append(Text(f"{unit.of(v.time.low)} – {unit.of(v.time.high)}", "dim"))
            if speedups:
                cells.append(Text(interval(v.speedup) if v.speedup else "–"))
            cells.append(Text(number(v.throughput) if v.throughput else "–"))
            if width >= 118:
                cells.append(Text(v.row.unit, "dim"))
            if width >= 144:
                cells.append(Text(v.row.access, "dim"))
            table.add_row(*cells)
        return table

    def _rest(self, rest: list[Verdict]) -> Table:
        unit = time_unit(self.found)
        table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
        table.add_column("Not ranked", no_wrap=True, min_width=_name_width(rest))
        table.add_column(f"Time ({unit.name})", justify="right", no_wrap=True)
        table.add_column("Count", justify="right", no_wrap=True)
        table.add_column("Why", overflow="fold")
        for v in rest:
            style = {record.APART: "cyan", record.WRONG: "bold red", record.FAILED: "red"}.get(v.row.status, "dim")
            table.add_row(
                _name(v, style),
                Text(unit.of(v.time.value) if v.time else "–"),
                Text("–" if v.row.found is None else f"{v.row.found:,}"),
                Text(why(v.row.status, v.row.reason, v.row.found, v.row.expected), style),
            )
        return table


def _name(v: Verdict, style: str) -> Text:
    """A name, marked if it leads, and if what it is handed was made beforehand."""
    marks = (f" {LEADS}" if v.leading else "") + (PREPARED if v.row.prepared else "")
    return Text.assemble((v.row.contender, style), (marks, "dim"))


def _name_width(found: list[Verdict]) -> int:
    """Room for the longest name, within reason: names are what a table must not cut."""
    return min(42, max(len(v.row.contender) + 2 * v.leading + v.row.prepared for v in found))


def why(status: str, reason: str, found: int | None, expected: int | None) -> str:
    """Why a row is not ranked."""
    if status == record.APART and found is not None and expected is not None:
        return f"{reason}: {found:,} in place of {expected:,}"
    if status == record.WRONG:
        return f"wrong: {reason}"
    return reason or status


def size_line(case: CaseRecord) -> str:
    """The size and the counts of a case."""
    sizes = ", ".join(f"{length:,} {unit}" for unit, length in sorted(case.length.items(), reverse=True))
    counts = dict(sorted(case.counts.items(), reverse=True))
    if not counts:
        return sizes
    if len(set(counts.values())) == 1:
        doubles = f"{next(iter(counts.values())):,} doubles"
    else:
        doubles = " and ".join(f"{count:,} doubles by {unit.rstrip('s')}" for unit, count in counts.items())
    return f"{sizes}; {doubles}"


def setting(result: Record) -> list[str]:
    """Where, when and how a record was made, a line each."""
    facts = result.machine
    tools = [f"Python {str(facts.get('python_version', '?')).partition(' ')[0]}"]
    tools += [re.sub(r" ?\(.*?\)", "", str(facts[key])) for key in ("rustc_version", "cc_version") if key in facts]
    samples = "cold: each call on new input that is in no cache, and a sample of it alone"
    if not result.cold:
        samples = f"samples of about {result.sample_ms:g} ms"
    lines = [
        f"{facts.get('cpu_model_name', '?')}, {facts.get('cpu_count', '?')} CPUs; {', '.join(tools)}; {result.date}",
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


def show(result: Record, judged: Judged, console: Console) -> None:
    """Prints a record: each case, and how it was measured."""
    for case in result.cases:
        console.print(CaseTable(case, judged[case.name], result.baseline, selfcheck.examine(case, result.seed)))
        console.print()
    lines = [Text(line, "dim") for line in [*setting(result), DEFINITIONS]]
    console.print(Padding(Group(*lines), (0, 0, 1, 0)))

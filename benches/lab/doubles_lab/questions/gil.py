"""Does it release the GIL?

Three things are measured of each contender, on short and on long text: whether a call lets go of the GIL, how much
several threads get done, and what becomes of another thread that would run as well.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import altair as alt

from doubles_lab.measure import statistics
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.statistics import Estimate
from doubles_lab.measure.subject import MEASURED, Cell, Out, Subject, broken, counts_in, described, ended
from doubles_lab.problem import Call
from doubles_lab.problems.count_doubles import oracle
from doubles_lab.questions.answer import UNANSWERED, Answer, Chart, Question, Setting, by_process, keeping
from doubles_lab.report import drawing
from doubles_lab.report.chart import COLOURS
from doubles_lab.report.document import Table
from doubles_lab.report.table import bounded, interval, short_time
from doubles_lab.results import record
from doubles_lab.results.verdict import listed, shortly
from doubles_lab.sequence import random_ascii

#: Characters of the text that is repeated.
BASE = 1 << 16
SHORT = 1000
#: The long text has this many characters for a slow contender, and for a fast one as many as it counts in ``CALL``
#: seconds, up to the most.
LEAST, MOST = 1 << 21, 1 << 25
CALL = 0.003
#: Threads that are tried at once, by the number of processors.
THREADS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
PROCESSES = 10
#: Seconds of one sample of the throughput, and those that the other thread is watched for, which are several switch
#: intervals.
WINDOW, WATCHED = 0.01, 0.025


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def thread_counts(cpus: int) -> list[int]:
    """The numbers of threads that are tried on so many processors: one, all of them, and some between."""
    return sorted({1, cpus, *(threads for threads in THREADS if threads <= cpus)})


def busy_share(seconds: float = 0.5) -> float | None:
    """The share of all processors' time that something takes while this program rests; ``None`` if Linux does not tell.

    What threads get done cannot be told where others take the second processor.
    """
    file = Path("/proc/stat")
    if not file.exists():
        return None

    def times() -> tuple[int, int]:
        # proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; guests are in user.
        values = [int(value) for value in file.read_text().split("\n", 1)[0].split()[1:9]]
        return sum(values), values[3] + values[4]

    before = times()
    time.sleep(seconds)
    total, idle = (after - earlier for after, earlier in zip(times(), before))
    return 1 - idle / total if total else None


@keeping
def measure(setting: Setting, data: dict[str, Any]) -> None:
    """Every contender in one process, and those that let go of the GIL in ten."""
    cpus = processors()
    setting.watcher.case("gil", PROCESSES)
    with Scratch() as scratch:
        letters, texts = "abcdefghijklmnopqrstuvwxyz", {}
        for size, length in (("short", SHORT), ("long", BASE)):
            text = random_ascii(f"gil {size} {setting.seed}", length, letters)
            texts[size] = text, scratch.write(text.encode())
        found = [Beside(Subject(each), thread_counts(cpus), texts) for each in setting.contenders]
        data.update(cpus=cpus, busy=None, threads=thread_counts(cpus), rows=[each.data for each in found])
        begin, order = time.monotonic(), random.Random(setting.seed)
        data["busy"] = busy_share()
        for process in range(PROCESSES):
            if setting.budgeted and process > 1 and time.monotonic() - begin > setting.seconds:
                break
            order.shuffle(found)
            for each in found:
                if not process or each.lets_go:
                    setting.watcher.doing(f"{each.subject.name}, process {process + 1} of {PROCESSES}")
                    with ended([each.subject]):
                        each.attempt(each.sample, setting.limit)
            setting.watcher.step()


class Beside(Cell):
    """One contender beside other threads, on short and on long text: a sample is a process."""

    def __init__(self, subject: Subject, threads: Sequence[int], texts: Mapping[str, tuple[str, str]]) -> None:
        self.threads, self.texts = threads, texts
        super().__init__(subject, **described(subject.implementation, "language", "binding", "access"))
        self.data.update(status=record.UNMEASURED, reason="not measured yet when it was interrupted")

    def nothing(self) -> dict[str, Any]:
        """What was measured, by size of the text."""
        return {"sizes": {}}

    @property
    def measured(self) -> bool:
        """Whether it is still measured."""
        return self.data["status"] in (MEASURED, record.UNMEASURED)

    @property
    def lets_go(self) -> bool:
        """Whether other threads were seen to run meanwhile."""
        return self.measured and any(each["lets_go"] or not each["gil"] for each in self.data["sizes"].values())

    def sample(self, limit: float) -> None:
        """Measures in a process of its own, on short and on long text."""
        self.subject.start(limit)
        for size in self.texts:
            self.size(size, limit)
        self.data.update(status=MEASURED, reason="")

    def size(self, size: str, limit: float) -> None:
        """Measures on short or on long text. Raises :class:`Out`."""
        base, path = self.texts[size]
        of_unit = oracle.count_items(base)
        stated, statement = self.subject.implementation.stated(Call(base), of_unit)
        if stated != of_unit:
            raise Out("apart", f"gives {stated} here, as it states: {statement}")
        seam = base[-1] == base[0]
        expected = 0

        def ask(do: str, **request: Any) -> dict[str, Any]:
            reply = self.subject.ask(do, limit, **request)
            counts_in(reply, expected)
            return reply

        known = self.data["sizes"].get(size)
        times = known["length"] // len(base) if known else LEAST // len(base) if size == "long" else 1
        while True:
            expected = of_unit * times + seam * (times - 1)
            first = ask("repeat", path=path, times=times)
            call = max(first["ns"], 1) / 1e9
            if known or size == "short" or call >= CALL or times * len(base) >= MOST:
                break
            times = min(MOST // len(base), max(times * 2, int(times * CALL / call)))
        calls = max(1, int(WINDOW / call))
        data: dict[str, Any] = known or {
            "length": times * len(base),
            "gil": first["gil"],
            "interval": first["interval"],
            "lets_go": ask("lets_go", seconds=WATCHED)["ran"],
            # By process.
            "throughput": {str(threads): [] for threads in self.threads},
            "call": [],
            "alone": [],
            "meanwhile": [],
        }
        for threads in self.threads:
            seconds = max(ask("together", threads=threads, calls=calls)["ns"], 1) / 1e9
            data["throughput"][str(threads)].append([threads * calls * data["length"] / seconds])
            if threads == 1:
                data["call"].append(seconds / calls)
        reply = ask("beside", seconds=WATCHED)
        for which in ("alone", "meanwhile"):
            seen = reply[which]
            data[which].append({"ticks": seen["ticks"] * 1e9 / seen["ns"], "longest": seen["longest"] / 1e9})
        self.data["sizes"][size] = data


# What is made of it.

#: Threads help clearly where they get this many times as much done, the whole interval.
CLEAR = 1.1
#: A machine is busy where others take more than this share of its processors.
BUSY = 0.2
LETS_GO, HANDS_OVER, HOLDS, NO_GIL = "lets go", "hands over", "holds it", "there is none"


def answer(data: dict[str, Any]) -> Answer:
    """A table for each size; how much threads help, and what becomes of another thread, drawn."""
    rows, threads = data["rows"], data["threads"]
    tables = [_table(rows, threads, size) for size in ("long", "short")]
    tables.append(
        Table(
            "Not measured",
            ("Contender", "Why"),
            [(row["contender"], f"{row['status']}: {row['reason']}") for row in rows if row["status"] != MEASURED],
        )
    )
    charts = [_threads_chart(rows, threads), _stall_chart(rows)]
    return Answer(
        _sentence(data),
        [table for table in tables if table.rows],
        [chart for chart in charts if chart is not None],
        METHOD,
        broken(rows),
    )


METHOD = (
    f"Each contender in processes of its own, one at a time: one that lets go of the GIL in {PROCESSES}, in an order "
    "drawn anew for each of them, and one that holds it in one, for which no interval is shown. They may run on every "
    "CPU, since threads are what is measured; and no contender is compared with another, so that there is no twin and "
    "no slowed one. Intervals are of 95 %, by Student's t over the processes. "
    "GIL: another thread waits for a lock that is opened before the calls, while the interpreter's switch interval is "
    "so long that it takes the GIL from nobody: that thread runs if, and only if, a call lets go of the GIL. "
    "Threads: as many calls by each of them, with the same argument, from a barrier until the last is done; characters "
    "a second, over those of one thread in the same round. "
    "The other thread: one in plain Python that does nothing but look at the clock, for as long alone as beside a "
    "thread that calls again and again. Progress is how often it does so, over how often it does alone; the longest "
    "stall is the longest time between two looks, the median of the processes. Alone it has stalls too, which are the "
    "machine's. Python code keeps the GIL, but hands it over when another thread has waited for a switch interval (5 "
    "ms unless it is set), so that it stalls another thread for about as long. "
    f"Short text has {SHORT:,} characters; long text {LEAST:,}, or as many more as make a call take "
    f"{CALL * 1e3:g} ms, up to {MOST:,}. The text is ASCII. Counts are checked in each sample."
)


def gil_of(found: dict[str, Any]) -> str:
    """What it does with the GIL, as it was found on one size.

    That one hands it over, as Python code does, can only be told where a call takes several switch intervals.
    """
    if not found["gil"]:
        return NO_GIL
    if found["lets_go"]:
        return LETS_GO
    call = median(found["call"])
    return HANDS_OVER if call > 4 * found["interval"] and stall(found) < call / 2 else HOLDS


def _of_size(rows: Iterable[dict[str, Any]], size: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The rows that have been measured on a size, with what was, in the order of the table: those that let go first."""
    found = [(row, row["sizes"][size]) for row in rows if row["status"] == MEASURED and size in row["sizes"]]
    return sorted(found, key=lambda each: (gil_of(each[1]) != LETS_GO, median(each[1]["call"]) / each[1]["length"]))


def gain(found: dict[str, Any], threads: int) -> Estimate:
    """The work that so many threads get done, over that of one."""
    of_one, of_many = (by_process(found["throughput"][str(count)]) for count in (1, threads))
    return statistics.speedup(of_one, of_many)


def progress(found: dict[str, Any]) -> Estimate | None:
    """The other thread's progress over that alone; ``None`` if it never made any alone, on a machine that is busy."""
    pairs = zip(found["meanwhile"], found["alone"])
    shares = [each["ticks"] / alone["ticks"] for each, alone in pairs if alone["ticks"] > 0]
    # Each process was watched once, but in files from before there were several.
    several = isinstance(found["throughput"]["1"][0], list)
    # A share may be 0, so that it has no logarithm.
    return statistics.difference([[share] for share in shares] if several else [shares]) if shares else None


def stall(found: dict[str, Any], which: str = "meanwhile") -> float:
    """The longest stall of the other thread in seconds, the median of the processes."""
    return float(median(each["longest"] for each in found[which]))


def _table(rows: list[dict[str, Any]], threads: list[int], size: str) -> Table:
    columns = ["Contender", "Binding", *(["Characters"] if size == "long" else []), "One call", "GIL"]
    columns += [f"{count} threads ×" for count in threads if count > 1]
    first = 2
    columns += ["The other's progress", "Its longest stall", "Alone"]
    cells = []
    for row, found in _of_size(rows, size):
        line = [row["contender"], row["binding"]]
        if size == "long":
            line.append(f"{found['length']:,}")
        line += [short_time(median(found["call"])), gil_of(found)]
        line += [interval(gain(found, count)) for count in threads if count > 1]
        line += [percent(progress(found)), short_time(stall(found)), short_time(stall(found, "alone"))]
        cells.append(tuple(line))
    gil = columns.index("GIL")
    numbers = tuple(place for place in range(first, len(columns)) if place != gil)
    title = f"Short text: {SHORT:,} characters" if size == "short" else "Long text"
    return Table(title, tuple(columns), cells, numbers)


def percent(value: Estimate | None) -> str:
    """A share with its interval."""
    if value is None:
        return "not told"
    return interval(value, "{:.0%}".format)


def _sentence(data: dict[str, Any]) -> str:
    rows, threads = data["rows"], data["threads"]
    on_long, on_short = _of_size(rows, "long"), _of_size(rows, "short")
    if not on_long:
        return UNANSWERED
    parts = []
    if all(gil_of(found) == NO_GIL for _, found in on_long):
        parts.append("This Python runs without a GIL.")
    else:
        free = [row["contender"] for row, found in on_long if gil_of(found) == LETS_GO]
        short = [row["contender"] for row, found in on_short if gil_of(found) == LETS_GO]
        parts.append(
            f"On long text {_some(free, len(on_long))} of the GIL; on short text {_some(short, len(on_short))}."
        )
    busy = data["busy"] is not None and data["busy"] > BUSY
    free = [(row, found) for row, found in on_long if gil_of(found) in (LETS_GO, NO_GIL)]
    if len(threads) == 1:
        parts.append("With one processor it cannot be told whether threads would help.")
    elif busy:
        parts.append(
            f"What threads get done cannot be told from this run: other programs took {data['busy']:.0%} of the "
            "processors' time. Stalls were longer, too."
        )
    elif free:
        parts.append(_gains({row["contender"]: gain(found, threads[-1]) for row, found in free}, threads[-1]))
    row, found = max(on_long, key=lambda each: stall(each[1]))
    parts.append(
        f"The longest stall of another thread was {short_time(stall(found))}, beside {row['contender']}, a call of "
        f"which took {short_time(median(found['call']))}."
    )
    return " ".join(parts)


def _gains(gains: dict[str, Estimate], threads: int) -> str:
    """What so many threads get done."""
    clear = [name for name, estimate in gains.items() if estimate.low > CLEAR]
    if not clear:
        return f"With none of those did {threads} threads get clearly more done than one."
    best = max(clear, key=lambda name: gains[name].value)
    more = f", the most with {best}" if len(clear) > 1 else ""
    return (
        f"{threads} threads get clearly more done than one with {shortly(clear)}{more}: {interval(gains[best])} times "
        "as much."
    )


def _some(names: list[str], of: int) -> str:
    if not names:
        return f"none of {of} lets go"
    return f"{len(names)} of {of} ({shortly(names)}) {'lets' if len(names) == 1 else 'let'} go"


GIL_COLOURS = {LETS_GO: COLOURS[4], HANDS_OVER: COLOURS[3], HOLDS: COLOURS[0], NO_GIL: COLOURS[5]}


def _gil_colour(values: list[dict[str, Any]]) -> alt.Color:
    """One colour for each of those that are there."""
    there = [gil for gil in GIL_COLOURS if any(value["gil"] == gil for value in values)]
    scale = alt.Scale(domain=there, range=[GIL_COLOURS[gil] for gil in there])
    return alt.Color("gil:N", scale=scale, legend=alt.Legend(title="The GIL"))


def _threads_chart(rows: list[dict[str, Any]], threads: list[int]) -> Chart | None:
    """How much more several threads get done."""
    values = [
        {
            "contender": row["contender"],
            "binding": row["binding"],
            "text": f"{size} text",
            "threads": count,
            "gain": gained.value,
            "low": gained.low if bounded(gained) else None,
            "high": gained.high if bounded(gained) else None,
            "gil": gil_of(found),
            "call": short_time(median(found["call"])),
            "length": found["length"],
        }
        for size in ("long", "short")
        for row, found in _of_size(rows, size)
        for count in threads
        for gained in (gain(found, count),)
        if count > 1
    ]
    if not values:
        return None
    tooltip = drawing.tooltips(
        contender="",
        binding="",
        text="",
        length="characters|,",
        threads="",
        gain="times one thread|.2f",
        low="|.2f",
        high="|.2f",
        gil="GIL",
        call="one call",
    )
    y = drawing.rows("contender", [row["contender"] for row, _ in _of_size(rows, "long")], grid=True)
    base = alt.Chart().encode(y=y, color=_gil_colour(values))
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("gain:Q", title="work done, times that of one thread", scale=alt.Scale(zero=True)),
        shape=alt.Shape("threads:O", legend=alt.Legend(title="Threads")),
        tooltip=tooltip,
    )
    lines = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q", tooltip=tooltip)
    one = (
        alt.Chart()
        .mark_rule(strokeDash=[4, 4], opacity=0.6, color=COLOURS[6])
        .encode(x=alt.datum(1), tooltip=alt.value("as much as one thread"))
    )
    drawn = (
        alt.layer(one, lines, points, data=alt.InlineData(values=values))
        .properties(width=300, height=alt.Step(18))
        .facet(column=alt.Column("text:N", title=None, sort=["long text", "short text"]))
    )
    helped = sorted(
        {
            value["contender"]
            for value in values
            if value["text"] == "long text" and (value["low"] or 0) > CLEAR and value["gil"] in (LETS_GO, NO_GIL)
        }
    )
    return Chart(
        "What several threads get done",
        drawn.to_dict(),
        f"For each contender, the work that {listed([str(count) for count in threads if count > 1])} threads get done, "
        "over that of one, on long and on short text. Of those that let go of the GIL on long "
        f"text, clearly more with {listed(helped) if helped else 'none'}.",
    )


def _stall_chart(rows: list[dict[str, Any]]) -> Chart | None:
    """The longest stall of another thread over the time of a call."""
    values = [
        {
            "contender": row["contender"],
            "binding": row["binding"],
            "text": f"{size} text",
            "gil": gil_of(found),
            "call": median(found["call"]) * 1e3,
            "stall": max(stall(found), 1e-7) * 1e3,
            "progress": percent(progress(found)),
            "length": found["length"],
        }
        for size in ("long", "short")
        for row, found in _of_size(rows, size)
    ]
    if not values:
        return None
    switch = max(found["interval"] for row, found in _of_size(rows, "long") or _of_size(rows, "short")) * 1e3
    first, last = min(value["call"] for value in values), max(value["call"] for value in values)
    bend = [
        {"call": call, "stall": max(call, switch)} for call in sorted({first, max(switch, first), max(last, switch)})
    ]

    def axis(title: str, key: str) -> dict[str, Any]:
        ticks = [10.0**power for power in range(-7, 7)]
        ends = [each[key] for each in (*values, *bend)]
        low, high = max(t for t in ticks if t <= min(ends)), min(t for t in ticks if t >= max(ends))
        return {
            "title": title,
            "scale": alt.Scale(type="log", domain=[low, high], nice=False),
            "axis": alt.Axis(format="~g", values=[tick for tick in ticks if low <= tick <= high]),
        }

    x = alt.X("call:Q", **axis("time of a call (ms, log scale)", "call"))
    y = alt.Y("stall:Q", **axis("longest stall of another thread (ms, log scale)", "stall"))
    points = (
        alt.Chart(alt.InlineData(values=values))
        .mark_point(filled=True, size=80, opacity=0.85)
        .encode(
            x=x,
            y=y,
            color=_gil_colour(values),
            shape=alt.Shape("text:N", legend=alt.Legend(title="Input"), sort=["long text", "short text"]),
            tooltip=drawing.tooltips(
                contender="",
                binding="",
                text="",
                length="characters|,",
                gil="GIL",
                call="one call (ms)|.3g",
                stall="longest stall (ms)|.3g",
                progress="the other's progress",
            ),
        )
    )
    line = (
        alt.Chart(alt.InlineData(values=bend))
        .mark_line(strokeDash=[4, 4], opacity=0.7, color=COLOURS[6])
        .encode(x=x, y=y, tooltip=alt.value("a switch interval, or a call that takes longer"))
    )
    row, found = max(
        ((row, found) for size in ("long", "short") for row, found in _of_size(rows, size)),
        key=lambda each: stall(each[1]),
    )
    return Chart(
        "What becomes of another thread",
        alt.layer(line, points).properties(width=560, height=360).to_dict(),
        "The longest stall of another thread over the time of a call, for each contender. On the dashed line it stalls "
        "for a switch interval, or for as long as a call that takes longer. "
        f"The longest stall is {short_time(stall(found))}, beside "
        f"{row['contender']}.",
    )


QUESTION = Question("gil", 6, "Does it release the GIL?", measure, answer)

"""The core's roofline as pictures and tables: throughput over size, beside the speed of memory.

``python benches/criterion/roofline.py RUN.json DIRECTORY`` reads what the program ``roofline`` measured, and writes
``roofline.svg``, ``roofline.png`` and ``README.md`` there.
"""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import altair as alt
import click

from doubles_lab.report.chart import render

LIMIT, STREAMS = "read only", "read only, 4 streams"
WIDTH, HEIGHT = 460, 300
GREYS = {LIMIT: "#000000", STREAMS: "#777777"}
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#999933"]
SHORT = 1024
TABLE_SIZES = [16, 64, 1 << 10, 16 << 10, 64 << 10, 1 << 20, 8 << 20, 64 << 20, 1 << 30]

Point = dict[str, Any]


class Run:
    """A run of ``roofline``: the measured points, and what is asked of them."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.points: list[Point] = data["results"]
        self.backend: str = data["backend"]
        self.sizes = sorted({point["bytes"] for point in self.points})
        self._by_key = {(p["function"], p["implementation"], p["bytes"]): p for p in self.points}

    def nanoseconds(self, function: str, implementation: str, size: int) -> float | None:
        """The median time of a call in ns; ``None`` where it was not measured."""
        point = self._by_key.get((function, implementation, size))
        return None if point is None else float(point["ns"])

    def ratio(self, of: tuple[str, str], to: tuple[str, str], size: int) -> float | None:
        """How many times as fast ``of`` is as ``to``, both as (function, implementation)."""
        fast, slow = self.nanoseconds(*of, size), self.nanoseconds(*to, size)
        return None if fast is None or slow is None else slow / fast

    def about(self) -> str:
        date = datetime.datetime.fromtimestamp(self.data["date"], datetime.timezone.utc).date()
        caches = ", ".join(f"L{c['level']} {size_name(c['bytes'])}" for c in self.data["caches"])
        cpu = self.data["cpu"] or "unknown CPU"
        return f"{cpu} ({caches or 'caches unknown'}); backend {self.backend}; {self.data['rustc']}; {date}"


def size_name(size: int) -> str:
    """A number of bytes, in the largest binary unit that divides it."""
    for power, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if size >= 1 << power:
            return f"{size / (1 << power):g} {unit}"
    return f"{size} B"


def lines(run: Run, wanted: Iterable[tuple[str, str, str]], smallest: int = 1) -> Iterator[Point]:
    """The points of the wanted lines, each as (label, function, implementation)."""
    for label, function, implementation in wanted:
        for size in run.sizes:
            time = run.nanoseconds(function, implementation, size)
            if time is not None and size >= smallest:
                yield {"line": label, "bytes": size, "ns": time, "rate": size / time}


def backends(run: Run) -> list[str]:
    """The backends that were measured, the fastest first: only they count 2-byte elements."""
    return list(dict.fromkeys(p["implementation"] for p in run.points if p["function"] == "u16"))


def panel(run: Run, title: str, wanted: list[tuple[str, str, str]]) -> alt.LayerChart:
    """Throughput over size, log by log, with the sizes of the caches marked."""
    limits = [("read only (the limit)", "bytes", LIMIT), ("read only, in 4 places", "bytes", STREAMS)]
    values = list(lines(run, [*limits, *wanted], smallest=16))
    names = [label for label, _, _ in [*limits, *wanted]]
    colours = [*GREYS.values(), *COLOURS][: len(names)]
    x = alt.X(
        "bytes:Q",
        scale=alt.Scale(type="log", base=2),
        title="bytes (log scale)",
        axis=alt.Axis(values=[1 << power for power in range(4, 31, 4)], labelExpr=SIZE_LABELS, grid=False),
    )
    drawn = (
        alt.Chart(alt.InlineData(values=values))
        .mark_line(point=alt.OverlayMarkDef(size=14))
        .encode(
            x=x,
            y=alt.Y("rate:Q", scale=alt.Scale(type="log"), title="GB/s (log scale)", axis=alt.Axis(format="~g")),
            color=alt.Color("line:N", scale=alt.Scale(domain=names, range=colours), legend=legend()),
            strokeDash=alt.condition(
                alt.FieldOneOfPredicate(field="line", oneOf=names[:2]), alt.value([5, 3]), alt.value([1, 0])
            ),
        )
    )
    marks = [{"bytes": c["bytes"], "name": f"L{c['level']}"} for c in run.data["caches"]]
    rules = alt.Chart(alt.InlineData(values=marks)).mark_rule(color="#bbbbbb").encode(x="bytes:Q")
    labels = rules.mark_text(align="left", dx=3, dy=8, baseline="top", color="#666666").encode(
        text="name:N", y=alt.value(0)
    )
    layers: alt.LayerChart = alt.layer(rules, labels, drawn).properties(title=title, width=WIDTH, height=HEIGHT)
    return layers


SIZE_LABELS = (
    "datum.value >= 1073741824 ? datum.value/1073741824 + ' GiB'"
    " : datum.value >= 1048576 ? datum.value/1048576 + ' MiB'"
    " : datum.value >= 1024 ? datum.value/1024 + ' KiB' : datum.value + ' B'"
)


def legend() -> alt.Legend:
    return alt.Legend(title=None, orient="bottom", columns=2, labelLimit=260)


def short_panel(run: Run) -> alt.Chart:
    """What a call costs on short input."""
    wanted = [
        ("count_bytes", "bytes", "count_bytes"),
        ("bytecount::count", "bytes", "bytecount::count"),
        ("memchr_iter().count()", "bytes", "memchr_iter().count()"),
        ("article's byte loop", "bytes", "article's byte loop"),
    ]
    values = [point for point in lines(run, wanted) if point["bytes"] <= SHORT]
    names = [label for label, _, _ in wanted]
    drawn: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_line(point=True)
        .encode(
            x=alt.X(
                "bytes:Q",
                scale=alt.Scale(type="log", base=2),
                title="bytes (log scale)",
                axis=alt.Axis(labelExpr=SIZE_LABELS, grid=False),
            ),
            y=alt.Y("ns:Q", scale=alt.Scale(type="log"), title="ns a call (log scale)", axis=alt.Axis(format="~g")),
            color=alt.Color("line:N", scale=alt.Scale(domain=names, range=COLOURS[: len(names)]), legend=legend()),
        )
        .properties(title="Short input: what a call costs", width=WIDTH, height=HEIGHT)
    )
    return drawn


def chart(run: Run) -> alt.VConcatChart:
    """The four panels."""
    best = run.backend
    of_bytes = [(f"bytes, {name}", "bytes", name) for name in backends(run)]
    peers = ["bytecount::count", "memchr_iter().count()", "article's byte loop"]
    of_bytes += [(name, "bytes", name) for name in peers]
    widths = [(f"{width}, {best}", width, best) for width in ("bytes", "u16", "u32", "u64")]
    scripts = ["chars, ASCII", "chars, Cyrillic", "chars, Chinese"]
    of_chars = [(f"{script}, {best}", script, best) for script in scripts]
    of_chars += [(f"{script}, article's loop", script, "article's char loop") for script in scripts]
    of_chars += [("bytecount::num_chars", "bytes", "bytecount::num_chars")]
    title = alt.TitleParams(
        "How fast doubles are counted, beside the speed of memory", subtitle=run.about(), anchor="start", fontSize=16
    )
    top = alt.hconcat(panel(run, "Bytes", of_bytes), panel(run, "Elements", widths)).resolve_scale(color="independent")
    bottom = alt.hconcat(panel(run, "UTF-8 by character", of_chars), short_panel(run)).resolve_scale(
        color="independent"
    )
    drawn: alt.VConcatChart = (
        alt.vconcat(top, bottom)
        .resolve_scale(color="independent")
        .properties(title=title, background="white", padding=16)
        .configure_view(stroke="#dddddd")
        .configure_axis(gridColor="#eeeeee")
    )
    return drawn


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    cells = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)


def shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def readme(run: Run) -> str:
    """The tables of a run, as a page."""
    sizes = [size for size in TABLE_SIZES if size in run.sizes]
    head = [size_name(size) for size in sizes]
    best = run.backend

    def rates() -> Iterator[list[str]]:
        keys = dict.fromkeys((p["function"], p["implementation"]) for p in run.points)
        for function, implementation in keys:
            times = [(size, run.nanoseconds(function, implementation, size)) for size in sizes]
            yield [f"{function}: {implementation}"] + [shown(size / time if time else None) for size, time in times]

    def limits() -> Iterator[list[str]]:
        for function in ("bytes", "u16", "u32", "u64", "chars, ASCII", "chars, Cyrillic", "chars, Chinese"):
            for name in backends(run):
                ratios = [run.ratio((function, name), ("bytes", LIMIT), size) for size in sizes]
                yield [f"{function}: {name}"] + [shown(ratio) for ratio in ratios]
        for name in (STREAMS, "bytecount::count", "bytecount::num_chars", "memchr_iter().count()"):
            yield [name] + [shown(run.ratio(("bytes", name), ("bytes", LIMIT), size)) for size in sizes]

    def peers() -> Iterator[list[str]]:
        pairs = [
            (("bytes", "count_bytes"), ("bytes", "bytecount::count")),
            (("bytes", "count_bytes"), ("bytes", "memchr_iter().count()")),
            (("bytes", "count_bytes"), ("bytes", "article's byte loop")),
            (("bytes", "sse2"), ("bytes", "article's byte loop")),
            (("chars, ASCII", best), ("bytes", best)),
        ]
        scripts = ("chars, ASCII", "chars, Cyrillic", "chars, Chinese")
        pairs += [((script, best), (script, "article's char loop")) for script in scripts]
        for of, to in pairs:
            yield [f"{': '.join(of)} / {': '.join(to)}"] + [shown(run.ratio(of, to, size)) for size in sizes]

    return f"""# Roofline

{run.about()}.

Made by `make roofline`: one run, in which every line takes its turn in each round, in an order shuffled anew. All
figures are of medians over the rounds. The limit is a loop that only ors the same memory together, through the widest
registers, in order and without prefetching; beyond the caches it is no limit to what reads in four places at a time.

![Throughput over size](roofline.svg)

## As parts of the limit

{table(["", *head], limits())}

## Times as fast

{table(["", *head], peers())}

## GB/s

{table(["", *head], rates())}
"""


@click.command()
@click.argument("run_file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def main(run_file: Path, directory: Path) -> None:
    """Draws what ``roofline`` measured."""
    run = Run(json.loads(run_file.read_text("utf-8")))
    directory.mkdir(parents=True, exist_ok=True)
    svg, png = render(chart(run).to_dict())
    (directory / "roofline.svg").write_text(svg, "utf-8")
    (directory / "roofline.png").write_bytes(png)
    (directory / "README.md").write_text(readme(run), "utf-8")
    if run_file.parent != directory:
        shutil.copy(run_file, directory / "roofline.json")
    for name in ("roofline.svg", "roofline.png", "README.md"):
        click.echo(str(directory / name))


if __name__ == "__main__":
    main()

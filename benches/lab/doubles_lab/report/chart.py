"""A bar for each contender, on a log scale: who wins, at a glance."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt

from doubles_lab.measure import selfcheck
from doubles_lab.report.table import UNITS, setting, why
from doubles_lab.report.terminal import visible
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Record
from doubles_lab.results.verdict import Verdict, number, sentence

ROW_HEIGHT = 21
WIDTH = 760
#: Characters in a line of the subtitle.
SUBTITLE_LENGTH = 150
#: More at the left: where the SVG is shown, names may be in a wider font than the one that they were measured in.
PADDING = {"left": 36, "top": 16, "right": 16, "bottom": 16}
GREY, RED = "#8a8a8a", "#b3261e"
#: One colour for each binding, in the order in which they come; colour-blind readers can tell the first eight apart.
COLOURS = [
    *["#d55e00", "#e69f00", "#0072b2", "#56b4e9", "#009e73", "#cc79a7", "#7a5195", "#999933"],
    *["#8c564b", "#00808a", "#b5309a", "#444444"],
]
BINDINGS = ["PyO3", "rust-cpython", "Numba", "NumPy", "Cython", "SWIG", "re", "none", "C by hand", "ctypes", "pybind11"]
#: Bindings that have the colour of another, which is much like them.
ALIKE = {
    "PyO3, abi3": "PyO3",
    "pyo3-ffi": "C by hand",
    "cffi, ABI mode": "ctypes",
    "cffi, API mode": "ctypes",
    "nanobind": "pybind11",
}


def short_time(seconds: float) -> str:
    """A time with three significant digits, in the unit that suits it."""
    unit = next((unit for unit in UNITS if seconds >= unit.seconds), UNITS[-1])
    value = seconds / unit.seconds
    return f"{value:#.3g}".rstrip(".") + f" {unit.name}" if value < 999.5 else f"{value:,.0f} {unit.name}"


def chart(case: CaseRecord, found: list[Verdict], result: Record) -> alt.LayerChart:
    """The chart of one case: bars for what was timed, pale where not ranked, and the reason for what was not."""
    # Speed, so that the longer bar is the better one: characters a second, or calls where there are none.
    length = case.length.get(case.reference, 0)
    speeds = [(length or 1) / v.time.value for v in found if v.time] or [1.0]
    low = min(speeds) / 1.6
    high = max(speeds) * 1.05
    # Room at the right for the labels, which stand beside the bars.
    top = high * max(high / low, 4) ** 0.45
    values = [_mark(v, length or 1, low, result.baseline) for v in found]
    bindings = sorted({value["binding"] for value in values}, key=rank_of)
    source = alt.InlineData(values=values)
    row = alt.Y("contender:N", sort=None, title=None, axis=alt.Axis(labelLimit=320, ticks=False, domain=False))
    scale = alt.Scale(type="log", domain=[low, top], nice=False)
    axis = alt.Axis(
        grid=True,
        format="~s",
        values=_ticks(low, high),
        title=f"{case.reference if length else 'calls'} a second (log scale: longer is faster)",
    )
    bars = (
        alt.Chart(source)
        .transform_filter("isValid(datum.speed)")
        .mark_bar(height={"band": 0.72}, cornerRadiusEnd=2)
        .encode(
            y=row,
            x=alt.X("speed:Q", scale=scale, axis=axis),
            x2="floor:Q",
            color=alt.Color(
                "binding:N",
                scale=alt.Scale(domain=[*bindings], range=[colour_of(binding) for binding in bindings]),
                legend=alt.Legend(
                    title="What lies between Python and the loop", orient="top", columns=8, symbolLimit=0
                ),
            ),
            opacity=alt.condition("datum.ranked", alt.value(1.0), alt.value(0.3)),
            tooltip=["contender:N", "time:N", "language:N", "access:N", "origin:N"],
        )
    )
    whiskers = (
        alt.Chart(source)
        .transform_filter("isValid(datum.low) && datum.ranked")
        .mark_rule(strokeWidth=1.5, color="#222")
        .encode(y=row, x=alt.X("low:Q", scale=scale), x2="high:Q")
    )
    labels = (
        alt.Chart(source)
        .mark_text(align="left", dx=7, fontSize=11.5, limit=520)
        .encode(
            y=row,
            x=alt.X("end:Q", scale=scale),
            text="label:N",
            color=alt.Color("ink:N", scale=None),
        )
    )
    winner = labels.transform_filter("datum.winner").mark_text(
        align="left", dx=7, fontSize=12.5, fontWeight="bold", limit=520
    )
    others = labels.transform_filter("!datum.winner")
    checked = selfcheck.examine(case, result.seed)
    doubt = [] if checked is None or checked.trustworthy else selfcheck.sentences(checked)
    title = alt.TitleParams(
        f"{case.name}: {case.about}",
        subtitle=[
            part
            for line in (sentence(found, result.baseline), *doubt, setting(result)[0], _key(found, result.baseline))
            for part in textwrap.wrap(line, SUBTITLE_LENGTH)
        ],
        anchor="start",
        fontSize=16,
        subtitleFontSize=12,
        subtitlePadding=6,
        offset=14,
    )
    drawn: alt.LayerChart = (
        alt.layer(bars, whiskers, others, winner)
        .properties(width=WIDTH, height=alt.Step(ROW_HEIGHT), title=title, background="white", padding=PADDING)
        .configure_axis(labelFontSize=12, titleFontSize=12, gridColor="#e6e6e6", titleFontWeight="normal")
        .configure_view(stroke=None)
        .configure_legend(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", titleLimit=400)
    )
    return drawn


def _key(found: list[Verdict], baseline: str) -> str:
    """What stands beside the bars."""
    times = f" · times as fast as {baseline}" if any(v.speedup for v in found) else ""
    return f"Beside each bar: median time of a call{times}. Lines: 95 % intervals."


def _mark(v: Verdict, length: int, low: float, baseline: str) -> dict[str, Any]:
    mark: dict[str, Any] = {
        "contender": v.row.contender,
        "binding": v.row.binding,
        "language": v.row.language,
        "access": v.row.access,
        "origin": v.row.origin,
        "ranked": v.rank is not None,
        "winner": v.rank == 1,
        "floor": low,
        "end": low,
        "ink": "#222" if v.rank else RED if v.row.status in (record.WRONG, record.FAILED) else GREY,
    }
    reason = why(v.row.status, v.row.reason, v.row.found, v.row.expected)
    if v.time is None:
        mark["label"] = reason
        return mark
    mark.update(speed=length / v.time.value, low=length / v.time.high, high=length / v.time.low)
    mark["end"] = mark["high"]
    mark["time"] = short_time(v.time.value)
    parts = [mark["time"]]
    if v.rank is None:
        parts.append(f"not ranked: {reason}")
    elif v.speedup is not None and v.row.contender != baseline:
        parts.append(f"{number(v.speedup.value)}×")
    if v.row.prepared:
        parts.append(v.row.access)
    mark["label"] = " · ".join(parts)
    return mark


def rank_of(binding: str) -> tuple[int, str]:
    """The order of bindings: as listed, each with those like it, then by name."""
    like = ALIKE.get(binding, binding)
    return (BINDINGS.index(like) if like in BINDINGS else len(BINDINGS), binding)


def colour_of(binding: str) -> str:
    """The colour of a binding; those that are not listed share the last."""
    return COLOURS[rank_of(binding)[0]]


def _ticks(low: float, high: float) -> list[float]:
    powers = [10.0**power for power in range(-6, 16)]
    ticks = [power for power in powers if low <= power <= high * 1.01]
    return ticks or [low * 1.6]


def render(drawn: alt.LayerChart | alt.VConcatChart) -> tuple[str, bytes]:
    """The chart as SVG and as PNG. Needs no browser and no network; about two seconds."""
    import vl_convert

    svg = svg_of(drawn.to_dict())
    return svg, bytes(vl_convert.svg_to_png(svg, scale=2.0))


def svg_of(spec: dict[str, Any]) -> str:
    """A Vega-Lite specification as SVG."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_letters(spec)))


def _letters(value: Any) -> Any:
    """A specification without what no SVG can hold: control characters and halves of surrogate pairs."""
    if isinstance(value, dict):
        return {visible(key): _letters(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_letters(each) for each in value]
    return visible(value) if isinstance(value, str) else value

"""The race on one case as a chart: a bar for each contender, on a log scale. One specification for page, SVG and PNG.

The page sets the width, the theme, the filter, and the parameters ``logScale`` and ``narrow``; :func:`picture` sets
what a file needs that stands alone.
"""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt

from doubles_lab.measure import selfcheck
from doubles_lab.questions.answer import Chart
from doubles_lab.report.table import LEADS, LEADS_MEANS, PREPARED, bounded, interval, setting, short_time, why
from doubles_lab.report.terminal import visible
from doubles_lab.results.record import CaseRecord, Record
from doubles_lab.results.verdict import Verdict, number, sentence

ROW_HEIGHT = 22
#: Of a picture: its width, and the characters in a line above it.
WIDTH, LINE = 860, 150
#: More at the left: where the SVG is shown, names may be in a wider font than the one that they were measured in.
PADDING = {"left": 36, "top": 16, "right": 16, "bottom": 16}
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


def race_chart(case: CaseRecord, found: list[Verdict], baseline: str, alone: bool = False) -> Chart | None:
    """The chart of one case; ``None`` if it has no contenders.

    Bars for what was timed, pale where it is not ranked; beside them the time, or the reason for what was not. With
    ``alone`` nothing bounds the width, so that texts need not be cut.
    """
    length = case.length.get(case.reference, 0)
    marks = [_mark(v, length or 1, baseline) for v in found]
    if not marks:
        return None
    bindings = sorted({str(mark["binding"]) for mark in marks if "speed" in mark}, key=rank_of)
    row = alt.Y("contender:N", sort=None, title=None, axis=alt.Axis(labelLimit=320, ticks=False, domain=False))
    # Speed, so that the longer bar is the better one: characters a second, or calls where there are none.
    room = alt.Scale(type="log", nice=False, range=[0, {"expr": "max(60, width - (narrow ? 66 : 160))"}])
    # Ticks at powers of ten alone, where there are several.
    decades = "log(domain('x')[1] / domain('x')[0]) / LN10"
    ticks = {"expr": f"{decades} >= 2 ? min(8, 0.999 * {decades}) : 10"}
    axis = alt.Axis(
        format="~s", tickCount=ticks, title=f"{case.reference if length else 'calls'} a second: longer is faster"
    )
    titles = {
        "contender": "Contender",
        "time": "Time of a call",
        "interval": "95 % interval",
        "times": f"Times as fast as {baseline}",
        "throughput": "GB/s",
        "counts": "Counts",
        "language": "Language",
        "binding": "Binding",
        "access": "Takes",
        "tags": "Tags",
        "origin": "Origin",
        "place": "Place",
    }
    tooltip = [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]
    base = (
        alt.Chart(alt.InlineData(values=marks))
        .transform_joinaggregate(least="min(speed)")
        .transform_calculate(floor="logScale ? datum.least / 1.6 : 0", beside="narrow ? datum.short : datum.label")
    )
    timed = base.transform_filter("isValid(datum.speed)")
    pale = alt.condition("datum.ranked", alt.value(1.0), alt.value(0.35))
    bars = timed.mark_bar(height={"band": 0.7}, cornerRadiusEnd=2).encode(
        y=row,
        x=alt.X("speed:Q", scale=room, axis=axis),
        x2="floor:Q",
        color=alt.Color(
            "binding:N",
            scale=alt.Scale(domain=bindings, range=[colour_of(binding) for binding in bindings]),
            legend=alt.Legend(title="Between Python and the loop", orient="top", symbolLimit=0),
        ),
        opacity=pale,
        tooltip=tooltip,
    )
    whiskers = (
        timed.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=1.5)
        .encode(y=row, x=alt.X("low:Q", scale=room), x2="high:Q", opacity=pale, tooltip=tooltip)
    )
    text = {"align": "left", "dx": 6, "fontSize": 11.5}
    labels = timed.mark_text(**text, limit={"expr": "alone ? 520 : narrow ? 60 : 154"}).encode(
        y=row, x=alt.X("end:Q", scale=room), text="beside:N"
    )
    reasons = (
        base.transform_filter("!isValid(datum.speed)")
        .mark_text(**text, limit={"expr": "alone ? 520 : max(60, width - 6)"})
        .encode(y=row, x=alt.value(0), text="beside:N")
    )
    settings = {"logScale": True, "narrow": False, "alone": alone}
    spec: dict[str, Any] = (
        alt.layer(bars, whiskers, labels, reasons)
        .add_params(*[alt.param(name, value=value) for name, value in settings.items()])
        .properties(height=alt.Step(ROW_HEIGHT))
        .to_dict()
    )
    return Chart(
        f"{case.name}: speed of each contender ({KEY})",
        spec,
        f"Bar chart of {len(marks)} contenders, fastest first. {sentence(found, baseline)} The table has every number.",
    )


#: What the marks of the chart mean.
KEY = (
    f"{LEADS_MEANS}; {PREPARED} is handed what was made beforehand; a line shows the 95 % interval, a pale bar is not "
    "ranked"
)


def _mark(v: Verdict, length: int, baseline: str) -> dict[str, Any]:
    row = v.row
    reason = "" if v.rank else why(row.status, row.reason, row.found, row.expected)
    mark: dict[str, Any] = {
        "contender": row.contender,
        "times": interval(v.speedup) if v.speedup else "–",
        "throughput": number(v.throughput) if v.throughput else "–",
        "counts": row.unit,
        "language": row.language,
        "binding": row.binding,
        "access": row.access,
        "tags": ", ".join(row.tags) or "–",
        "origin": row.origin,
        "place": str(v.rank) if v.rank else f"not ranked: {reason}",
        "ranked": v.rank is not None,
        "label": reason,
        "short": row.status,
    }
    if v.time is None:
        return mark
    mark["time"] = mark["short"] = short_time(v.time.value)
    mark["speed"] = mark["end"] = length / v.time.value
    if bounded(v.time):
        mark["interval"] = f"{short_time(v.time.low)} to {short_time(v.time.high)}"
        mark["low"], mark["high"] = length / v.time.high, length / v.time.low
        mark["end"] = mark["high"]
    label = (f"{LEADS} " if v.leading else "") + mark["time"]
    if v.rank is None:
        label += f" · not ranked: {reason}"
    elif v.speedup is not None and row.contender != baseline:
        label += f" · {number(v.speedup.value)}×"
    mark["label"] = label + (PREPARED if row.prepared else "")
    return mark


def rank_of(binding: str) -> tuple[int, str]:
    """The order of bindings: as listed, each with those like it, then by name."""
    like = ALIKE.get(binding, binding)
    return (BINDINGS.index(like) if like in BINDINGS else len(BINDINGS), binding)


def colour_of(binding: str) -> str:
    """The colour of a binding; those that are not listed share the last."""
    return COLOURS[rank_of(binding)[0]]


def picture(case: CaseRecord, found: list[Verdict], result: Record) -> dict[str, Any]:
    """The chart of one case as a file has it, which stands alone: with what came of it, and where it was measured."""
    drawn = race_chart(case, found, result.baseline, alone=True)
    assert drawn is not None, "a case without contenders"
    checked = selfcheck.examine(case, result.seed)
    said = [sentence(found, result.baseline), *(selfcheck.sentences(checked) if checked else []), setting(result)[0]]
    beside = f"Beside each bar: time of a call, and how many times as fast as {result.baseline} it is. {KEY}."
    words = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        **drawn.spec,
        "width": WIDTH,
        "padding": PADDING,
        "background": "white",
        "title": {
            "text": f"{case.name}: {case.about}",
            "subtitle": [part for line in (*said, beside) for part in textwrap.wrap(line, LINE)],
            "anchor": "start",
            "fontSize": 16,
            "subtitleFontSize": 12,
            "subtitlePadding": 6,
            "offset": 14,
        },
        "config": {
            "axis": {**words, "gridColor": "#e6e6e6"},
            "legend": {**words, "titleLimit": 400, "columns": 8},
            "view": {"stroke": None},
        },
    }


def render(spec: dict[str, Any]) -> tuple[str, bytes]:
    """A specification as SVG and as PNG. Needs no browser and no network; about two seconds."""
    import vl_convert

    svg = svg_of(spec)
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

"""The race on one case as a chart for the page: a bar for each contender that was timed, with its numbers on hover.

The page sets the width, the theme, the filter, and the parameters ``logScale`` and ``narrow``.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from doubles_lab.questions.answer import Chart
from doubles_lab.report.chart import colour_of, rank_of, short_time
from doubles_lab.report.table import interval, why
from doubles_lab.results.record import CaseRecord
from doubles_lab.results.verdict import Verdict, number, sentence

ROW_HEIGHT = 22


def race_chart(case: CaseRecord, found: list[Verdict], baseline: str) -> Chart | None:
    """The chart of one case; ``None`` if nothing was timed."""
    length = case.length.get(case.reference, 0)
    marks = [_mark(v, length or 1, baseline) for v in found if v.time]
    if not marks:
        return None
    what = case.reference if length else "calls"
    bindings = sorted({str(mark["binding"]) for mark in marks}, key=rank_of)
    row = alt.Y("contender:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False))
    scale = alt.Scale(type="log", nice=False, range=[0, {"expr": "max(60, width - (narrow ? 66 : 150))"}])
    axis = alt.Axis(format="~s", title=f"{what} a second: longer is faster")
    tooltip = [
        alt.Tooltip(f"{field}:N", title=title)
        for field, title in {
            "contender": "Contender",
            "time": "Median of a call",
            "interval": "95 % interval",
            "times": f"Times as fast as {baseline}",
            "throughput": "GB/s",
            "counts": "Counts",
            "language": "Language",
            "binding": "Binding",
            "access": "Gets at the string",
            "tags": "Tags",
            "origin": "Origin",
            "place": "Place",
        }.items()
    ]
    base = (
        alt.Chart(alt.InlineData(values=marks))
        .transform_joinaggregate(least="min(speed)")
        .transform_calculate(floor="logScale ? datum.least / 1.6 : 0", beside="narrow ? datum.time : datum.label")
    )
    pale = alt.condition("datum.ranked", alt.value(1.0), alt.value(0.35))
    bars = base.mark_bar(height={"band": 0.7}, cornerRadiusEnd=2).encode(
        y=row,
        x=alt.X("speed:Q", scale=scale, axis=axis),
        x2="floor:Q",
        color=alt.Color(
            "binding:N",
            scale=alt.Scale(domain=bindings, range=[colour_of(binding) for binding in bindings]),
            legend=alt.Legend(title="Between Python and the loop", orient="top", symbolLimit=0),
        ),
        opacity=pale,
        tooltip=tooltip,
    )
    whiskers = base.mark_rule(strokeWidth=1.5).encode(
        y=row, x=alt.X("low:Q", scale=scale), x2="high:Q", opacity=pale, tooltip=tooltip
    )
    labels = base.mark_text(align="left", dx=6, fontSize=11.5).encode(
        y=row, x=alt.X("high:Q", scale=scale), text="beside:N"
    )
    spec: dict[str, Any] = (
        alt.layer(bars, whiskers, labels)
        .add_params(alt.param("logScale", value=True), alt.param("narrow", value=False))
        .properties(height=alt.Step(ROW_HEIGHT))
        .to_dict()
    )
    return Chart(
        f"{case.name}: speed of each contender; a line shows the 95 % interval, a pale bar is not ranked",
        spec,
        f"Bar chart of {len(marks)} contenders, fastest first. {sentence(found, baseline)} The table has every number.",
    )


def _mark(v: Verdict, length: int, baseline: str) -> dict[str, Any]:
    assert v.time is not None
    time = short_time(v.time.value)
    times = interval(v.speedup) if v.speedup else "–"
    compared = v.rank and v.speedup and v.row.contender != baseline
    return {
        "contender": v.row.contender,
        "time": time,
        "interval": f"{short_time(v.time.low)} to {short_time(v.time.high)}",
        "times": times,
        "throughput": number(v.throughput) if v.throughput else "–",
        "counts": v.row.unit,
        "language": v.row.language,
        "binding": v.row.binding,
        "access": v.row.access,
        "tags": ", ".join(v.row.tags) or "–",
        "origin": v.row.origin,
        "place": str(v.rank)
        if v.rank
        else f"not ranked: {why(v.row.status, v.row.reason, v.row.found, v.row.expected)}",
        "ranked": v.rank is not None,
        "speed": length / v.time.value,
        "low": length / v.time.high,
        "high": length / v.time.low,
        "label": f"{time} · {number(v.speedup.value)}×" if compared and v.speedup else time,
    }

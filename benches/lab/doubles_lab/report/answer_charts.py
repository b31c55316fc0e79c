"""The charts of the questions about calls and sizes. Colours of ink and background are left to whoever shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from doubles_lab.questions.answer import Chart
from doubles_lab.report import drawing
from doubles_lab.report.chart import colour_of, rank_of
from doubles_lab.results.verdict import number

WIDTH = 640
Values = list[dict[str, Any]]


def _binding(values: Values) -> alt.Color:
    """The colour of a binding, as in the race."""
    bindings = sorted({value["binding"] for value in values}, key=rank_of)
    return alt.Color(
        "binding:N",
        title="Binding",
        scale=alt.Scale(domain=bindings, range=[colour_of(name) for name in bindings]),
    )


def parts(values: Values, names: Sequence[str], title: str) -> Chart:
    """A bar for each function, of the parts of its call."""
    functions = list(dict.fromkeys(value["function"] for value in values))
    drawn = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            y=drawing.rows("function", functions, limit=320),
            x=alt.X("ns:Q", stack="zero", title="ns per call"),
            color=alt.Color(
                "part:N",
                title=None,
                sort=list(names),
                scale=alt.Scale(domain=list(names), range=["#0072b2", "#56b4e9", "#e69f00", "#009e73"]),
                legend=alt.Legend(orient="top"),
            ),
            order=alt.Order("order:Q"),
            tooltip=drawing.tooltips(function="Function", part="Part", shown="ns [95 % interval]"),
        )
        .properties(width=WIDTH, height=alt.Step(20))
    )
    totals = {name: sum(value["ns"] for value in values if value["function"] == name) for name in functions}
    text = "; ".join(f"{name}: {total:.0f} ns" for name, total in totals.items())
    return Chart(title, drawn.to_dict(), f"Bars of the parts of a call. In all, {text}.")


def fixed(values: Values) -> Chart:
    """A point for each contender, with its interval, on a log scale."""
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=drawing.rows("contender", None, limit=320),
        color=_binding(values),
        tooltip=drawing.tooltips(contender="Contender", binding="Binding", shown="ns [95 % interval]"),
    )
    rules = drawing.intervals(base)
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=drawing.log_x("ns", "ns before the first character")
    )
    drawn = alt.layer(rules, points).properties(width=WIDTH, height=alt.Step(18))
    text = "; ".join(f"{value['contender']} {value['shown']}" for value in values)
    return Chart(
        "What a call costs before the first character", drawn.to_dict(), f"ns with 95 % intervals, least first: {text}."
    )


def residuals(values: Values) -> Chart:
    """What the measured times are over the lines, by size."""
    drawn = (
        alt.Chart(alt.InlineData(values=values))
        .mark_line(point=True, opacity=0.7)
        .encode(
            x=alt.X("characters:Q", scale=alt.Scale(type="log"), title="characters (log scale)", axis=_si()),
            y=alt.Y("off:Q", title="measured time beyond the line", axis=alt.Axis(format="+.0%")),
            color=_binding(values),
            detail="contender:N",
            tooltip=drawing.tooltips(contender="Contender", characters="Characters|,", off="Beyond the line|+.1%"),
        )
        .properties(width=WIDTH, height=300)
    )
    worst = max(values, key=lambda value: abs(value["off"]), default=None)
    text = "For each contender and size, how far the measured time is from the line."
    if worst is not None:
        text += f" The farthest: {worst['contender']} at {worst['characters']:,} characters, {worst['off']:+.0%}."
    return Chart("What the lines leave over", drawn.to_dict(), text)


def times(values: Values, unit: str = "characters", title: str = "Time of a call over size") -> Chart:
    """The time of a call over size, on log scales; the fastest of each binding stand out."""
    drawn = (
        alt.Chart(alt.InlineData(values=values))
        .mark_line(point=alt.OverlayMarkDef(size=18))
        .encode(
            x=alt.X("characters:Q", scale=alt.Scale(type="log"), title=f"{unit} (log scale)", axis=_si()),
            y=alt.Y("seconds:Q", scale=alt.Scale(type="log"), title="seconds per call (log scale)", axis=_si()),
            color=_binding(values),
            detail="contender:N",
            opacity=alt.condition("datum.main", alt.value(1.0), alt.value(0.25)),
            tooltip=drawing.tooltips(
                contender="Contender", binding="Binding", characters=f"{unit.capitalize()}|,", time="Time of a call"
            ),
        )
        .properties(width=WIDTH, height=420)
    )
    last: dict[str, dict[str, Any]] = {}
    for value in values:
        if value["main"]:
            last[value["contender"]] = value
    text = "; ".join(f"{name} {value['time']} at {value['characters']:,}" for name, value in last.items())
    return Chart(
        title,
        drawn.to_dict(),
        f"A line for each contender, on log scales. At its largest size: {text}.",
    )


def matrix(cells: Values, names: Sequence[str]) -> Chart:
    """Who overtakes whom, from which size on."""
    base = alt.Chart(alt.InlineData(values=cells)).encode(
        y=alt.Y("row:N", sort=list(names), title="this one", axis=alt.Axis(labelLimit=320)),
        x=alt.X("column:N", sort=list(names), title="leads this one", axis=alt.Axis(labelLimit=320, labelAngle=-40)),
        tooltip=drawing.tooltips(row="Contender", column="Leads", when="Characters"),
    )
    squares = base.mark_rect(opacity=0.35).encode(
        color=alt.Color(
            "size:Q",
            scale=alt.Scale(type="log", scheme="viridis"),
            title="from characters",
            legend=alt.Legend(format="~s"),
        )
    )
    drawn = alt.layer(squares, base.mark_text(fontSize=10).encode(text="label:N")).properties(
        width=alt.Step(64), height=alt.Step(24)
    )
    text = "; ".join(f"{cell['row']} leads {cell['column']}: {cell['when']}" for cell in cells)
    return Chart("From which size on one leads another", drawn.to_dict(), text + ".")


def _si() -> alt.Axis:
    return alt.Axis(format="~s")


def conversions(values: Values, kinds: Sequence[str], count: int) -> list[Chart]:
    """Two heat maps, of types by approaches: what taking a value costs in its cheapest form, and returning one."""
    found = []
    for direction, verb in (("take", "Taking"), ("return", "Returning")):
        of = [value for value in values if value["direction"] == direction]
        for value in of:
            value["label"] = number(value["ns"])
        base = alt.Chart(alt.InlineData(values=of)).encode(
            y=alt.Y("type:N", sort=list(kinds), title=None, axis=alt.Axis(ticks=False, domain=False)),
            x=alt.X("approach:N", title=None, axis=alt.Axis(orient="top", labelAngle=-35, ticks=False, domain=False)),
            tooltip=[
                alt.Tooltip("type:N", title="Type"),
                alt.Tooltip("approach:N", title="Approach"),
                alt.Tooltip("label:N", title="ns a value"),
                alt.Tooltip("taken:N", title="Taken as"),
            ],
        )
        squares = base.mark_rect(opacity=0.4).encode(
            color=alt.Color(
                "ns:Q",
                scale=alt.Scale(type="log", scheme="viridis", reverse=True),
                title="ns a value",
                legend=alt.Legend(format=".2~g"),
            )
        )
        drawn = alt.layer(squares, base.mark_text(fontSize=11).encode(text="label:N")).properties(
            width=alt.Step(72), height=alt.Step(26)
        )
        text = "; ".join(f"{value['type']} by {value['approach']} {value['label']}" for value in of)
        title = f"{verb} a value, in ns, where there are {count:,}; each approach in its cheapest form"
        found.append(Chart(title, drawn.to_dict(), f"Heat map of types by approaches, ns a value: {text}."))
    return found

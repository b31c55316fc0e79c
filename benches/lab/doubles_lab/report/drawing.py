"""What the charts of the questions share. Colours of ink and background are left to whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt


def rows(field: str, order: Sequence[str] | None, limit: int = 240, **axis: Any) -> alt.Y:
    """A row for each name, in this order: the names need no title."""
    return alt.Y(f"{field}:N", sort=order, title=None, axis=alt.Axis(labelLimit=limit, **axis))


def colour(field: str, of: Mapping[str, str], **legend: Any) -> alt.Color:
    """The colour of each kind, with a legend above the chart."""
    scale = alt.Scale(domain=[*of], range=[*of.values()])
    return alt.Color(f"{field}:N", scale=scale, legend=alt.Legend(title=None, orient="top", **legend))


def log_x(field: str, title: str) -> alt.X:
    """A number along a log scale."""
    scale, axis = alt.Scale(type="log"), alt.Axis(format="~g")
    return alt.X(f"{field}:Q", title=f"{title} (log scale)", scale=scale, axis=axis)


def intervals(base: alt.Chart, width: float = 2, **more: Any) -> alt.Chart:
    """A line from ``low`` to ``high``, along a log scale."""
    x = alt.X("low:Q", scale=alt.Scale(type="log"))
    drawn: alt.Chart = base.mark_rule(strokeWidth=width, opacity=0.6).encode(x=x, x2="high:Q", **more)
    return drawn


def tooltips(**titles: str) -> list[alt.Tooltip]:
    """What is shown of a mark: fields with their titles, "" for the field's name.

    ``"title|format"`` is of a number.
    """
    shown = []
    for field, told in titles.items():
        title, number, form = told.partition("|")
        more: dict[str, Any] = {**({"title": title} if title else {}), **({"format": form} if form else {})}
        shown.append(alt.Tooltip(f"{field}:{'Q' if number else 'N'}", **more))
    return shown

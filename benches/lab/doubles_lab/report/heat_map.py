"""The heat map of the atlas: problems by approaches, how many times as fast as plain Python each one is.

One specification for the page and for files. A file is drawn for a light or for a dark page, wide or for a telephone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import altair as alt

from doubles_lab.atlas.cells import (
    ABSENT,
    FAILED,
    MEANINGS,
    MEASURED,
    UNAVAILABLE,
    UNMEASURED,
    Atlas,
    Line,
    Square,
    title,
)
from doubles_lab.measure.statistics import Estimate
from doubles_lab.questions.answer import Chart
from doubles_lab.report.document import Cell, Column, Table
from doubles_lab.report.table import LEADS, PREPARED, bounded, interval, setting
from doubles_lab.report.theme import SERIES, SHADES
from doubles_lab.results.verdict import number

#: Which shade a speedup has, by the first bound that it is below; what is not told from 1 by its interval is ALIKE.
SLOWER, ALIKE = ("under half", "slower"), "alike"
BOUNDS = ((0.5, "under half"), (1.0, "slower"), (2.0, "to 2"), (5.0, "to 5"), (20.0, "to 20"), (100.0, "to 100"))
BEYOND = "over 100"
#: What stands in a cell without a speedup.
SIGNS = {FAILED: "×", UNAVAILABLE: "?", UNMEASURED: "…", ABSENT: "·"}
#: What the shades mean, in the order of the legend.
LEGEND = {
    "under half": "slower: under ½×",
    "slower": "slower than plain Python",
    "alike": "no difference",
    "to 2": "up to 2×",
    "to 5": "up to 5×",
    "to 20": "up to 20×",
    "to 100": "up to 100×",
    "over 100": "over 100×",
}
#: Characters of an interval that a cell has room for.
LONGEST = 12
#: Around what leads, and the colours that depend on the theme.
EDGE = "#444444"
COLOURS = SERIES | {pair[0]: pair for pair in SHADES.values()}
#: A picture has the approaches of this share of the problems; what is rarer is in the table and in the page.
SHARE = 1 / 4
#: What the heat map is called.
TITLE = "How many times as fast as plain Python"


@dataclass(frozen=True)
class Layout:
    """The measures of a picture, in pixels."""

    width: int
    height: int
    font: float
    #: Whether the name of a row stands above its cells, and no interval is shown.
    narrow: bool = False


WIDE = Layout(62, 36, 12.5)
NARROW = Layout(25, 40, 9.5, narrow=True)


def shade(speedup: Estimate) -> str:
    """The shade of a speedup."""
    if bounded(speedup) and speedup.low <= 1 <= speedup.high:
        return ALIKE
    return next((name for bound, name in BOUNDS if speedup.value < bound), BEYOND)


def key() -> str:
    """What the signs of the heat map mean."""
    signs = "; ".join(f"{SIGNS[status]} {MEANINGS[status]}" for status in (FAILED, UNAVAILABLE, UNMEASURED, ABSENT))
    taken = f"{PREPARED} takes what was made of the input beforehand"
    return f"{LEADS} not shown to be slower than the fastest; {taken}; {signs}"


def brief(value: float) -> str:
    """A speedup for a narrow cell."""
    if value < 1:
        return number(value)
    if value < 99.5:
        return f"{value:.2g}"
    if value < 999.5:
        return f"{value:.0f}"
    return f"{value / 1000:.1f}k" if value < 9950 else f"{value / 1000:.0f}k"


def squares_of(atlas: Atlas) -> list[dict[str, Any]]:
    """The data of the cells."""
    return [cell_data(line, line.square(name)) for line in atlas.lines for name in atlas.approaches]


def cell_data(line: Line, square: Square) -> dict[str, Any]:
    """The data of one cell."""
    data: dict[str, Any] = {
        "problem": line.entry.name,
        "approach": title(square.approach),
        "shape": line.entry.shape,
        "input": line.case.name,
        "href": f"#{anchor(line)}",
        "label": SIGNS.get(square.status, ""),
        "short": SIGNS.get(square.status, ""),
        "under": "",
        "all": "; ".join(f"{v.row.contender} {times(v.speedup)}" for v in square.found) or MEANINGS[ABSENT],
        "status": square.status,
    }
    if square.best is not None:
        data["contender"] = square.best.row.contender
        data["reason"] = square.best.row.reason
    speedup = square.speedup
    if speedup is not None and square.best is not None:
        mark = PREPARED if square.best.row.prepared else ""
        lead = f"{LEADS} " if square.leading else ""
        data |= {"shade": shade(speedup), "label": f"{lead}{number(speedup.value)}{mark}", "leading": square.leading}
        data |= {"short": brief(speedup.value), "times": interval(speedup)}
        if bounded(speedup):
            under = f"{number(speedup.low)}–{number(speedup.high)}"
            data["under"] = under if len(under) <= LONGEST else "uncertain"
    elif square.status == MEASURED:
        data["label"] = data["short"] = "timed"
    return data


def times(speedup: Estimate | None) -> str:
    """A speedup in a list."""
    return "–" if speedup is None else f"{interval(speedup)}×"


def anchor(line: Line) -> str:
    """The place of a problem in the page."""
    return f"problem-{line.entry.name}"


def chart(atlas: Atlas, layout: Layout = WIDE) -> Chart:
    """The heat map, in the colours of a light page."""
    values = squares_of(atlas)
    problems, columns = [line.entry.name for line in atlas.lines], list(map(title, atlas.approaches))
    labels = alt.Axis(orient="top", labelAngle=-90 if layout.narrow else -35, ticks=False, domain=False, labelPadding=6)
    names = alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=320)
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X(
            "approach:N", sort=columns, title=None, axis=labels, scale=alt.Scale(paddingInner=0.06, paddingOuter=0.0)
        ),
        y=alt.Y(
            "problem:N",
            sort=problems,
            title=None,
            axis=None if layout.narrow else names,
            scale=alt.Scale(paddingInner=0.45 if layout.narrow else 0.06, paddingOuter=0.25 if layout.narrow else 0.0),
        ),
        tooltip=[
            alt.Tooltip(f"{field}:N", title=told)
            for field, told in {
                "problem": "Problem",
                "shape": "Shape",
                "approach": "Approach",
                "contender": "Implementation",
                "times": "Times as fast",
                "input": "On",
                "reason": "Why not",
                "all": "All of this approach",
            }.items()
        ],
        href="href:N",
    )
    squares = (
        base.transform_filter("isValid(datum.shade)")
        .mark_rect(cornerRadius=2)
        .encode(
            color=alt.Color(
                "shade:N",
                scale=alt.Scale(domain=list(LEGEND), range=[SHADES[name][0] for name in LEGEND]),
                legend=legend(layout),
            )
        )
    )
    crossed = base.transform_filter(f"datum.status == '{FAILED}'").mark_rect(
        fillOpacity=0, stroke="#c0392b", strokeWidth=1.2, strokeDash=[3, 2], cornerRadius=2
    )
    leading = base.transform_filter("datum.leading === true").mark_rect(
        fillOpacity=0, stroke=EDGE, strokeWidth=2, cornerRadius=2
    )
    layers = [squares, crossed, leading]
    for test, weight in (("datum.leading === true", "bold"), ("datum.leading !== true", "normal")):
        texts = base.transform_filter(test)
        look = {"fontSize": layout.font, "dy": 0 if layout.narrow else -5, "fontWeight": weight}
        layers.append(texts.mark_text(**look).encode(text="short:N" if layout.narrow else "label:N"))
    if layout.narrow:
        row_names = base.transform_filter(alt.FieldEqualPredicate(equal=columns[0], field="approach")).mark_text(
            align="left", dx=-layout.width / 2, dy=-layout.height * 0.4, fontSize=layout.font + 2, fontWeight="bold"
        )
        layers.append(row_names.encode(text="problem:N"))
    else:
        layers.append(base.mark_text(fontSize=layout.font - 3.5, dy=9, opacity=0.75).encode(text="under:N"))
    drawn = alt.layer(*layers).properties(width=alt.Step(layout.width), height=alt.Step(layout.height))
    return Chart(f"{TITLE}, on the largest input", drawn.to_dict(), alternative(atlas))


def legend(layout: Layout) -> alt.Legend:
    """The legend, which says of each shade what it means."""
    words = " : ".join(f"datum.label == '{name}' ? '{text}'" for name, text in LEGEND.items())
    return alt.Legend(
        title=None,
        orient="bottom",
        direction="horizontal",
        labelExpr=f"{words} : ''",
        symbolType="square",
        symbolSize=140,
        columns=2 if layout.narrow else 4,
        labelLimit=200,
    )


def alternative(atlas: Atlas) -> str:
    """The heat map for those who cannot see it."""
    said = []
    for line in atlas.lines:
        found = [(title(name), square) for name in atlas.approaches if (square := line.square(name)).speedup]
        best = max(found, key=lambda each: each[1].speedup.value if each[1].speedup else 0.0, default=None)
        slower = [name for name, each in found if each.speedup and each.speedup.high < 1]
        if best is not None and best[1].speedup is not None:
            text = f"{line.entry.name}: at best {number(best[1].speedup.value)} times, {best[0]}"
            said.append(text + (f"; slower than plain Python: {', '.join(slower)}" if slower else ""))
    return f"Heat map of {len(atlas.lines)} problems by {len(atlas.approaches)} approaches. {'. '.join(said)}."


def picture(atlas: Atlas, layout: Layout = WIDE, dark: bool = False) -> dict[str, Any]:
    """The heat map as a file has it, which stands alone."""
    ink, quiet, page = ("#e7e9ec", "#a6adb8", "#14171c") if dark else ("#1b1e23", "#565c66", "#ffffff")
    atlas, rare = usual(atlas)
    spec = themed(chart(atlas, layout).spec, dark)
    said = [
        f"On the largest input of each problem; below each number its interval of 95 %. {LEADS} is not shown to be",
        f"slower than the fastest. {PREPARED} takes what was made of the input beforehand.",
    ]
    if layout.narrow:
        said = ["On the largest input of each problem. Framed: not shown to", "be slower than the fastest."]
    signs = "; ".join(f"{SIGNS[status]} {MEANINGS[status]}" for status in SIGNS if status in statuses(atlas))
    said += [signs[0].upper() + signs[1:]] if signs else []
    if rare and not layout.narrow:
        said.append(f"In the table alone, since few problems have them: {', '.join(map(title, rare))}.")
    said += [] if layout.narrow or not atlas.lines else [setting(atlas.lines[0].record)[0]]
    words = {"labelColor": ink, "titleColor": quiet, "labelFontSize": layout.font + (1.5 if layout.narrow else 0.5)}
    return {
        **spec,
        "padding": 8 if layout.narrow else 16,
        "background": page,
        "title": {
            "text": TITLE,
            "subtitle": said,
            "anchor": "start",
            "frame": "group" if layout.narrow else "bounds",
            "color": ink,
            "subtitleColor": quiet,
            "fontSize": 14 if layout.narrow else 17,
            "subtitleFontSize": 10 if layout.narrow else 12,
            "subtitlePadding": 6,
            "offset": 10,
        },
        "config": {
            "axis": words,
            "legend": words,
            "view": {"stroke": None},
            "text": {"color": ink},
        },
    }


def usual(atlas: Atlas) -> tuple[Atlas, list[str]]:
    """The atlas with the approaches that many problems have, and the names of the others."""
    least = SHARE * len(atlas.lines)
    rare = [name for name in atlas.approaches if sum(name in line.squares for line in atlas.lines) < least]
    return replace(atlas, approaches=tuple(name for name in atlas.approaches if name not in rare)), rare


def statuses(atlas: Atlas) -> set[str]:
    """What cells there are."""
    return {line.square(name).status for line in atlas.lines for name in atlas.approaches}


def themed(value: Any, dark: bool) -> Any:
    """A specification with the colours of a light or a dark page."""
    if isinstance(value, Mapping):
        return {name: themed(each, dark) for name, each in value.items()}
    if isinstance(value, list):
        return [themed(each, dark) for each in value]
    return COLOURS[value][dark] if isinstance(value, str) and value in COLOURS else value


def table(atlas: Atlas, link: Callable[[Line], str] = lambda line: "") -> Table:
    """The heat map as a table. ``link`` gives the address of a problem's section."""
    columns = [Column("Problem"), Column("Shape", style="quiet", room=3)]
    columns += [Column(title(name), number=True, room=min(3, 1 + p // 5)) for p, name in enumerate(atlas.approaches)]
    rows: list[Sequence[str]] = []
    for line in atlas.lines:
        cells = [Cell(line.entry.name, "strong", link=link(line), hint=line.entry.shows), Cell(line.entry.shape)]
        rows.append([*cells, *(table_cell(line, line.square(name), link) for name in atlas.approaches)])
    return Table(f"{TITLE}, on the largest input", columns, rows, notes=[key()], sortable=True)


def table_cell(line: Line, square: Square, link: Callable[[Line], str]) -> Cell:
    """A cell of the table."""
    speedup = square.speedup
    if speedup is None or square.best is None:
        hint = square.best.row.reason if square.best is not None else MEANINGS[ABSENT]
        style = "failed" if square.status == FAILED else "quiet"
        return Cell(SIGNS.get(square.status, "–"), style, value=-1, hint=hint)
    kind = shade(speedup)
    style = "bad" if kind in SLOWER else "quiet" if kind == ALIKE else "best" if square.leading else "good"
    mark = (f" {LEADS}" if square.leading else "") + PREPARED * square.best.row.prepared
    hint = f"{square.best.row.contender}: {interval(speedup)}"
    return Cell(number(speedup.value), style, mark, speedup.value, hint=hint, link=link(line))

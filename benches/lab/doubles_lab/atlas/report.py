"""The atlas as a report: for a terminal, as Markdown, as pictures and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from doubles_lab.atlas import conversions, costs, decisions
from doubles_lab.atlas.cells import Atlas
from doubles_lab.atlas.conversions import Conversions
from doubles_lab.report import document, heat_map
from doubles_lab.report.document import HEADING, Cell, Part, Picture
from doubles_lab.report.table import DEFINITIONS, setting
from doubles_lab.results.saved import write_whole

#: The pictures: the name of each, its layout and whether it is for a dark page.
PICTURES = {
    "heat-map": (heat_map.WIDE, False),
    "heat-map-dark": (heat_map.WIDE, True),
    "heat-map-narrow": (heat_map.NARROW, False),
    "heat-map-narrow-dark": (heat_map.NARROW, True),
}


def parts(atlas: Atlas, converted: Conversions | None) -> list[Part]:
    """All of it."""
    found = decisions.decisions(atlas)
    shown: list[Part] = [Cell("What it gains", HEADING), heat_map.table(atlas)]
    if found:
        shown += [Cell("What to choose", HEADING), decisions.answers(found), decisions.payoffs(atlas, found)]
    shown += [Cell("What it costs", HEADING), costs.table(atlas)]
    if converted is not None:
        shown += [Cell("What conversions cost", HEADING), *conversions.tables(converted)]
    dates = sorted(line.entry.date for line in atlas.lines)
    shown += [Cell(line, "quiet") for line in (*setting(atlas.lines[0].record), DEFINITIONS)]
    shown.append(Cell(f"Measured from {dates[0]} to {dates[-1]}.", "quiet"))
    for line in atlas.lines:
        if line.record.interrupted:
            shown.append(Cell(f"{line.entry.name} was interrupted: this is what had been measured.", "warning"))
    return shown


def markdown(atlas: Atlas, converted: Conversions | None, pictures: Sequence[str]) -> str:
    """All of it, with the file of a picture."""
    drawn = [Picture(heat_map.alternative(atlas), name) for name in pictures]
    page = '<a href="atlas.html">As one page</a>, whose cells lead to the race, the curve over size and the sources.'
    return f"# The atlas\n\n{page}\n\n{document.markdown([*drawn, *parts(atlas, converted)])}"


def write(atlas: Atlas, converted: Conversions | None, output: Path, root: Path) -> list[Path]:
    """Writes the report as Markdown, the pictures and the page, with sources from ``root``; returns their paths."""
    from doubles_lab.report import atlas_page, chart

    written: list[Path] = []

    def file(name: str, content: str | bytes) -> None:
        write_whole(output / name, content)
        written.append(output / name)

    for name, (layout, dark) in PICTURES.items():
        svg, png = chart.render(heat_map.picture(atlas, layout, dark))
        file(f"{name}.svg", svg)
        if name == "heat-map":
            file(f"{name}.png", png)
    file("README.md", markdown(atlas, converted, ["heat-map.svg"]))
    file("atlas.html", atlas_page.render(atlas, converted, output, root))
    return written

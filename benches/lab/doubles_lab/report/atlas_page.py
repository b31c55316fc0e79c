"""The page of an atlas: the heat map, whose cells lead to the race, the curve and the sources of a problem."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doubles_lab.atlas import conversions, costs, decisions
from doubles_lab.atlas.cells import Atlas, Line
from doubles_lab.atlas.conversions import Conversions
from doubles_lab.atlas.costs import files_of
from doubles_lab.cli.files import FINDINGS
from doubles_lab.folder import FILE
from doubles_lab.measure import selfcheck
from doubles_lab.questions.answer import Chart
from doubles_lab.report import answer_charts, divergences, heat_map
from doubles_lab.report.document import Table
from doubles_lab.report.page import Check, Plot, Race, contenders_of, filled, machine_of, race_of
from doubles_lab.report.table import definitions, setting, short_time
from doubles_lab.results import findings
from doubles_lab.results.findings import Findings
from doubles_lab.results.verdict import verdicts


@dataclass(frozen=True)
class Shown:
    """A source of a problem, as it was measured."""

    title: str
    text: str
    #: Why there is no text; "" if there is one.
    gone: str = ""


@dataclass
class Section:
    """A problem as the template takes it."""

    id: str
    line: Line
    #: The case of the heat map first.
    races: list[Race]
    curves: list[Plot]
    checks: list[Check]
    answers: list[str]
    sources: list[Shown]
    findings: Findings | None


@dataclass
class Page:
    """All that the template takes."""

    atlas: Atlas
    heat: Plot
    table: Table
    decisions: list[Table]
    costs: Table
    sections: list[Section] = field(default_factory=list)
    conversions: list[Table] = field(default_factory=list)
    conversion_plots: list[Plot] = field(default_factory=list)

    @property
    def plots(self) -> list[Plot]:
        """Every chart of the page."""
        found = [self.heat, *self.conversion_plots]
        for section in self.sections:
            found += [race.plot for race in section.races if race.plot is not None]
            found += section.curves
        return found


def render(atlas: Atlas, converted: Conversions | None, output: Path, root: Path) -> str:
    """The page of the atlas in a directory; ``root`` has the folders of its problems. Takes some seconds."""
    decided = decisions.decisions(atlas)
    page = Page(
        atlas,
        Plot("heat", heat_map.chart(atlas)),
        heat_map.table(atlas, link=lambda line: f"#{heat_map.anchor(line)}"),
        [decisions.answers(decided), decisions.payoffs(atlas, decided)] if decided else [],
        costs.table(atlas),
    )
    for line in atlas.lines:
        own = [each for each in decided if each.line is line]
        page.sections.append(section_of(line, own, output, root))
    if converted is not None:
        page.conversions = conversions.tables(converted)
        page.conversion_plots = [
            Plot(f"conversions-{place}", drawn) for place, drawn in enumerate(conversions.charts(converted))
        ]
    known: dict[str, dict[str, Any]] = {}
    for line in atlas.lines:
        known |= contenders_of(line.record)
    first = atlas.lines[0].record
    return filled(
        "atlas.html.j2",
        page.plots,
        known,
        page=page,
        machine=machine_of(first),
        setting=setting(first),
        divergences=divergences,
        definitions=definitions(first),
    )


def section_of(line: Line, decided: Sequence[decisions.Decision], output: Path, root: Path) -> Section:
    """The section of a problem."""
    name = heat_map.anchor(line)
    record = line.record
    races = [race_of(f"{name}-race", record, line.case, list(line.verdicts))]
    for place, case in enumerate(record.cases):
        if case is not line.case and any(row.timed for row in case.rows):
            other = race_of(f"{name}-race-{place}", record, case, verdicts(case, record.baseline, record.seed))
            races.append(Race(**{**vars(other), "plot": None}))
    checks = [Check(f.case, f.trustworthy, selfcheck.sentences(f)) for f in selfcheck.findings(record)]
    curves = [Plot(f"{name}-curve-{place}", curve(line, each)) for place, each in enumerate(decided)]
    file = output / f"{line.entry.name}{FINDINGS}"
    return Section(
        name,
        line,
        races,
        curves,
        checks,
        [f"{each.sizes.input}: {decisions.answer_text(each)}." for each in decided],
        sources_of(line, root / line.entry.folder),
        findings.read(file) if file.exists() else None,
    )


def curve(line: Line, decided: decisions.Decision) -> Chart:
    """The time over size of each implementation; those of the heat map stand out."""
    by_name = {case.name: case for case in line.record.cases}
    best = [square.best.row.contender for square in line.squares.values() if square.best is not None]
    main = {line.record.baseline, *best}
    values = [
        {
            "characters": size,
            "seconds": verdict.time.value,
            "time": short_time(verdict.time.value),
            "contender": verdict.row.contender,
            "binding": verdict.row.binding,
            "main": verdict.row.contender in main,
        }
        for size, name in decided.sizes.cases
        if size and name in by_name
        for verdict in verdicts(by_name[name], line.record.baseline, line.record.seed)
        if verdict.time is not None
    ]
    return answer_charts.times(values, "size", f"Time of a call over the size of {decided.sizes.input}")


def sources_of(line: Line, folder: Path) -> list[Shown]:
    """The sources of a problem, its own file with the reference first."""
    found = [Shown(f"{FILE}: the reference", text_of(folder / FILE))]
    for each in line.entry.sources:
        title = f"{each.file}: {each.lines} lines"
        if not (folder / each.file).exists() or costs.digest(folder, each.file) != each.sha256:
            found.append(Shown(title, "", "It has changed since it was measured."))
            continue
        texts = [(os.path.relpath(file, folder), text_of(file)) for file in files_of(folder, each.file)]
        joined = texts[0][1] if len(texts) == 1 else "\n".join(f"==> {name}\n{text}" for name, text in texts)
        found.append(Shown(title, joined))
    return found


def text_of(file: Path) -> str:
    """The text of a file; "" where it is gone."""
    return file.read_text(encoding="utf-8") if file.exists() else ""

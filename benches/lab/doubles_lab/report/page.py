"""Makes the page: one HTML file with its styles, its scripts and its data inside.

Text goes through the template, which escapes it. Data for the scripts is JSON in which no "<" is left. The page's
policy lets no script run but the two that are made here, by their hashes, and lets nothing be loaded.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any
from urllib.parse import quote

import altair
import jinja2
from markupsafe import Markup

from doubles_lab.folder import bundled
from doubles_lab.measure import selfcheck
from doubles_lab.questions.answer import Answer, Chart, Question
from doubles_lab.questions.explain import Explanation
from doubles_lab.report import cause, divergences
from doubles_lab.report.chart import race_chart
from doubles_lab.report.document import LONG, Cell, Table
from doubles_lab.report.table import definitions, size_line, tables
from doubles_lab.report.theme import SERIES
from doubles_lab.results.findings import Findings
from doubles_lab.results.record import CaseRecord, Record
from doubles_lab.results.verdict import Judged, Verdict, sentence

#: The facts of the machine that are shown first, and what they are called.
FACTS = {
    "cpu_model_name": "Processor",
    "cpu_count": "CPUs",
    "cpu_freq": "Frequency",
    "platform": "System",
    "python_version": "Python",
    "python_compiler": "Built by",
    "rustc_version": "Rust",
    "cc_version": "C compiler",
    "doubles_lab_version": "doubles-lab",
    "revision": "Revision",
}


@dataclass(frozen=True)
class Parts:
    """What the page shows beside the race."""

    answers: Sequence[tuple[Question, Answer]] = ()
    #: Where the answers come from.
    explanation: Explanation | None = None
    findings: Findings | None = None
    #: The saved result's name.
    result_name: str = "RESULT.json"
    #: Names of files that lie beside the page.
    files: Sequence[str] = ()


@dataclass(frozen=True)
class Plot:
    """A chart with its place in the page."""

    id: str
    chart: Chart


@dataclass(frozen=True)
class Race:
    """A case as the template takes it."""

    id: str
    case: CaseRecord
    size: str
    sentence: str
    #: How many contenders were left out, and why, a line for each cause.
    left_out: list[str]
    plot: Plot | None
    tables: list[Table]
    command: str


@dataclass(frozen=True)
class Asked:
    """A question's answer as the template takes it."""

    id: str
    question: Question
    answer: Answer
    plots: list[Plot]
    command: str


@dataclass
class Page:
    """All that the template takes."""

    result: Record
    parts: Parts
    races: list[Race] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def plots(self) -> list[Plot]:
        """Every chart of the page."""
        of_races = [race.plot for race in self.races if race.plot is not None]
        return of_races + [plot for asked in self.asked for plot in asked.plots]


def render(result: Record, judged: Judged, parts: Parts | None = None) -> str:
    """The page of a record. Takes some seconds and about 1 MB, most of it the charts' library."""
    page = arrange(result, judged, parts or Parts())
    return filled(
        "page.html.j2",
        page.plots,
        contenders_of(result),
        page=page,
        result=result,
        parts=page.parts,
        machine=machine_of(result),
        versions=versions_of(result),
        checks=self_checks(result),
        divergences=divergences,
        definitions=definitions(result),
    )


def filled(template: str, plots: Sequence[Plot], contenders: dict[str, dict[str, Any]], **more: Any) -> str:
    """A page from a template, with its charts and what its filter knows of the contenders."""
    library, script = bundle(), own("page.js")
    text: str = (
        environment()
        .get_template(template)
        .render(
            style=Markup(own("page.css")),
            library=Markup(library),
            script=Markup(script),
            data=Markup(as_data(data_of(plots, contenders))),
            policy=policy([library, script]),
            **more,
        )
    )
    # A name may hold half a surrogate pair, which no file can.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def arrange(result: Record, judged: Judged, parts: Parts) -> Page:
    """The record and the answers as the template takes them."""
    page = Page(result, parts)
    for place, case in enumerate(result.cases, 1):
        page.races.append(race_of(f"race-{place}", result, case, judged[case.name]))
    for question, answer in parts.answers:
        name = f"question-{question.number}"
        plots = [Plot(f"{name}-chart-{place}", chart) for place, chart in enumerate(answer.charts, 1)]
        page.asked.append(Asked(name, question, answer, plots, question_command(question, parts.explanation)))
    return page


def race_of(name: str, result: Record, case: CaseRecord, found: list[Verdict]) -> Race:
    """A case as the template takes it, whose place in the page has that name."""
    drawn = race_chart(case, found, result.baseline) if any(v.time for v in found) else None
    return Race(
        id=name,
        case=case,
        size=size_line(case),
        sentence=sentence(found, result.baseline),
        left_out=cause.sentences(case),
        plot=None if drawn is None else Plot(f"{name}-chart", drawn),
        tables=tables(found, result.baseline, selfcheck.examine(case, result.seed)),
        command=case_command(result, case),
    )


def case_command(result: Record, case: CaseRecord) -> str:
    """The command that races one case of a record again."""
    # A case is raced from a file if no case of the lab has that name.
    chosen = "--file" if case.about.startswith("the file ") else "--case"
    options = [chosen, case.name, "--processes", result.processes, "--rounds", case.rounds, "--seed", result.seed]
    # That of the lab needs no name; the folder of another one is usually called like it.
    folder = [result.problem] if result.problem not in ("", bundled().name) else []
    return shlex.join(["doubles-lab", "run", *folder, *map(str, options)])


def question_command(question: Question, explanation: Explanation | None) -> str:
    """The command that asked a question."""
    asked = "" if explanation is None else explanation.command_of(question.name)
    return asked or shlex.join(["doubles-lab", "explain", question.name])


def data_of(plots: Sequence[Plot], contenders: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What the scripts of a page take."""
    return {
        "charts": {plot.id: plot.chart.spec for plot in plots},
        "contenders": contenders,
        "series": SERIES,
    }


def contenders_of(result: Record) -> dict[str, dict[str, Any]]:
    """What the filter knows of each contender of a record."""
    return {
        row.contender: {
            "language": row.language,
            "binding": row.binding,
            "tags": row.tags,
            "words": " ".join([row.contender, row.language, row.binding, row.access, row.unit, *row.tags]).lower(),
        }
        for case in result.cases
        for row in case.rows
    }


def machine_of(result: Record) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The facts of the machine by what they are called: the first ones, and the rest."""
    first = [(label, str(result.machine[key])) for key, label in FACTS.items() if key in result.machine]
    rest = [(key.replace("_", " "), str(value)) for key, value in sorted(result.machine.items()) if key not in FACTS]
    return first, rest


def versions_of(result: Record) -> Table:
    """For each contender that has any: the versions of its packages, its flags, and what else it said of itself."""

    def listed(facts: dict[str, str]) -> str:
        return ", ".join(f"{name} {value}" for name, value in facts.items())

    rows = {row.contender: row for case in result.cases for row in case.rows}
    told = [
        (Cell(name, of=name), listed(row.versions), row.flags, listed(row.details))
        for name, row in rows.items()
        if row.versions or row.flags or row.details
    ]
    return Table("What each contender was made of", ("Contender", "Packages", "Flags", "Details"), told)


@dataclass(frozen=True)
class Check:
    """What the lab found when it measured itself on one case."""

    case: str
    passed: bool
    lines: list[str]


def self_checks(result: Record) -> list[Check]:
    """The lab's checks of itself that a record holds."""
    return [Check(found.case, found.trustworthy, selfcheck.sentences(found)) for found in selfcheck.findings(result)]


def environment() -> jinja2.Environment:
    """The templates, which escape every text that they are given."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("doubles_lab.report", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters.update(link=link)
    made.globals.update(long=LONG)
    return made


def link(name: str) -> str:
    """The address of a file that lies beside the page."""
    return "./" + quote(name.encode("utf-8", "surrogateescape"))


def as_data(data: dict[str, Any]) -> str:
    """JSON that may stand in a script element, whatever is in it."""
    text = json.dumps(finite(data), separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def finite(value: Any) -> Any:
    """The value with a null for each number that JSON does not have."""
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def own(name: str) -> str:
    """A file of this package."""
    return (resources.files("doubles_lab.report") / name).read_text(encoding="utf-8")


@functools.cache
def bundle() -> str:
    """The charts' library as one script: Vega-Embed, with Vega-Lite and Vega, of the version that Altair writes for."""
    import vl_convert

    version = ".".join(altair.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    known = vl_convert.get_vegalite_versions()
    text = str(
        vl_convert.javascript_bundle(
            "window.vegaEmbed = vegaEmbed;", vl_version=version if version in known else known[-1]
        )
    )
    # What would end the script element early has another way to write it within a string or a pattern.
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--").replace("\r", "")


def policy(scripts: Sequence[str]) -> str:
    """The content security policy: these scripts alone, styles of the page, and nothing from anywhere."""
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )

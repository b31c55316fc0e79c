"""What the documentation quotes: numbers of the recorded runs, and the files that it shows.

A page names what it wants in an HTML comment, and `make docs-numbers` writes it beneath, by cog (cogapp)::

    <!-- [[[cog say(f"The loop takes {time_of('python-zip')}.") ]]] -->
    The loop takes 28.1 ms.
    <!-- [[[end]]] -->

All that ``__all__`` lists can be called there; each says below what it gives. ``say``, ``show``, ``pins`` and what
ends in ``_table`` write lines, the others return texts. So the committed Markdown holds the text, and ``make
docs-numbers ARGS=--check`` fails where it is not what the runs and the files say. A page may also compute with them,
in a comment of several lines. Comments in text files (``# [[[cog … ]]]``) work as well.

The runs are those in ``docs/results``: the race and the answers in ``letters``, the problems in ``atlas``, the core in
``roofline``. Numbers
look as in the lab's own reports, whose functions make them.
"""

from __future__ import annotations

import html
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import click
from roofline import Run as Roofline

from doubles_lab import folder
from doubles_lab.atlas import cells, decisions
from doubles_lab.atlas.cells import Atlas, Line
from doubles_lab.measure import selfcheck
from doubles_lab.measure.statistics import Estimate
from doubles_lab.questions import curves, explain, payoff
from doubles_lab.questions.answer import Answer
from doubles_lab.questions.explain import Explanation
from doubles_lab.report import answer_text, document, heat_map, table
from doubles_lab.report.document import Table, escape
from doubles_lab.report.table import short_time
from doubles_lab.results import saved
from doubles_lab.results.record import Record
from doubles_lab.results.verdict import Judged, Verdict, judge, number

__all__ = [
    "alike",
    "answer_cell",
    "answer_sentence",
    "answer_setting",
    "answer_table",
    "atlas_answers",
    "atlas_best",
    "atlas_cell",
    "atlas_picture",
    "atlas_setting",
    "atlas_shape",
    "contender",
    "core_rate",
    "core_ratio",
    "core_setting",
    "faster",
    "from_size",
    "in_order",
    "minimum_rust",
    "pins",
    "race_setting",
    "race_table",
    "rate",
    "say",
    "show",
    "time_of",
    "times_as_fast",
    "version_of",
]

#: The repository, of which a page shows files and runs.
ROOT = Path(__file__).resolve().parents[1]
STEPS = ROOT / "docs/tutorial/steps"
LETTERS = ROOT / "docs/results/letters"
ATLAS = ROOT / "docs/results/atlas"
ROOFLINE = ROOT / "docs/results/roofline/roofline.json"
#: The pinned requirements, in the order in which a package is looked for.
PINNED = (
    "bindings/requirements.txt",
    "benches/lab/contenders.txt",
    "benches/lab/requirements.txt",
)
CASE = "article"
PARAGRAPH = textwrap.TextWrapper(120, break_long_words=False, break_on_hyphens=False)
ITEM = textwrap.TextWrapper(120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)

LANGUAGES = {
    ".c": "c",
    ".py": "python",
    ".pyi": "python",
    ".pyx": "cython",
    ".rs": "rust",
    ".sh": "shell",
    ".toml": "toml",
    ".txt": "text",
}
#: A line that begins a part of a file which is shown in parts; it is not shown itself.
PART = re.compile(r"^\s*(?:#|//) --- (?P<name>[\w -]+)$")
#: cog's own marks in a file that is itself spliced.
COG = re.compile(r"^\s*(?:#|//).*(?:\[\[\[cog.*\]\]\]|\[\[\[end\]\]\])")


def say(text: str) -> None:
    """Writes a paragraph, in lines as long as those of the pages. A table row, an item of a list and an empty line keep
    theirs."""
    for line in text.splitlines():
        filler = ITEM if line.startswith("- ") else PARAGRAPH
        print(line if line.startswith("|") or not line else filler.fill(line))


# Files


def show(name: str, part: str = "", first: str = "", last: str = "") -> None:
    """Writes a file as a block of code: one of a step of the tutorial (``"02-re/patterns.py"``), or of the repository.

    ``part`` takes the lines below ``# --- part`` (``// --- part`` in Rust) up to the next such line; ``first`` and
    ``last``     take the lines from one that begins with the one to the next that begins with the other, which is how
    to     quote code that must have no marks. Raises ``ValueError`` where there is no such part.
    """
    file = next((each for each in (STEPS / name, ROOT / name) if each.is_file()), None)
    if file is None:
        raise ValueError(f"no such file: {name}")
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not COG.match(line)]
    if part:
        lines = _part(lines, part, name)
    if first:
        lines = _between(lines, first, last, name)
    shown = [line for line in lines if not PART.match(line)]
    text = textwrap.dedent("\n".join(shown)).strip("\n")
    print(f"```{LANGUAGES.get(file.suffix, 'text')}\n{text}\n```")


def _part(lines: Sequence[str], part: str, name: str) -> list[str]:
    found: list[str] = []
    inside = seen = False
    for line in lines:
        mark = PART.match(line)
        if mark:
            inside = mark["name"] == part
            seen = seen or inside
        elif inside:
            found.append(line)
    if not seen:
        raise ValueError(f"{name} has no part {part!r}")
    return found


def _between(lines: Sequence[str], first: str, last: str, name: str) -> list[str]:
    begin = next((index for index, line in enumerate(lines) if line.startswith(first)), None)
    if begin is None:
        raise ValueError(f"{name} has no line that begins with {first!r}")
    if not last:
        return [lines[begin]]
    end = next(
        (index for index in range(begin, len(lines)) if lines[index].startswith(last)),
        None,
    )
    if end is None:
        raise ValueError(f"{name} has no line after that which begins with {last!r}")
    return list(lines[begin : end + 1])


# Versions


def pins(*packages: str) -> None:
    """Writes the lines of a requirements file that pin these packages to the versions that this repository has."""
    for package in packages:
        for requirement in _pinned(package):
            print(requirement)


@cache
def _pinned(package: str) -> tuple[str, ...]:
    for name in PINNED:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        found = tuple(line.rstrip(" \\") for line in lines if line.startswith(f"{package}=="))
        if found:
            # What this repository pins for older Pythons than the lab has.
            return tuple(line for line in found if not re.search(r"< '3\.[89]'|'3\.8\.\*'", line))
    raise ValueError(f"{package} is not pinned")


def version_of(crate: str) -> str:
    """The version of a crate that the workspace asks for, as its Cargo.toml has it."""
    for line in (ROOT / "Cargo.toml").read_text(encoding="utf-8").splitlines():
        found = re.match(rf'{crate} = (?:{{ version = )?"([^"]+)"', line)
        if found:
            return found[1]
    raise ValueError(f"the workspace has no crate {crate}")


def minimum_rust() -> str:
    """The oldest Rust that builds this repository."""
    return version_of("rust-version")


# The race


@cache
def _race() -> tuple[Record, Judged]:
    record = saved.read(LETTERS / "run.json")
    return record, judge(record)


def _verdict(name: str) -> Verdict:
    found = next((each for each in _race()[1][CASE] if each.row.contender == name), None)
    if found is None:
        raise ValueError(f"the recorded race has no contender {name}")
    return found


def time_of(name: str) -> str:
    """The time of a contender in the recorded race, with its unit: ``28.1 ms``."""
    time = _verdict(name).time
    if time is None:
        raise ValueError(f"{name} was not timed")
    return short_time(time.value)


def rate(name: str) -> str:
    """What a contender reads in a second in the recorded race: ``58.5 GB/s``."""
    throughput = _verdict(name).throughput
    if throughput is None:
        raise ValueError(f"{name} has no throughput")
    return f"{number(throughput)} GB/s"


def faster(name: str, than: str) -> str:
    """How many times as fast a contender is as another in the recorded race: ``15.3 [14.9–15.8]``."""
    return escape(table.interval(_ratio(name, than)))


def times_as_fast(name: str, than: str) -> str:
    """:func:`faster` without its interval, for a sentence that names several: ``15.3``."""
    return number(_ratio(name, than).value)


def _ratio(name: str, than: str) -> Estimate:
    found = selfcheck.case_levels(_race()[0].cases[0])
    return found[than].over(found[name])


def in_order(*names: str) -> None:
    """Raises ``ValueError`` unless each contender is faster than the next in the recorded race, by its whole interval.

    A sentence that says so stands below this, so that it does not outlive a run that says otherwise.
    """
    for one, two in zip(names, names[1:]):
        found = _ratio(one, two)
        if found.low <= 1:
            raise ValueError(f"a sentence has it that {one} is faster than {two}: it is {table.interval(found)} times")


def alike(one: str, two: str, within: float = 0.1) -> None:
    """Raises ``ValueError`` unless two contenders take the same time in the recorded race, but for a tenth."""
    found = _ratio(one, two)
    if not 1 - within < found.value < 1 + within:
        raise ValueError(f"a sentence has it that {one} is as fast as {two}: it is {table.interval(found)} times")


def contender(name: str, root: str = "../..") -> str:
    """A link to the file of a contender. ``root`` is where the repository is, from the page; pages of the tutorial need
    none."""
    return f"[{name}]({root}/{_files()[name].relative_to(ROOT)})"


@cache
def _files() -> dict[str, Path]:
    """The file of each contender, by its name: its source, or the one with the function that loads it."""
    home = folder.read(folder.bundled())
    return {
        each.name: home.path / each.source if each.load is None else Path(inspect.getfile(each.load))
        for each in home.implementations
    }


def race_table(*names: str, than: str = "python-zip") -> None:
    """Writes a table of contenders in the recorded race, in this order: time, times as fast, what they count."""
    rows = []
    for name in names:
        found = _verdict(name)
        if found.time is None:
            rows.append((name, "–", "–", found.row.reason))
        else:
            rows.append((name, time_of(name), table.interval(_ratio(name, than)), found.row.unit))
    columns = ("contender", "time", f"times as fast as {than}", "counts")
    print(document.markdown([Table("", columns, rows, (1, 2))]).rstrip())


def race_setting() -> str:
    """Where and when the recorded race was run, and on what: one line."""
    record, _ = _race()
    case = next(case for case in record.cases if case.name == CASE)
    return f"{table.setting(record)[0]}. The text: {case.about}; {table.size_line(case)}"


# The atlas


@cache
def _atlas() -> Atlas:
    return cells.read(ATLAS)


def _line(problem: str) -> Line:
    found = next((each for each in _atlas().lines if each.entry.name == problem), None)
    if found is None:
        raise ValueError(f"the recorded atlas has no problem {problem}")
    return found


def atlas_cell(problem: str, approach: str) -> str:
    """How many times as fast as plain Python an approach is on the largest input of a problem, with its interval."""
    speedup = _line(problem).square(approach).speedup
    if speedup is None:
        raise ValueError(f"the recorded atlas has no time of {approach} on {problem}")
    return escape(table.interval(speedup))


def atlas_best(problem: str) -> str:
    """How many times as fast as plain Python the best approach is on a problem's largest input, and which it is.

    Of what takes the input itself.
    """
    found = {
        each.approach: each.speedup.value
        for each in _line(problem).squares.values()
        if each.speedup is not None and each.best is not None and not each.best.row.prepared
    }
    best = max(found, key=lambda approach: found[approach])
    return f"at best {number(found[best])} times as fast, by {cells.title(best)}"


def atlas_shape(problem: str) -> str:
    """What goes into a problem of the atlas and what comes out, as annotations have it."""
    return _line(problem).entry.shape


def atlas_picture(root: str = "") -> None:
    """Writes the heat map as an HTML picture: for a light or a dark page, wide or narrow. ``root`` is where the
    repository is, from the page."""
    place = f"{root}docs/results/atlas/heat-map"
    dark, narrow = "(prefers-color-scheme: dark)", "(max-width: 600px)"
    print("<picture>")
    for media, end in ((f"{narrow} and {dark}", "-narrow-dark"), (narrow, "-narrow"), (dark, "-dark")):
        print(f'  <source media="{media}" srcset="{place}{end}.svg">')
    print(f'  <img src="{place}.svg" alt="{html.escape(heat_map.alternative(_atlas()))}">')
    print("</picture>")


def atlas_answers() -> None:
    """Writes what to choose by shape and size."""
    print(document.markdown([replace(decisions.answers(decisions.decisions(_atlas())), title="")]).rstrip())


def atlas_setting() -> str:
    """Where and when the atlas was measured, and on what: one line."""
    return f"{table.setting(_atlas().lines[0].record)[0]}."


# The answers


@cache
def _explanation() -> Explanation:
    found = explain.read(LETTERS / "run.explain.json")
    for data in found.data.values():
        if data.get(curves.KEY, {}).get("processes") == 1:
            by_rounds(data[curves.KEY])
    return found


def by_rounds(data: dict[str, Any]) -> None:
    """Takes each round of times over size for a process, where there was one process.

    So its intervals know nothing of how another process would differ. The pages that show them say so.
    """
    for contender in data["contenders"]:
        for point in contender["points"]:
            point["seconds"] = [[value] for group in point["seconds"] for value in group]


@cache
def _answer(question: str) -> Answer:
    found = next(each for each in explain.find_questions() if each.name == question)
    return found.answer(_explanation().data[question])


def answer_setting() -> str:
    """Where and when the recorded answers were measured, and on what: one line."""
    return answer_text.setting(_explanation())[0]


def answer_sentence(question: str) -> str:
    """What the recorded answers say to a question (``payoff``, ``strings``, ``gil`` …), in a few sentences."""
    return escape(_answer(question).sentence)


def _rows(question: str, title: str, wanted: str | Sequence[str]) -> Table:
    """A table with only the rows that have these texts among their cells."""
    tables = _answer(question).tables
    found = next((each for each in tables if each.title.startswith(title)), None)
    if found is None:
        raise ValueError(f"{question} has no table {title!r}: {[each.title for each in tables]}")
    texts = [wanted] if isinstance(wanted, str) else wanted
    # A contender that is handed something else than the str is marked there.
    rows = [row for row in found.rows if all(text in [cell.rstrip("†") for cell in row] for text in texts)]
    if not rows:
        raise ValueError(f"{found.title} has no row {wanted}")
    return replace(found, title="", rows=rows)


def answer_cell(
    question: str,
    title: str,
    row: str | Sequence[str],
    column: str,
    interval: bool = True,
) -> str:
    """One cell of a table of the recorded answers, by how its title begins, texts that are in its row, and its column.

    ``answer_cell("calls", "Timed directly", "PyO3 count_doubles", "ns per call")`` gives ``32.0 [31.1, 33.4]``;
    ``interval=False`` leaves the brackets out. Raises ``ValueError`` unless exactly one row fits.
    """
    found = _rows(question, title, row)
    if len(found.rows) != 1:
        raise ValueError(f"{len(found.rows)} rows of {title!r} have {row}")
    text = found.rows[0][[head.title for head in found.heads].index(column)]
    return escape(text if interval else re.sub(r" \[.*?\]", "", text))


def answer_table(
    question: str,
    title: str,
    rows: Sequence[str | Sequence[str]],
    columns: Sequence[str] | None = None,
) -> None:
    """Writes rows of a table of the recorded answers, in this order: each is named as in :func:`answer_cell`."""
    found = [_rows(question, title, row) for row in rows]
    heads = found[0].heads
    names = [head.title for head in heads]
    places = [names.index(column) for column in columns or names]
    body = [[row[place] for place in places] for each in found for row in each.rows]
    print(document.markdown([Table("", [heads[place] for place in places], body)]).rstrip())


@cache
def _curves() -> dict[str, curves.Measured]:
    return {each.name: each for each in curves.read(_explanation().data["payoff"][curves.KEY])}


def from_size(name: str, than: str) -> str:
    """The sizes, in characters, at which a contender leads another in the recorded answers: ``from 29 [21–38]``."""
    found = payoff.pair(_curves()[than], _curves()[name])
    if found is None:
        raise ValueError(f"{name} and {than} were not measured at one size")
    return escape(found.when(2))


# The core


@cache
def _roofline() -> Roofline:
    return Roofline(json.loads(ROOFLINE.read_text(encoding="utf-8")))


def core_setting() -> str:
    """Where and when the roofline was measured, and on what: one line."""
    return _roofline().about()


def core_rate(function: str, implementation: str, size: int) -> str:
    """What the core reads in a second in the recorded roofline: ``core_rate("bytes", "avx2", 1 << 20)``."""
    time = _roofline().nanoseconds(function, implementation, size)
    if time is None:
        raise ValueError(f"{function} by {implementation} was not measured on {size} bytes")
    return f"{number(size / time)} GB/s"


def core_ratio(function: str, implementation: str, than: str, size: int) -> str:
    """How many times as fast one implementation is as another in the recorded roofline: ``31``."""
    ratio = _roofline().ratio((function, implementation), (function, than), size)
    if ratio is None:
        raise ValueError(f"{function} by {implementation} or {than} was not measured on {size} bytes")
    return number(ratio)


# The command


def pages() -> list[Path]:
    """Every file of the documentation that quotes something."""
    # The steps first, which pages show.
    found = [
        *sorted(STEPS.rglob("*.txt")),
        ROOT / "README.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]
    return [file for file in found if quotes(file)]


def quotes(file: Path) -> bool:
    """Whether a file quotes something."""
    return "[[[cog" in file.read_text(encoding="utf-8")


def splice(files: Sequence[Path], check: bool) -> int:
    """Writes into each file what it quotes, or checks that it is there; returns cog's exit code."""
    from cogapp import Cog

    prologue = ["-p", "from quoting import *", "-P"]
    how = ["--check", "--diff"] if check else ["-r"]
    return int(Cog().main(["cog", *prologue, *how, *map(str, files)]) or 0)


@click.command()
@click.option(
    "--check",
    is_flag=True,
    help="Change nothing; fail where a file does not hold what it quotes.",
)
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def main(check: bool, files: tuple[Path, ...]) -> None:
    """Writes what the documentation quotes into it: all of it, or FILES."""
    if without := [file for file in files if not quotes(file)]:
        raise click.UsageError(f"{', '.join(map(str, without))} quotes nothing")
    sys.exit(splice(files or pages(), check))


if __name__ == "__main__":
    main()

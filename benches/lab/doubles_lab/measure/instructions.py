"""Counts the instructions that a call takes, by callgrind: a ranking without a clock, for machines that are never idle.

The counts hardly differ from run to run, whatever else the machine does. But they are no times: an instruction may wait
for memory or not, and valgrind offers programs an older CPU than the one it runs on, so that what chooses its
instructions by the CPU chooses others. Which backend ran is therefore shown, where a contender tells.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from doubles_lab.given import Given
from doubles_lab.implementation import Implementation
from doubles_lab.measure.at_once import Watcher, at_once
from doubles_lab.measure.building import build
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Process, Scratch
from doubles_lab.measure.race import Entry
from doubles_lab.measure.subject import Out, Subject, ended
from doubles_lab.report.document import HEADING, Cell, Part, Table
from doubles_lab.report.table import why
from doubles_lab.results import record
from doubles_lab.results.saved import first_line

#: The C function whose calls part the counts; see :meth:`doubles_lab.measure.worker.Worker.count_instructions`.
MARK = "getloadavg"
#: Characters that the calls of one count go through, about. Pure Python takes some hundred instructions for each.
CHARACTERS = 20_000
MOST_CALLS = 200

ABOUT = (
    "Instructions: of one call with the loop around it, counted by callgrind as the difference of N and 2 N calls in "
    "one process. Not times: some instructions wait for memory, and vector instructions do more than others. Valgrind "
    "offers programs a CPU of its own, without AVX-512 as of version 3.19, so a contender that chooses by the CPU may "
    "run another backend than in a race; Backend is the one that ran here, where the contender tells."
)


@dataclass(frozen=True)
class Count:
    """The instructions of one contender on one case."""

    case: str
    contender: str
    status: str
    #: A call's; ``None`` if they could not be counted, which ``reason`` says why.
    instructions: float | None
    #: For each character, or byte where the input is not text.
    per_character: float | None
    #: Over the count of the one with the fewest; ``None`` if it is not ranked.
    ratio: float | None
    #: N: calls that the difference holds.
    calls: int
    backend: str
    found: int | None
    expected: int | None
    reason: str


def calls_for(length: int) -> int:
    """How many calls to count on an input of so many characters."""
    return max(1, min(MOST_CALLS, CHARACTERS // max(1, length)))


def count(given: Given, contenders: Sequence[Implementation], limit: float, watcher: Watcher) -> list[Count]:
    """The counts of every contender on one input: ranked ones by count, then the rest.

    ``limit`` is in seconds, for one request under valgrind, which slows a program some fifty times. As many run at once
    as there are processors.
    """
    calls = calls_for(given.length)
    valgrind = shutil.which("valgrind")
    counted: dict[str, float] = {}
    with Scratch() as scratch:
        files = Files(scratch)
        entries = [Entry(Subject(contender), given, files) for contender in contenders]
        if valgrind is not None:
            build(contenders, limit, watcher)
            watcher.case(given.name, len(entries))

        def work(entry: Entry) -> None:
            def step(limit: float) -> None:
                counted[entry.name] = count_one(entry, calls, limit, valgrind)

            entry.attempt(step, limit)
            watcher.step()

        with ended(entry.subject for entry in entries):
            at_once(entries, work, "counting", watcher)
    ranked = [counted[e.name] for e in entries if e.row.status == record.RANKED and e.name in counted]
    fewest = min(ranked, default=None)

    def as_count(entry: Entry) -> Count:
        row, found = entry.row, counted.get(entry.name)
        return Count(
            case=given.name,
            contender=row.contender,
            status=row.status,
            instructions=found,
            per_character=None if found is None or not given.length else found / given.length,
            ratio=found / fewest if found and fewest and row.status == record.RANKED else None,
            calls=calls,
            backend=row.details.get("backend", ""),
            found=row.found,
            expected=row.expected,
            reason=row.reason,
        )

    order = [record.RANKED, record.APART, record.WRONG, record.FAILED, record.UNAVAILABLE, record.UNMEASURED]
    return sorted(map(as_count, entries), key=lambda c: (order.index(c.status), c.instructions or 0.0, c.contender))


def count_one(entry: Entry, calls: int, limit: float, valgrind: str | None) -> float:
    """The instructions of a contender's call. Raises :class:`Out` if they cannot be counted."""
    if valgrind is None:
        raise Out(record.UNAVAILABLE, "valgrind is not installed")
    with tempfile.TemporaryDirectory(prefix="doubles-lab-") as directory:
        out = Path(directory) / "counts"
        under = [
            valgrind,
            "--tool=callgrind",
            f"--callgrind-out-file={out}",
            f"--dump-before={MARK}",
            f"--log-file={Path(directory) / 'log'}",
        ]
        try:
            # Dicts and sets of strings are laid out alike each time.
            entry.subject.start(limit, lambda: Process(under, PYTHONHASHSEED="0"))
            entry.verify(limit)
            entry.check(entry.subject.ask("count_instructions", limit, calls=calls))
        except Out as end:
            raise Out(end.status, f"under valgrind it {end}" if str(end).startswith("crashed") else str(end)) from None
        finally:
            entry.subject.end()
        totals = [total_of(Path(f"{out}.{number}")) for number in (2, 3)]
    if None in totals:
        raise Out(record.UNAVAILABLE, "callgrind wrote no counts")
    once, twice = (total or 0 for total in totals)
    return (twice - once) / calls


def total_of(file: Path) -> int | None:
    """The instructions that a file of callgrind's tells; ``None`` if it tells none."""
    try:
        found = re.search(r"^totals: (\d+)", file.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    except OSError:
        return None
    return None if found is None else int(found[1])


COLUMNS = ("Contender", "Instructions", "Each character", "Ratio", "Backend", "Why not ranked")


def cells(each: Count) -> tuple[str, ...]:
    """A count as texts, one for each of ``COLUMNS``."""
    return (
        each.contender,
        "–" if each.instructions is None else f"{each.instructions:,.0f}",
        "–" if each.per_character is None else f"{each.per_character:,.3g}",
        "–" if each.ratio is None else f"{each.ratio:,.2f}",
        each.backend,
        "" if each.status == record.RANKED else why(each.status, each.reason, each.found, each.expected),
    )


def setting() -> str:
    """What the counts were made with."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return ", ".join(filter(None, [first_line(["valgrind", "--version"]), python, platform.machine()]))


def by_case(counts: Sequence[Count]) -> dict[str, list[Count]]:
    """The counts of each case."""
    found: dict[str, list[Count]] = {}
    for each in counts:
        found.setdefault(each.case, []).append(each)
    return found


def report(counts: Sequence[Count]) -> list[Part]:
    """The counts, a table for each case."""
    styles = {record.WRONG: "failed", record.FAILED: "bad", record.RANKED: ""}
    parts: list[Part] = []
    for case, of_case in by_case(counts).items():
        rows = [[Cell(cell, styles.get(each.status, "quiet")) for cell in cells(each)] for each in of_case]
        parts += [Cell(case, HEADING), Table("", COLUMNS, rows, (1, 2, 3))]
    return [*parts, Cell(f"{setting()}. {ABOUT}", "quiet")]


def as_json(counts: Sequence[Count]) -> str:
    """The counts as JSON, with what they were made with."""
    body = {"setting": setting(), "about": ABOUT, "counts": [asdict(each) for each in counts]}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"

"""Verdicts and what is made of them: table, Markdown, CSV, JSON, chart."""

from __future__ import annotations

import csv
import io
import json
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console
from test_saved import a_record, a_row

from doubles_lab.report import chart, exports, table
from doubles_lab.results import record
from doubles_lab.results.record import Record
from doubles_lab.results.verdict import judge, sentence, verdicts

HOSTILE = "[red]a|b*c_d<e>[/red]"


def a_mixed_record() -> Record:
    return a_record(
        a_row("slow", 2e-3),
        a_row("fast", 1e-6),
        a_row("nearly", 1.005e-6),
        a_row(HOSTILE, 5e-5, binding="mine"),
        a_row("bytewise", 5e-7, record.APART, found=2, reason="counts bytes, not characters"),
        a_row("liar", 1e-9, record.WRONG, found=7, reason="gives 7 and must give 3"),
        a_row("crasher", 1e-9, record.FAILED, found=None, runs=[], reason="crashed: SIGSEGV"),
        a_row("absent", 1e-9, record.UNAVAILABLE, found=None, runs=[], reason="no [bold]compiler[/bold]"),
        name=HOSTILE,
    )


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_the_table_fits_and_shows_names_letter_by_letter(width: int) -> None:
    console = Console(width=width, file=io.StringIO(), highlight=False)
    table.show(a_mixed_record(), judge(a_mixed_record()), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, text.splitlines())) <= width
    assert HOSTILE in text and "no [bold]compiler[/bold]" in " ".join(text.split())
    names = ["fast", "nearly", HOSTILE, "slow", "bytewise", "liar", "crasher", "absent"]
    # Each stands at the beginning of a row of a table, or after its place there.
    tables = text.partition("For this workload")[0]
    first = [word for line in tables.splitlines() for word in line.split()[:2]]
    assert [word for word in first if word in names] == names


def test_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(exports.as_csv(a_mixed_record(), judge(a_mixed_record())))))
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4", "", "", "", ""]
    assert rows[0]["time_ns"] == "1000.0" and rows[0]["samples"] == "6"
    assert rows[2]["contender"] == HOSTILE
    assert rows[5]["status"] == "wrong" and rows[5]["time_ns"] == ""


def test_json() -> None:
    data = json.loads(exports.as_json(a_mixed_record(), judge(a_mixed_record())))
    assert data["machine"]["cpu_count"] == 2 and data["baseline"] == "slow"
    assert [row["contender"] for row in data["rows"]][:2] == ["fast", "nearly"]


def test_markdown_escapes() -> None:
    text = exports.as_markdown(a_mixed_record(), judge(a_mixed_record()), {HOSTILE: "a.svg"})
    assert "\\[red\\]a\\|b\\*c\\_d\\<e\\>\\[/red\\]" in text
    assert "](a.svg)" in text
    for line in text.splitlines():
        if line.startswith("| "):
            assert line.replace("\\|", "").count("|") in (6, 9), line


def test_the_chart_s_files(tmp_path: Path) -> None:
    result = a_mixed_record()
    svg, png = chart.render(chart.picture(result.cases[0], judge(result)[result.cases[0].name], result))
    texts = "".join(ElementTree.fromstring(svg).itertext())
    for part in (
        "slow",
        "fast",
        "bytewise",
        HOSTILE,
        "not ranked: counts bytes",
        "wrong: gives 7",
        "SIGSEGV",
        "A CPU",
        "2026-01-01",
    ):
        assert part in texts, part
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert width > 800 and height > 300


@pytest.mark.parametrize("length", [0, 6])
def test_a_chart_of_one_bar_or_none(length: int) -> None:
    for row in (a_row("one", 1e-8), a_row("liar", 1.0, record.WRONG, reason="gives 7 and must give 3")):
        result = a_record(row)
        result.cases[0].length = {"characters": length, "bytes": length}
        svg, _ = chart.render(chart.picture(result.cases[0], judge(result)[result.cases[0].name], result))
        assert row.contender in svg


def test_what_was_made_beforehand_is_marked() -> None:
    result = a_record(a_row("slow", 1e-3), a_row("array", 1e-7, prepared=True, access="array already there"))
    found = verdicts(result.cases[0], "slow")
    said = sentence(found, "slow")
    assert said.startswith("For this workload, choose array (array already there), because")
    assert said.endswith("which is not timed; if you have the input itself, the fastest is slow.")
    console = Console(width=80, file=io.StringIO(), highlight=False)
    table.show(result, judge(result), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "array ●†" in text and "making them is not timed" in " ".join(text.split())


def test_one_process_alone_has_no_interval() -> None:
    alone = a_row("alone", 1e-6)
    alone.runs = alone.runs[:1]
    result = a_record(a_row("slow", 1e-3), alone)
    judged = judge(result)
    (row,) = [row for row in exports.rows(result, judged) if row["contender"] == "alone"]
    assert row["time_ns"] == pytest.approx(1000, rel=0.01) and row["low_ns"] is row["times_as_fast_high"] is None
    assert "inf" not in exports.as_markdown(result, judged) + exports.as_csv(result, judged)
    drawn = chart.race_chart(result.cases[0], judged["case"], "slow")
    assert drawn is not None and "Infinity" not in json.dumps(drawn.spec)

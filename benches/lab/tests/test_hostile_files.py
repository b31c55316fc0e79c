"""Result files and contender files are from others: whatever is in one is shown as text, or is a clear error."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from conftest import Lab, Plant
from hostile_files import (
    a_good_record,
    changed,
    explanation_is_text,
    findings_are_text,
    good_findings,
    hostile,
    packed,
    record_is_text,
    some_answers,
    unpacked,
    write,
)
from hypothesis import HealthCheck, given, settings
from msgspec import structs
from page_made_up import a_hostile_record
from rich.console import Console
from rich.text import Text
from test_page import Tree, every
from test_saved import a_record, a_row

from doubles_lab.questions.explain import dumps
from doubles_lab.report import document, exports, terminal
from doubles_lab.report.page import render
from doubles_lab.results import saved
from doubles_lab.results.verdict import judge

RECORDED = Path(__file__).parents[3] / "docs" / "results" / "letters"
GOOD = a_good_record()
few = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(hostile(GOOD))
def test_a_record_is_text_or_an_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    record_is_text(write(tmp_path_factory.getbasetemp() / "record.json", text))


@few
@given(hostile(good_findings()))
def test_findings_are_text_or_an_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    findings_are_text(write(tmp_path_factory.getbasetemp() / "findings.json", text))


@few
@given(hostile(some_answers(RECORDED / "run.explain.json", largest=100_000)))
def test_answers_are_text_or_an_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    explanation_is_text(write(tmp_path_factory.getbasetemp() / "explain.json", text))


ROW = ("metadata", saved.KEY, "cases", 0, "rows", 0)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ((*ROW, "found"), "many", "`int | null`, got `str`"),
        ((*ROW, "found"), 10**400, "too large a number"),
        ((*ROW, "found"), float("nan"), "NaN"),
        ((*ROW, "status"), "best", "ranked"),
        ((*ROW, "contender"), 7, "`str`, got `int`"),
        ((*ROW, "reason"), None, "`str`, got `null`"),
        ((*ROW, "reason"), "x" * 50_000, "length <= 20000"),
        ((*ROW, "extra"), 1, "extra"),
        (("metadata", saved.KEY, "seed"), -1, ">= 0"),
        (("metadata", saved.KEY, "cases", 0, "selfcheck"), {"contender": "a"}, "`slowdown`"),
        (("benchmarks", 0, "runs", 0, "values", 0), float("inf"), "Infinity"),
        (("benchmarks", 0, "runs", 0, "values", 0), 1e300, "<= 10000000"),
    ],
)
def test_what_no_run_saves_is_refused(tmp_path: Path, path: tuple[object, ...], value: object, said: str) -> None:
    file = write(tmp_path / "a.json", packed(changed(unpacked(GOOD), path, value)))
    with pytest.raises(saved.NotAResult, match=said):
        saved.read(file)


def test_names_that_are_there_twice_are_refused(tmp_path: Path) -> None:
    body = unpacked(GOOD)
    body["metadata"][saved.KEY]["cases"] *= 2
    with pytest.raises(saved.NotAResult, match="twice"):
        saved.read(write(tmp_path / "a.json", packed(body)))
    with pytest.raises(saved.NotAResult, match="twice"):
        saved.read(write(tmp_path / "a.json", GOOD.replace('{"', '{"version": "1.0", "', 1)))


def test_deep_nesting_and_devices_are_refused(tmp_path: Path, lab: Lab) -> None:
    deep = write(tmp_path / "deep.json", "[" * 1_000_000)
    os.mkfifo(tmp_path / "pipe")
    for file in (deep, tmp_path / "pipe", Path("/dev/zero")):
        for arguments in (("report", file), ("compare", file, file), ("explain", "--show", file)):
            done = lab(*arguments, timeout=20)
            assert (done.returncode, done.stdout) == (4, ""), done
            assert str(file) in done.stderr.replace("\n", "")


def test_what_the_lab_recorded_itself_is_read(tmp_path: Path) -> None:
    record_is_text(RECORDED / "run.json")
    saved.read(RECORDED / "run.json")
    for half in (a_record(a_row("slow", 1e-3, reason="half a pair: \ud800")), a_hostile_record()):
        saved.save(half, tmp_path / "a.json")
        again = saved.read(tmp_path / "a.json")
        for row, kept in zip(half.cases[0].rows, again.cases[0].rows):
            assert kept == (row if row.timed else structs.replace(row, runs=[]))


def test_a_terminal_is_told_nothing() -> None:
    out = io.StringIO()
    text = "a\x1b[2J\x07b\r\u202ec\ud800\n"
    terminal.Terminal(file=out, highlight=False, force_terminal=True).print(Text(text, "red"))
    assert out.getvalue().replace("\x1b[31m", "").replace("\x1b[0m", "") == "a\\x1b[2Jb\\u202ec\\ud800\n\n"
    plain = io.StringIO()
    Console(file=plain, highlight=False).print(Text(text.replace("\ud800", "")))
    assert "\x1b[2J" in plain.getvalue(), "rich lets nothing through itself any more: then there is less to do here"


def test_a_spreadsheet_works_nothing_out() -> None:
    result = a_record(a_row("=1+1", 1e-3, access="@SUM(A1)", origin="+1", reason="-1"))
    (row,) = csv.DictReader(io.StringIO(exports.as_csv(result, judge(result))))
    assert [row[key] for key in ("contender", "access", "origin", "reason")] == ["'=1+1", "'@SUM(A1)", "'+1", "'-1"]


def test_markdown_is_one_line_of_text() -> None:
    shown = document.escape("a|b\n# c http://x.org www.x.org a@b.c <i>$x$</i> &lt; \x1b")
    assert shown == ("a\\|b \\# c http\\://x.org www\\.x.org a\\@b.c \\<i\\>\\$x\\$\\</i\\> \\&lt; \\\\x1b")


def test_the_page_of_a_hostile_file_has_the_elements_of_a_harmless_one(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    saved.save(a_hostile_record(), file)
    hostile_page = render(result := saved.read(file), judge(result))
    for case in result.cases:
        case.name = case.about = "plain"
        for number, row in enumerate(case.rows):
            row.contender = row.reason = f"plain-{number}"
            row.access = row.origin = "plain"
    harmless_page = render(result, judge(result))
    tags = [sorted(element.tag for element in every(Tree(page).root)) for page in (hostile_page, harmless_page)]
    assert tags[0] == tags[1]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise SystemExit(0)", "SystemExit"),
        ("IMPLEMENTATIONS = 7", "TypeError"),
        ("IMPLEMENTATIONS = [contender('a', right, access=7)]", "access is a str"),
        ("IMPLEMENTATIONS = [contender('a', right, unit='characters')]", "unit is a Unit"),
        ("IMPLEMENTATIONS = [contender('a', right, tags='best')]", "tags are a tuple"),
        ("IMPLEMENTATIONS = [contender('a\\x1b[2J', right)]", "one word"),
        ("IMPLEMENTATIONS = [contender('a', right, access='x' * 5000)]", "at most 1,000"),
    ],
)
def test_a_contender_file_that_is_wrong_is_a_row(lab: Lab, plant: Plant, source: str, said: str) -> None:
    done = lab("list", "--contenders", plant(source), "--contender", "planted", columns=400)
    assert done.returncode == 0
    assert said in done.stdout and "\x1b" not in done.stdout


def test_two_files_of_one_name_are_an_error(lab: Lab, plant: Plant) -> None:
    done = lab("list", "--contenders", plant("IMPLEMENTATIONS = [contender('python-zip', right)]"))
    assert done.returncode == 2
    assert "two files declare 'python-zip'" in done.stderr


def test_what_a_contender_says_is_text(lab: Lab, plant: Plant) -> None:
    source = """
ESCAPES = "\\x1b[2J\\x1b]0;x\\x07[/red]<b>|=1\\ud800" + "x" * 100_000
def fails(val):
    raise ValueError(ESCAPES)
def diverges(text):
    raise KeyError(ESCAPES)
IMPLEMENTATIONS = [
    contender("fails", fails),
    contender("states", right, divergences=(Divergence("", diverges),)),
    contender("huge", lambda val: 10**5000),
    contender("tells", right, details=lambda: {"name": ESCAPES, "loops": 7, ESCAPES: "x"}, access="=cmd()\\n|<b>"),
]
"""
    chosen = [part for name in ("fails", "states", "huge", "tells") for part in ("--contender", name)]
    done = lab(
        "run", "--case", "size-1k", "--contenders", plant(source), *chosen, "--processes", 1, "--rounds", 3, timeout=60
    )
    assert done.returncode == 1
    assert "\x1b" not in done.stdout + done.stderr
    result = saved.read(lab.record_file)
    assert {row.contender: row.status for row in result.cases[0].rows} == {
        "fails": "failed", "states": "unavailable", "huge": "wrong", "tells": "ranked",
    }  # fmt: skip
    (page,) = lab.saved(".html")
    assert not Tree(page.read_text()).root.all("b")
    assert lab("report", lab.record_file, "--output", lab.directory / "again").returncode == 0
    assert json.loads((lab.directory / "again" / f"{lab.record_file.stem}.summary.json").read_text())


def test_an_explanation_with_half_a_pair_is_written(tmp_path: Path) -> None:
    from doubles_lab.questions.explain import Explanation, read

    saved.write_whole(tmp_path / "a.json", dumps(Explanation("now", command="\ud800")))
    assert read(tmp_path / "a.json").command == "\ud800"

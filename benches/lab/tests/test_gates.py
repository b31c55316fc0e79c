"""A command that checks something fails where it checked nothing, and names what it did not check.

There is a row for each way to end up with nothing: a filter, contenders that cannot run, runs that have nothing in
common, a question or a table without a measurement.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import SHORT, Lab, Plant
from test_compare_command import saved_at
from test_comparison import a_noisy_row
from test_saved import a_record, a_row

from doubles_lab import registry
from doubles_lab.cli import COMMANDS
from doubles_lab.cli import calls as calls_command
from doubles_lab.cli.exits import LOST, NOTHING, SLOWER, USAGE, WRONG
from doubles_lab.questions import calling as calls
from doubles_lab.questions import calls as of_calls
from doubles_lab.questions import checked, explain, gil, inputs, operations, ownership, payoff, strings
from doubles_lab.questions.answer import Question, Setting
from doubles_lab.results import record, saved

ABSENT = """
def load():
    raise Unavailable("needs a thing")
IMPLEMENTATIONS = [contender("absent", load=load), contender("there", right)]
"""
CHOSEN = ("--contender", "absent")
FAIL = ("--fail-if-slower", "10%")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run", *CHOSEN, "--case", "size-3", *SHORT), NOTHING, "no contender was timed on size-3"),
        (("verify", *CHOSEN), NOTHING, "no contender was verified on"),
        (("verify", *CHOSEN, "--case", "empty"), NOTHING, "no contender was verified on empty"),
        (
            ("verify", *CHOSEN, "--contender", "there", "--case", "one"),
            NOTHING,
            "nothing was verified of --contender absent",
        ),
        (("verify", "--contender", "there", "--file", "binary"), NOTHING, "no contender was verified on binary"),
        (
            ("run", "--contender", "there", "--file", "binary", "--file", "text", *SHORT),
            NOTHING,
            "no contender was timed on binary",
        ),
        (("count-instructions", *CHOSEN, "--case", "size-3"), NOTHING, "no contender was counted on size-3"),
        (("explain", "inputs", *CHOSEN, "--budget", "1s", "--no-files"), NOTHING, "nothing was measured for inputs"),
        (("explain", "strings", *CHOSEN, "--budget", "1s", "--no-files"), NOTHING, "nothing was measured for strings"),
        (("explain", "gil", *CHOSEN, "--budget", "1s", "--no-files"), NOTHING, "nothing was measured for gil"),
        (("explain", "payoff", *CHOSEN, "--budget", "1s", "--no-files"), NOTHING, "nothing was measured for payoff"),
        (("verify", "--contender", "re-*", "--tag", "numba"), USAGE, "together"),
        (("verify", "--case", "no-such-*"), USAGE, "no case is called 'no-such-*'"),
    ],
)
def test_a_command_that_checked_nothing_fails(
    lab: Lab, plant: Plant, arguments: tuple[object, ...], code: int, said: str
) -> None:
    (lab.directory / "binary").write_bytes(b"a\xff\xff")
    (lab.directory / "text").write_text("aab")
    done = lab(*arguments, "--contenders", plant(ABSENT), timeout=280)
    assert done.returncode == code, done.stdout + done.stderr
    assert said in " ".join(done.stderr.split())


def test_every_command_is_looked_at() -> None:
    # `list` checks nothing. `atlas`, `build`, `ceiling` and `new` are looked at in files of their own, the others here.
    assert set(COMMANDS) == {
        "atlas", "build", "calls", "ceiling", "compare", "count-instructions", "explain", "list", "new", "report",
        "run", "verify",
    }  # fmt: skip


QUESTIONS = [each.QUESTION for each in (of_calls, payoff, strings, inputs, gil, ownership, operations)]


def test_every_question_is_looked_at() -> None:
    assert {each.name for each in explain.find_questions()} == {each.name for each in QUESTIONS}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_question_says_where_nothing_was_measured(
    question: Question, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = [each for each in registry.implementations_in(plant(ABSENT) / "planted.py") if each.name == "absent"]
    monkeypatch.setattr(calls, "measured", lambda *_: ([row_of("len", calls.PYTHON, True)], UNCHECKED))
    without = [replace(each, implementations=()) for each in operations.find_operations()]
    monkeypatch.setattr(operations, "find_operations", lambda: without)
    monkeypatch.setattr(ownership.QUESTION.measure, "__defaults__", ((),))
    data = json.loads(json.dumps(question.measure(Setting(absent, seconds=1, limit=30)), allow_nan=False))
    assert question.answer(data).empty


#: What the lab's check of itself by ``len`` came to.
UNCHECKED = checked.data_of("len", [[], [], []], "no round was finished")


def row_of(name: str, library: str, timed: bool) -> calls.Row:
    """A row of the table of calls."""
    return calls.Row(name, library, 1, reason="" if timed else "needs a thing", samples=[[1.0, 2.0]] if timed else [])


@pytest.mark.parametrize(("timed", "code"), [(True, 0), (False, NOTHING)])
def test_calls_without_a_function_of_a_binding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], timed: bool, code: int
) -> None:
    rows = [row_of("len", calls.PYTHON, True), row_of("count_doubles", "PyO3", timed)]
    monkeypatch.setattr(calls, "measured", lambda *_: (rows, UNCHECKED))
    with pytest.raises(SystemExit) as ended:
        calls_command.command([])
    assert ended.value.code == code
    assert ("no function of a binding could be timed" in capsys.readouterr().err) is (code == NOTHING)


def test_a_report_of_nothing(lab: Lab, tmp_path: Path) -> None:
    whole = saved_at(
        tmp_path / "run.json", a_row("timed", 1.0), a_row("absent", 1.0, record.UNAVAILABLE, reason="no", runs=[])
    )
    assert lab("report", whole).returncode == 0
    done = lab("report", whole, "--contender", "absent")
    assert done.returncode == NOTHING and "no contender that is shown was timed" in done.stderr


def test_saved_answers_of_nothing(lab: Lab, plant: Plant) -> None:
    asked = lab("explain", "inputs", *CHOSEN, "--contenders", plant(ABSENT), "--budget", "1s")
    assert asked.returncode == NOTHING
    (file,) = lab.saved(".explain.json")
    shown = lab("explain", "--show", file)
    assert shown.returncode == NOTHING and "nothing was measured for inputs" in shown.stderr
    other = lab("explain", "gil", "--show", file)
    assert other.returncode == NOTHING and "holds no answer to gil" in other.stderr


def gone(tmp_path: Path, status: str, reason: str) -> Path:
    """A run in which one contender of the baseline is not timed any more."""
    rows = [a_noisy_row("a", 1e-6, 3)]
    if status:
        rows.append(a_row("b", 1.0, status, reason=reason, runs=[]))
    return saved_at(tmp_path / "new.json", *rows)


@pytest.mark.parametrize(
    ("status", "reason", "said", "code"),
    [
        ("", "", "b on case (is not in the new run)", LOST),
        (record.UNAVAILABLE, "the build failed: x", "b on case (new run: the build failed: x)", LOST),
        (record.UNMEASURED, "interrupted", "b on case (new run: interrupted)", LOST),
        (record.FAILED, "crashed: SIGSEGV", "b on case (new run: crashed: SIGSEGV)", WRONG),
        (record.WRONG, "gives 7", "b on case (new run: wrong: gives 7)", WRONG),
    ],
)
def test_compare_names_what_disappeared(
    lab: Lab, tmp_path: Path, status: str, reason: str, said: str, code: int
) -> None:
    old = saved_at(tmp_path / "old.json", a_noisy_row("a", 1e-6, 1), a_noisy_row("b", 1e-6, 2))
    new = gone(tmp_path, status, reason)
    done = lab("compare", old, new, *FAIL, "--output", "out.md")
    assert done.returncode == code
    assert said in " ".join(done.stdout.split())
    assert "b on case" in (lab.directory / "out.md").read_text(encoding="utf-8")
    # Without the gate it is shown, and no error unless it broke what it states.
    assert lab("compare", old, new).returncode == (code if code == WRONG else 0)
    # Whoever takes it out of the gate has said so.
    assert lab("compare", old, new, *FAIL, "--contender", "a").returncode == 0


def test_compare_with_nothing_in_common(lab: Lab, tmp_path: Path) -> None:
    old = saved_at(tmp_path / "old.json", a_noisy_row("a", 1e-6, 1))
    case = tmp_path / "case.json"
    saved.save(a_record(a_noisy_row("a", 1e-6, 1), name="another"), case)
    contender = saved_at(tmp_path / "contender.json", a_noisy_row("c", 1e-6, 1))
    text = tmp_path / "text.json"
    other_text = a_record(a_noisy_row("a", 1e-6, 1))
    other_text.cases[0].sha256 = "11"
    saved.save(other_text, text)
    for new, reason in ((case, "is not in the new run"), (contender, "is not in the new run"), (text, "another one")):
        assert lab("compare", old, new).returncode == NOTHING
        done = lab("compare", old, new, *FAIL)
        assert done.returncode == LOST
        assert "a on case" in done.stderr and reason in done.stderr
    assert lab("compare", old, old, *FAIL).returncode == 0


def test_compare_by_a_filter_that_leaves_nothing(lab: Lab, tmp_path: Path) -> None:
    old = saved_at(tmp_path / "old.json", a_noisy_row("a", 1e-6, 1))
    new = saved_at(tmp_path / "new.json", a_noisy_row("a", 1e-6, 1), a_noisy_row("added", 1e-6, 2))
    assert lab("compare", old, new, *FAIL).returncode == 0
    for names in (("--contender", "added"), ("--contender", "added", "--contender", "a")):
        done = lab("compare", old, new, *FAIL, *names)
        assert done.returncode == NOTHING
        assert "nothing was compared of --contender added" in done.stderr
    assert lab("compare", old, new, *FAIL, "--relative-to", "added").returncode == LOST


def test_what_is_slower_weighs_more_than_what_is_gone(lab: Lab, tmp_path: Path) -> None:
    old = saved_at(tmp_path / "old.json", a_noisy_row("a", 1e-6, 1), a_noisy_row("b", 1e-6, 2))
    new = saved_at(tmp_path / "new.json", a_noisy_row("a", 1.5e-6, 3))
    done = lab("compare", old, new, *FAIL)
    assert done.returncode == SLOWER
    said = " ".join(done.stdout.split())
    assert "Slower by more than 10 %: a on case." in said
    assert "Timed in the old run and not compared: b on case (is not in the new run)." in said


#: Checks as `make trust` and `make release-check` take them.
ROWS = """
from trust.check import CannotRun, Check, Failed, tests_passed

def cannot(setting):
    raise CannotRun("a thing is not installed")

CHECKS = [
    Check("cannot-one", "nothing", "nothing", cannot),
    Check("cannot-two", "nothing", "nothing", cannot),
    Check("silent", "nothing", "nothing", lambda setting: ""),
    Check("no-test", "tests", "all pass", lambda setting: f"{tests_passed('= 34 skipped in 1 s =')} passed"),
    Check("works", "tests", "all pass", lambda setting: f"{tests_passed('= 3 passed, 1 skipped =')} passed"),
]
"""


@pytest.mark.parametrize(
    ("names", "code", "said"),
    [
        (("works",), 0, "1 passed, 0 FAILED, 0 not run"),
        (("works", "cannot"), 0, "1 passed, 0 FAILED, 2 not run"),
        (("cannot",), 4, "nothing was checked: none of cannot-one, cannot-two could run"),
        (("no-test",), 1, "no test ran"),
        (("silent",), 1, "the check did not say what it reached"),
        (("typo",), 2, "no check begins with typo; there are cannot-one"),
        (("works", "typo"), 2, "no check begins with typo; there are cannot-one"),
    ],
)
def test_rows_of_trust_and_release_that_checked_nothing(
    tmp_path: Path, names: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / "__init__.py").touch()
    (tmp_path / "rows" / "all.py").write_text(ROWS)
    program = "import sys, rows; from trust.__main__ import main; sys.exit(main(rows, 'make trust', earlier=False))"
    done = trust("-c", program, *names, "--output", tmp_path / "out", path=tmp_path)
    assert done.returncode == code, done.stdout + done.stderr
    assert said in " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("trust", "no check begins with typo"),
        ("trust.release", "no check begins with typo"),
        ("trust.breaks", "no check begins with typo"),
        ("trust.release.breaks", "no check begins with typo"),
        ("trust.bindings.matrix", "no Python typo among"),
    ],
)
def test_a_name_that_no_check_has_is_an_error(tmp_path: Path, module: str, said: str) -> None:
    done = trust("-m", module, "typo", path=tmp_path)
    assert done.returncode == 2 and said in done.stderr


def trust(*arguments: object, path: Path) -> subprocess.CompletedProcess[str]:
    """What a program of python-tests does, with another directory of modules."""
    tests = Path(__file__).parents[3] / "python-tests"
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=tests,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), str(path)]), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

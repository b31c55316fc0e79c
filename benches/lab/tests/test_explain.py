"""The command ``doubles-lab explain``: what it asks, saves, shows and refuses. On made-up data, and one small run."""

from __future__ import annotations

import copy
import itertools
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import Lab
from test_crossover import linear
from test_fit import by_level, made

from doubles_lab import registry
from doubles_lab.cli.explain import exit_code_of_answers
from doubles_lab.problems.count_doubles.existing import CONVENTIONS
from doubles_lab.questions import calling as calls
from doubles_lab.questions import calls as question_calls
from doubles_lab.questions import curves, explain, payoff
from doubles_lab.questions.answer import Answer, Chart, Interrupted, Question, Setting
from doubles_lab.report import answer_charts, answer_text, document
from doubles_lab.report.document import Table


def curve(name: str, times: Any, language: str = "Rust", binding: str = "PyO3", **more: Any) -> dict[str, Any]:
    """A curve as it is saved."""
    return {
        "name": name,
        "unit": "characters",
        "language": language,
        "binding": binding,
        "access": "the str",
        "tags": [],
        "prepared": False,
        "status": "ranked" if times else "wrong",
        "reason": "" if times else "gives 1 and must give 2",
        "ended": "",
        "points": [
            {"size": size, "seconds": [[float(value) for value in group] for group in groups]}
            for size, groups in times.items()
        ],
        **more,
    }


def made_curves() -> dict[str, Any]:
    """Two ways in pure Python, two bindings, threads that pay off from about 50 characters, and a wrong one."""
    return {
        "processes": 3,
        "rounds": 5,
        "stopped": "",
        "sizes": [0, 1, 1 << 22],
        "sample_ms": 2.0,
        "longest": 0.1,
        "caches": [{"level": 1, "bytes": 32 << 10}, {"level": 2, "bytes": 512 << 10}],
        "contenders": [
            curve("python-zip", linear(200, 50), "Python", "none"),
            curve("python-best", linear(300, 10, seed=1), "Python", "none"),
            curve("pyo3-count-doubles", linear(30, 1, seed=2)),
            curve("rust-cpython-count-doubles", linear(60, 1, seed=3), binding="rust-cpython"),
            curve("pyo3-count-doubles-threads-2", linear(55, 0.5, seed=4), tags=["threads"]),
            curve("late", made(by_level, seed=5), binding="Cython", ended="a call on 1 character would take about 9 s"),
            curve("array", linear(5_000, 0.1, seed=6), binding="NumPy", prepared=True),
            curve("liar", {}),
        ],
    }


#: ns that each made-up function takes.
DIRECT = {
    ("len", "CPython"): 10.0,
    ("empty_any", "PyO3"): 22.0,
    ("empty_str", "PyO3"): 25.0,
    ("count_doubles", "PyO3"): 33.0,
    ("count_doubles_once", "PyO3"): 31.0,
    ("empty_any", "rust-cpython"): 58.0,
    ("empty_str", "rust-cpython"): 62.0,
    ("count_doubles", "rust-cpython"): 55.0,
    **{(f"bare_{name}", calls.RAW): 9.0 if "var" not in name else 42.0 for name in CONVENTIONS},
    **{(f"empty_{name}", calls.RAW): 10.0 if "var" not in name else 60.0 for name in CONVENTIONS},
    **{(f"count_{name}", calls.RAW): 15.0 if "var" not in name else 65.0 for name in CONVENTIONS},
}


def made_rows() -> list[calls.Row]:
    of_library = {"PyO3": "fastcall_keywords", "rust-cpython": "varargs_keywords", "CPython": "o"}
    rows = []
    for (name, library), ns in DIRECT.items():
        convention = of_library.get(library) or name.partition("_")[2]
        samples = [[ns * disturbance for disturbance in (1.0, 1.001, 1.4, 0.999, 1.0)] for _ in range(3)]
        rows.append(calls.Row(name, library, 0, convention=convention, samples=samples))
    rows.append(calls.Row("empty", "PyO3", 0, reason="gives 7 instead of 0", wrong=True))
    return rows


def made_data() -> dict[str, dict[str, Any]]:
    found = made_curves()
    direct = msgspec.to_builtins(made_rows())
    return {
        "calls": {"direct": direct, "processes": 3, "rounds": 5, "calls": 1000, "curves": found},
        "payoff": {"curves": found},
    }


@pytest.fixture(scope="module")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved explanation of made-up data."""
    file = tmp_path_factory.mktemp("saved") / "made.explain.json"
    result = explain.Explanation("2026-01-01 12:00:00", {"cpu_count": 2}, 7, json.loads(json.dumps(made_data())))
    file.write_text(explain.dumps(result), encoding="utf-8")
    return file


def cells(answer: Answer, title: str) -> dict[str, tuple[str, ...]]:
    """The rows of a table, by their first cell."""
    (table,) = [table for table in answer.tables if table.title.startswith(title)]
    return {row[0]: tuple(row[1:]) for row in table.rows}


def test_a_call_is_split_into_its_parts() -> None:
    rows = made_rows()

    def parts(name: str, library: str) -> list[float]:
        row = question_calls.named(rows, name, library)
        assert row is not None
        return [round(part.value, 1) for part in question_calls.split(rows, row).parts if part is not None]

    assert parts("count_fastcall", calls.RAW) == [9, 0, 1, 5]
    assert parts("count_varargs", calls.RAW) == [42, 0, 18, 5]
    assert parts("count_doubles_once", "PyO3") == [9, 13, 3, 6]
    assert parts("count_doubles", "PyO3") == [9, 13, 6, 5]
    # It takes its arguments itself, and so for less than the library's way to do it.
    assert parts("count_doubles", "rust-cpython") == [42, 16, -8, 5]


def test_what_was_not_timed_is_no_part() -> None:
    rows = [row for row in made_rows() if row.name != "empty_str"]
    row = question_calls.named(rows, "count_doubles_once", "PyO3")
    assert row is not None
    assert [part is None for part in question_calls.split(rows, row).parts] == [False, False, True, True]
    assert question_calls.sentence([], [], []) == "Nothing could be measured."


def test_the_answer_about_calls() -> None:
    answer = question_calls.answer(made_data()["calls"])
    assert "On three letters, len takes 10.0 ns" in answer.sentence
    assert "API alone 1.00 times as long" in answer.sentence
    assert (
        "PyO3's count_doubles takes 3.30 times as long: 9 ns are its calling convention (FASTCALL|KEYWORDS), 19 ns the "
        "library and the argument, 5 ns the counting" in answer.sentence
    )
    assert "rust-cpython's count_doubles takes 5.50 times as long: 42 ns" in answer.sentence
    direct = cells(answer, "Timed directly")
    assert direct["PyO3 empty"][1] == "gives 7 instead of 0"
    assert direct["CPython len"][0] == "O" and direct["CPython len"][2].startswith("1.00")
    fixed = cells(answer, "Before the first")
    assert 29 < float(fixed["pyo3-count-doubles"][2].partition(" ")[0]) < 31.5
    assert "pyo3-count-doubles-threads-2" not in fixed
    slopes = cells(answer, "ns for each 1,000")
    assert [round(float(cell.partition(" ")[0].replace(",", "")), -2) for cell in slopes["late"][:3]] == [
        1000,
        2000,
        5000,
    ]
    assert cells(answer, "Without a curve") == {"liar": ("wrong: gives 1 and must give 2",)}
    assert set(answer.broken) == {"liar", "PyO3 empty"}
    assert [bool(chart.alternative and chart.spec["$schema"]) for chart in answer.charts] == [True] * 3


def test_the_answer_about_sizes() -> None:
    answer = payoff.answer(made_data()["payoff"])
    against = cells(answer, "Against pure Python")
    assert against["pyo3-count-doubles"][1] == "always" and against["pyo3-count-doubles"][3] == "always"
    # 5,000 + 0.1 n = 300 + 10 n at n = 475, and = 200 + 50 n at 96.
    assert [int(against["array†"][cell].split()[1]) for cell in (1, 3)] == [
        pytest.approx(96, 0.15),
        pytest.approx(475, 0.15),
    ]
    pairs = cells(answer, "One binding against another")
    # Of longer text the calls take as long as each other, within the margin.
    assert pairs["pyo3-count-doubles"][1:3] == ("up to 1,000", "never")
    # 30 + n = 55 + n / 2 at n = 50.
    (when, _) = cells(answer, "One thread against 2")["pyo3-count-doubles"]
    assert 42 < int(when.split()[1]) < 58
    assert cells(answer, "Stopped")["late"][1] == "a call on 1 character would take about 9 s"
    assert "Of 4 native contenders, 3 are faster than the fastest Python (python-best) at any size" in answer.sentence
    assert "Two threads lead one in PyO3: from" in answer.sentence
    assert len(answer.charts) == 2 and answer.broken == ("liar",)


def test_questions_answer_what_an_interrupt_left() -> None:
    data = made_data()
    for each in data["payoff"]["curves"]["contenders"]:
        each["points"] = each["points"][:1]
    assert payoff.answer(data["payoff"]).sentence
    assert question_calls.answer(data["calls"]).sentence
    empty = {**made_curves(), "contenders": [], "processes": 0, "stopped": "x"}
    assert payoff.answer({"curves": empty}).sentence == "Nothing was measured that can be compared."
    assert (
        question_calls.answer({**data["calls"], "direct": [], "curves": empty}).sentence == "Nothing could be measured."
    )


def test_a_saved_explanation_reads_back_and_holds_what_is_shared_once(made_file: Path) -> None:
    body = json.loads(made_file.read_text(encoding="utf-8"))
    assert set(body["shared"]) == {"curves"} and "curves" not in body["data"]["calls"]
    result = explain.read(made_file)
    assert result.data == json.loads(json.dumps(made_data()))
    assert explain.dumps(result) == made_file.read_text(encoding="utf-8")
    assert [question.number for question, _ in explain.answers(result)] == [2, 3]


def test_show_and_markdown(lab: Lab, made_file: Path) -> None:
    done = lab("explain", "--show", made_file, columns=160)
    assert done.returncode == 0
    for text in ("2. What does a call cost?", "3. When does native pay off?", "python-best", "seed 7"):
        assert text in done.stdout, text
    assert max(map(len, lab("explain", "--show", made_file, columns=80).stdout.splitlines())) <= 80
    one = lab("explain", "payoff", "--show", made_file)
    assert "When does native" in one.stdout and "What does a call" not in one.stdout
    result = explain.read(made_file)
    markdown = document.markdown(answer_text.report(result, explain.answers(result)))
    assert "## 2. What does a call cost?" in markdown and "### Against pure Python" in markdown
    for block in markdown.split("\n\n"):
        widths = {line.replace("\\|", "").count("|") for line in block.splitlines() if line.startswith("|")}
        assert len(widths) <= 1, block


def variants(value: Any) -> Iterator[Any]:
    """Copies of plain data with one thing in it missing or of another type."""
    strange: list[Any] = [None, "x", -1, [], {}, [[]], 1e400, True]
    if isinstance(value, dict):
        for key in value:
            yield {other: value[other] for other in value if other != key}
            for each in strange:
                yield {**value, key: each}
            for each in variants(value[key]):
                yield {**value, key: each}
    elif isinstance(value, list) and value:
        for each in strange:
            yield [each, *value[1:]]
        for each in variants(value[0]):
            yield [each, *value[1:]]


def small_body() -> dict[str, Any]:
    """A saved explanation with little in it, so that all its variants can be tried."""
    data = copy.deepcopy(made_data())
    data["calls"]["direct"] = data["calls"]["direct"][-3:]
    found = data["calls"]["curves"]
    found["contenders"] = [each for each in found["contenders"] if each["name"] in ("python-zip", "pyo3-count-doubles")]
    for each in found["contenders"]:
        each["points"] = [point for point in each["points"] if point["size"] in (0, 1, 10, 100)]
    data["payoff"]["curves"] = found
    result = explain.Explanation("2026-01-01 12:00:00", {"cpu_count": 2}, 7, data, {"calls_": "why"})
    body: dict[str, Any] = json.loads(explain.dumps(result))
    return body


def test_whatever_a_file_holds_is_shown_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Drawing takes most of the time, and what it raises is caught like the rest.
    for drawn in ("parts", "fixed", "residuals", "times", "matrix"):
        monkeypatch.setattr(answer_charts, drawn, lambda *_: Chart("", {}, ""))
    file = tmp_path / "x.explain.json"
    refused = shown = 0
    # Every fourth: all of them take a minute.
    for body in itertools.islice(variants(small_body()), 0, None, 4):
        file.write_text(json.dumps(body), encoding="utf-8")
        try:
            result = explain.read(file)
            document.markdown(answer_text.report(result, explain.answers(result)))
            shown += 1
        except explain.NotAnExplanation as error:
            assert str(error)
            refused += 1
    assert refused > 25 and shown > 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not what doubles-lab explain saved"),
        (b"\xff\xfe", "is not what doubles-lab explain saved"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `date`"),
        (b'{"format": "doubles-lab explain 99"}', "Invalid value 'doubles-lab explain 99'"),
        (b"[" * 100_000, "is not what doubles-lab explain saved"),
        (b'{"format": NaN}', "NaN is no number"),
    ],
)
def test_other_files_are_refused(lab: Lab, content: bytes, said: str) -> None:
    (lab.directory / "x.json").write_bytes(content)
    done = lab("explain", "--show", "x.json")
    assert done.returncode == 4
    assert "x.json" in done.stderr and said in " ".join(done.stderr.split())


def test_files_that_hold_no_answer(lab: Lab, made_file: Path) -> None:
    assert lab("explain", "--show", "missing.json").returncode == 4
    assert lab("explain", "--show", ".").returncode == 4
    body = json.loads(made_file.read_text(encoding="utf-8"))
    body["data"] = {}
    (lab.directory / "x.json").write_text(json.dumps(body))
    done = lab("explain", "--show", "x.json")
    assert done.returncode == 4 and "holds no answer" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("call",), "no question is called 'call'; did you mean calls?"),
        (("payof", "--show", "x.json"), "did you mean payoff?"),
        (("--budget", "soon"), "'soon' is not a time"),
        (("--budget", "0s"), "more than nothing"),
        (("--contender", "pyhton-zip"), "did you mean python-zip"),
        (("--contender", "re-*", "--tag", "numba"), "together"),
    ],
)
def test_a_wrong_command_line(lab: Lab, arguments: tuple[str, ...], hint: str) -> None:
    done = lab("explain", *arguments)
    assert done.returncode == 2
    assert hint in " ".join(done.stderr.replace("│", " ").split())


def question(name: str, number: int, measure: Any, shares: tuple[str, ...] = ()) -> Question:
    def answer(data: dict[str, Any]) -> Answer:
        return Answer(f"It is {data['value']}.", [Table("", ("a",), [("b|c",)])], [], "So.")

    return Question(name, number, f"What is {name}?", measure, answer, shares)


def test_one_question_that_fails_costs_the_others_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = []

    def fine(setting: Setting) -> dict[str, Any]:
        seconds.append(setting.seconds)
        return {"value": 1}

    def fails(setting: Setting) -> dict[str, Any]:
        raise ZeroDivisionError("no\nreason")

    asked = [question("bad", 2, fails), question("good", 3, fine)]
    monkeypatch.setattr(explain, "find_questions", lambda: asked)
    file = tmp_path / "x.explain.json"
    result = explain.explain(asked, Setting([], 10.0), file)
    assert result.failed == {"bad": "ZeroDivisionError: no"} and result.data == {"good": {"value": 1}}
    assert seconds[0] > 9  # what the first left
    found = explain.answers(explain.read(file))
    assert [answer.sentence for _, answer in found] == ["Not answered: ZeroDivisionError: no", "It is 1."]
    assert exit_code_of_answers(result, found) == 1
    assert "b\\|c" in document.markdown(answer_text.report(result, found))
    nothing = explain.explain(asked[:1], Setting([], 1.0), None)
    assert exit_code_of_answers(nothing, explain.answers(nothing)) == 4


def test_an_interrupt_keeps_what_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(setting: Setting) -> dict[str, Any]:
        raise Interrupted({"value": 2})

    def never(setting: Setting) -> dict[str, Any]:
        raise AssertionError

    asked = [
        question("first", 2, lambda setting: {"value": 1}),
        question("second", 3, interrupted),
        question("third", 4, never),
    ]
    monkeypatch.setattr(explain, "find_questions", lambda: asked)
    file = tmp_path / "x.explain.json"
    result = explain.explain(asked, Setting([], 10.0), file)
    assert result.interrupted and result.data == {"first": {"value": 1}, "second": {"value": 2}}
    assert explain.read(file) == result
    assert exit_code_of_answers(result, []) == 130


def test_one_question_is_asked_again_and_the_others_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [question("first", 2, lambda setting: {"value": 1}), question("second", 3, lambda setting: {"value": 2})]
    monkeypatch.setattr(explain, "find_questions", lambda: asked)
    file = tmp_path / "x.explain.json"
    before = explain.explain(asked, Setting([], 10.0, seed=1), file, "the first time")
    again = [question("second", 3, lambda setting: {"value": 3})]
    result = explain.explain(again, Setting([], 10.0, seed=2), file, "again", explain.read(file))
    assert explain.read(file) == result
    assert result.data == {"first": {"value": 1}, "second": {"value": 3}}
    assert (result.seed, result.date) == (1, before.date)
    assert [result.command_of(name) for name in ("first", "second")] == ["the first time", "again"]
    assert any(line.startswith("Asked apart: second, ") and "seed 2" in line for line in answer_text.setting(result))
    result.machine["cpu_model_name"] = "another"
    with pytest.raises(explain.NotAnExplanation, match="measured with cpu_model_name another"):
        explain.explain(again, Setting([], 10.0), file, "again", result)


def test_questions_that_share_have_the_time_of_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds: dict[str, float] = {}

    def measure(name: str) -> Any:
        def measured(setting: Setting) -> dict[str, Any]:
            seconds[name] = setting.seconds
            return {"value": 1, "x": setting.shared.setdefault("x", {"made": {"by": name}})}

        return measured

    asked = [question(name, 2, measure(name), shares) for name, shares in (("a", ("x",)), ("b", ()), ("c", ("x",)))]
    monkeypatch.setattr(explain, "find_questions", lambda: asked)
    result = explain.explain(asked, Setting([], 30.0), None)
    assert round(seconds["a"]) == 20 and round(seconds["b"]) == 15
    assert result.data["c"]["x"] == {"made": {"by": "a"}}
    assert json.loads(explain.dumps(result))["shared"] == {"x": {"made": {"by": "a"}}}


def test_the_lab_s_questions_have_names_and_numbers_of_their_own() -> None:
    found = explain.find_questions()
    assert {"calls", "payoff"} <= {each.name for each in found}
    assert len({each.name for each in found}) == len({each.number for each in found}) == len(found)
    with pytest.raises(registry.NotFound):
        explain.choose(["nothing"])


@pytest.mark.timeout(600)  # the first time, it builds
def test_a_small_run(lab: Lab) -> None:
    chosen = [part for name in ("python-zip", "pyo3-count-doubles", "re-best") for part in ("--contender", name)]
    done = subprocess.run(
        lab.command("explain", "calls", "payoff", *chosen, "--budget", "6s", "--seed", 1),
        cwd=lab.directory,
        env={**os.environ, "COLUMNS": "160", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=590,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (file,) = lab.saved(".explain.json")
    (markdown,) = lab.saved(".explain.md")
    assert "What does a call cost?" in markdown.read_text(encoding="utf-8")
    result = explain.read(file)
    found = {curve.name: curve for curve in curves.read(result.data["payoff"]["curves"])}
    assert set(found) == {"python-zip", "pyo3-count-doubles", "re-best", "pyo3-count-doubles-threads-2"}
    assert result.seed == 1 and all(curve.times for curve in found.values())
    # With huge margins: a loop in Python over so many characters, and one in Rust.
    large = max(found["python-zip"].times)
    assert large > 100 and found["python-zip"].median(large) > found["pyo3-count-doubles"].median(large)
    again = lab("explain", "--show", file, columns=160)
    assert again.returncode == 0
    assert again.stdout.strip() == done.stdout.partition("results/")[0].strip()


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_control_c_shows_and_saves_what_there_is(lab: Lab) -> None:
    process = subprocess.Popen(
        lab.command("explain", "payoff", "--contender", "python-*", "--budget", "1h"),
        cwd=lab.directory,
        env={**os.environ, "COLUMNS": "160", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(12)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors and "Interrupted: this is what had been measured by then." in out
    (file,) = lab.saved(".explain.json")
    assert explain.read(file).interrupted

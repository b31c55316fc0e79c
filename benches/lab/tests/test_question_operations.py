"""What the operations cost: every way does what the operation means, wrong ones are caught, and the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doubles_lab.cli.explain import draw
from doubles_lab.contender import Unavailable
from doubles_lab.measure.operation_worker import difference
from doubles_lab.operation import FLOOR, NOTHING, Operation, Way, find_operations
from doubles_lab.questions import operations
from doubles_lab.questions.answer import Answer, Setting
from doubles_lab.questions.explain import Explanation
from doubles_lab.report import answer_text, document

OPERATIONS = find_operations()
#: Those whose input is many texts.
OF_MANY = {"count_doubles_many", "columns.count_doubles"}
TEXTS = ["aabccc", "x\n\n\ny//z  .", "aaaa", "GATTACAAA"]


@pytest.mark.parametrize(
    ("operation", "way"),
    [pytest.param(operation, way, id=f"{operation.name}-{way.name}") for operation, ways in OPERATIONS for way in ways],
)
def test_every_way_does_what_the_operation_means(operation: Operation, way: Way) -> None:
    try:
        function = way.load()
    except (Unavailable, ModuleNotFoundError) as reason:
        pytest.skip(str(reason))
    texts = [text for text in TEXTS if text.isalpha() or not way.only]
    values = [texts] if operation.name in OF_MANY else texts
    for val in values if "DNA" not in way.only or "letters" in way.only else TEXTS[-1:]:
        given = way.plain(function(way.prepare(val)))
        assert difference(given, operation.meaning(val)) == ""


def test_operations_are_what_the_bindings_have() -> None:
    import doubles_pyo3

    names = [operation.name.partition(",")[0] for operation, _ in OPERATIONS]
    # A result as arrays is another way to do the same.
    others = {
        each.removesuffix("_arrays").removesuffix("_array") for each in doubles_pyo3.__all__ if not is_count(each)
    }
    assert {*names} == {*others, "columns.count_doubles"}
    for operation, ways in OPERATIONS:
        assert {"pyo3", "rust-cpython", operation.baseline} <= {way.name for way in ways}
        assert len({way.name for way in ways}) == len(ways)
        assert all({*way.only} <= {*operation.inputs} for way in ways)


def is_count(name: str) -> bool:
    """Whether a function of the bindings is one that the race is about, or no function."""
    return name == "backend" or (name.startswith("count_doubles") and not name.endswith(("_by_value", "_many")))


@pytest.mark.parametrize(
    ("given", "expected", "told"),
    [
        ([1, 2], [1, 2], ""),
        ([1, 3], [1, 2], "gives list int [3] at 1 and must give list int [2]"),
        ([1], [1, 2], "gives list [] at 1 and must give list int [2]"),
        (1, True, "gives int 1 and must give bool True"),
        ([(1, 2)], [[1, 2]], "gives list tuple int [(1, 2)] and must give list list int [[1, 2]]"),
        ({"a": 1}, {"a": 2}, "gives dict tuple str {'a': 1} and must give dict tuple str {'a': 2}"),
        ("ab", "aab", "gives str 'b' at 1 and must give str 'a'"),
        (None, (0, 1), "gives NoneType None and must give tuple int (0, 1)"),
    ],
)
def test_how_results_differ(given: Any, expected: Any, told: str) -> None:
    assert difference(given, expected) == told


def test_numbers_of_numpy_are_no_ints() -> None:
    assert difference([np.int64(1)], [1]) != ""


PLANTED = """
import itertools, os
from doubles_lab.operation import Operation, floor, python, tool

calls = itertools.count()

def right(val):
    return [place for place, (a, b) in enumerate(zip(val, val[1:])) if a == b]

def raises(val):
    raise ValueError("no")

OPERATION = Operation(
    "find", 1, "where", right, "right", {"short": lambda: "aab" * 2000, "other": lambda: "abb" * 2000}
)
CONTENDERS = [
    python("right", right, "a list"),
    python("short-only", right, "a list", only=("short",)),
    python("wrong", lambda val: [*right(val), 7], "a list"),
    python("later", lambda val: right(val) + [7] * (next(calls) > 20), "a list"),
    python("raises", raises, "a list"),
    python("crashes", lambda val: os.abort() if val[1] == "b" else right(val), "a list"),
    floor("floor", list, "a list", right),
    tool("cat", ("cat",), "bytes", plain=lambda said: right(said.decode())),
    tool("absent", ("no-such-program",), "bytes"),
]
"""


def row(data: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    """What was measured of a way with an input."""
    return next(row for row in data["rows"] if (row["contender"], row["input"]) == (name, value))


def test_what_is_measured_of_planted_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "find.py").write_text(PLANTED)
    monkeypatch.setattr("doubles_lab.operations.__path__", [str(tmp_path)])
    data = json.loads(json.dumps(operations.measure(Setting([], seconds=20, limit=30)), allow_nan=False))
    for name, value in [
        *(("right", "short"), ("right", "other"), ("short-only", "short"), ("crashes", "short")),
        *(("floor", "short"), ("cat", "other"), ("cat", NOTHING)),
    ]:
        assert row(data, name, value)["status"] == "measured", row(data, name, value)
        groups = row(data, name, value)["seconds"]
        assert len(groups) >= data["processes"] == 10 and sum(map(len, groups)) == 10 * data["rounds"]["find"]
    assert len(data["selfchecks"]["find"]["slowed"]) in (10, 11)
    assert [each["input"] for each in data["rows"] if each["contender"] == "short-only"] == ["short"]
    assert row(data, "wrong", "short")["reason"] == "gives list int [7] at 2,000 and must give list []"
    assert row(data, "later", "short")["status"] == "wrong"
    assert row(data, "raises", "other")["reason"] == "raises ValueError: no"
    assert row(data, "crashes", "other")["reason"].startswith("crashed: SIGABRT")
    assert row(data, "absent", "short")["reason"] == "the program no-such-program is not installed"
    answered = operations.answer(data)
    check(answered)
    assert answered.broken == ("crashes", "later", "raises", "wrong")
    (table,) = [table for table in answered.tables if table.title.startswith("find: ")]
    shown = {line[0]: line[2:] for line in table.rows}
    assert shown["absent"] == ("not installed", "", "not installed", "")
    assert shown["short-only"][2:] == ("–", "") and shown["right"][1] == "1.00 [1.00–1.00]"
    assert [line[1] for line in answered.tables[-2].rows] == ["cat"]


def test_in_a_short_time_the_first_input_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "find.py").write_text(PLANTED)
    monkeypatch.setattr("doubles_lab.operations.__path__", [str(tmp_path)])
    data = operations.measure(Setting([], seconds=0, limit=30, budgeted=True))
    assert {each["input"] for each in data["rows"]} == {"short", NOTHING} and data["processes"] == 2
    assert "Only the first input" in operations.answer(data).method


def made_up(
    name: str, binding: str, access: str, seconds: float, value: str = "letters", **more: Any
) -> dict[str, Any]:
    """A row, made up."""
    return {
        "operation": "find",
        "contender": name,
        "binding": binding,
        "access": access,
        "origin": "",
        "input": value,
        "status": "measured",
        "reason": "",
        "seconds": [[seconds] * 3] * 10,
        **more,
    }


def check(answered: Answer) -> None:
    """What holds of any answer."""
    for table in answered.tables:
        assert all(len(line) == len(table.columns) for line in table.rows)
    for drawn in answered.charts:
        json.dumps(drawn.spec, allow_nan=False)
        assert drawn.alternative


def of(*rows: dict[str, Any]) -> dict[str, Any]:
    described = {"name": "find", "about": "where", "baseline": "zip", "inputs": ["letters"]}
    return {"operations": [described], "rows": list(rows)}


def test_the_answer_from_made_up_data() -> None:
    data = of(
        made_up("pyo3", "PyO3", "the str; a list", 1e-3),
        made_up("zip", "none", "the str; a list", 50e-3),
        made_up("map", "none", "the str; a list", 40e-3),
        made_up("floor", FLOOR, "a list", 0.75e-3),
        made_up("numpy", "NumPy", "an array; an array", 0.5e-3),
        made_up("numpy-list", "NumPy", "an array; a list", 2e-3),
        made_up("rust", "Rust alone", "the bytes; a Vec", 0.05e-3),
        made_up("tr", "another program", "a file; bytes", 1e-3, value=NOTHING, origin="tr -s a"),
    )
    answered = operations.answer(data)
    check(answered)
    assert answered.sentence == (
        "With pyo3, each on its first input: find is 50.0 times as fast as zip (75% of its time is that of making the "
        "result)."
    )
    short, table, starting = answered.tables
    assert short.rows == [
        ("find", "letters", "1.00 ms", "50.0 zip", "40.0 map", "2.00 numpy-list", "75%", "10.00 numpy")
    ]
    assert table.rows[2] == ("map", "the str; a list", "40.0 ms", "1.25 [1.25–1.25]")
    assert starting.rows == [("find", "tr", "tr -s a", "1.00 ms [1.00 ms–1.00 ms]")]
    assert "letters: rust 50.0 µs; numpy 500 µs" in answered.charts[0].alternative


def test_charts_in_files(tmp_path: Path) -> None:
    data = of(made_up("pyo3", "PyO3", "the str; a list", 1e-3), made_up("zip", "none", "the str; a list", 50e-3))
    found = [(operations.QUESTION, operations.answer(data))]
    pictures = draw(found, tmp_path / "run")
    assert pictures == {"operations": ["run.operations-1.svg"]}
    assert (tmp_path / "run.operations-1.svg").read_text().startswith("<svg")
    asked = Explanation("2026-01-01", data={"operations": data})
    assert "](run.operations-1.svg)" in document.markdown(answer_text.report(asked, found, pictures))


def test_nothing_measured_is_an_answer() -> None:
    gone = {**made_up("pyo3", "PyO3", "the str; a list", 0), "seconds": []}
    refused = {**gone, "status": "unavailable", "reason": "needs luck"}
    for data in (of(), of(gone), of(refused), of({**gone, "seconds": [[]]})):
        answered = operations.answer(data)
        check(answered)
        assert (answered.sentence, answered.charts) == ("Nothing could be measured.", [])

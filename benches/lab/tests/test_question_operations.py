"""What the operations cost: implementations give what the reference does, wrong ones are caught, and the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doubles_lab.cli.explain import draw
from doubles_lab.folder import function_of
from doubles_lab.given import edge_cases_of
from doubles_lab.implementation import Implementation, Unavailable
from doubles_lab.measure import timing
from doubles_lab.problem import Call, told_apart
from doubles_lab.problems import _shared as shared
from doubles_lab.problems._shared import FLOOR
from doubles_lab.questions import operations
from doubles_lab.questions.answer import Answer, Setting
from doubles_lab.questions.explain import Explanation
from doubles_lab.report import answer_text, document

OPERATIONS = operations.find_operations()
#: The types of results, by what ``access`` says that an implementation gives.
GIVES: dict[str, set[str]] = {
    "a bool": {"builtins.bool", "numpy.bool"},
    "a list of int": {"builtins.list"},
    "a list of (start, length)": {"builtins.list"},
    "a list of (item, length)": {"builtins.list"},
    "(start, length)": {"builtins.tuple", "builtins.NoneType"},
    "two arrays": {"builtins.tuple"},
    "a dict": {"builtins.dict"},
    "a Counter": {"collections.Counter"},
    "a str": {"builtins.str"},
    "an array": {"numpy.ndarray", "array.array"},
    "an array of counts": {"numpy.ndarray"},
    "a column": {
        "polars.Series",
        "pyarrow.ChunkedArray",
        "pyarrow.Int64Array",
        "doubles_pyo3.Array",
        "doubles_pyo3.ChunkedArray",
    },
    "a column of (length, item)": {"polars.Series"},
    "two columns": {"polars.DataFrame"},
    # Programs.
    "bytes": {"builtins.bytes"},
    "a line for each run": {"builtins.bytes"},
    # Rust alone, by way of JSON.
    "a Vec": {"builtins.list", "builtins.str"},
    "a map": {"builtins.dict"},
    "a range": {"builtins.tuple", "builtins.NoneType"},
}


def form_of(operation: operations.Operation, implementation: Implementation, call: Call) -> Call | None:
    """The arguments as an implementation takes them; ``None`` where they have no such form."""
    if not implementation.variant:
        return call
    try:
        return Call.of(operation.folder.problem.variant(implementation.variant).make(call))
    except ValueError:
        return None


@pytest.mark.parametrize(
    ("operation", "implementation"),
    [
        pytest.param(operation, implementation, id=f"{operation.name}-{implementation.name}")
        for operation in OPERATIONS
        for implementation in operation.implementations
    ],
)
def test_every_implementation_gives_what_the_reference_does(
    operation: operations.Operation, implementation: Implementation
) -> None:
    problem = operation.folder.problem
    try:
        function = function_of(operation.folder, implementation)
        forms = [(each, form_of(operation, implementation, each.again())) for each in edge_cases_of(problem)]
    except (Unavailable, ModuleNotFoundError) as reason:
        pytest.skip(str(reason))
    tried = [(given, call) for given, call in forms if call is not None]
    assert tried
    for given, call in tried:
        result = call(function)
        assert problem.equal(result, given.expected), told_apart(result, given.expected)
        assert shared.kind(result) in GIVES[said_to_give(implementation)], given.name


def said_to_give(implementation: Implementation) -> str:
    """What an implementation says that it gives."""
    return operations.gives({"access": implementation.access})


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_another_result_is_not_equal(operation: operations.Operation) -> None:
    equal = operation.folder.problem.equal
    for given in edge_cases_of(operation.folder.problem):
        expected = given.expected
        assert equal(expected, expected)
        for other in (None if expected is not None else 0, [expected], str(expected) + "a", expected == 1, (0, 0)):
            if other is not expected:
                assert not equal(other, expected), (other, expected)
        if isinstance(expected, (list, tuple)) and expected:
            assert not equal(expected[:-1], expected)
            assert not equal([*expected[:-1], (0, 0)], expected)


def test_an_array_is_looked_after_and_a_column_is_not() -> None:
    """An array may be changed by a call; a Polars series has flags too, which say something else."""
    polars = pytest.importorskip("polars")
    array = np.arange(3)
    assert timing.changeable(array) and not timing.changeable(polars.Series("val", array))
    array.flags.writeable = False
    assert not timing.changeable(array)


def test_numpy_s_scalars_may_be_the_same_object_and_its_arrays_may_not() -> None:
    assert timing.is_fixed(np.array([1, 2]).any()) and timing.is_fixed(np.int64(3))
    assert not any(map(timing.is_fixed, (np.array(3), np.arange(3), [3], {3: 3})))


def test_what_programs_write_is_read() -> None:
    runs = next(each for each in OPERATIONS if each.name == "runs").folder.problem.equal
    hrun = b"dna\t1\t3\tA\ndna\t4\t7\tC\n"
    locate = b"seqID\tpatternName\tpattern\tstrand\tstart\tend\nx\tCC+\tCC+\t+\t5\t7\nx\tAA+\tAA+\t+\t2\t3\n"
    for written in (hrun, locate):
        assert runs(written, [(1, 2), (4, 3)]) and not runs(written, [(1, 2), (4, 4)])
    assert runs(b"", []) and runs(locate.splitlines()[0], [])


def test_operations_are_what_the_bindings_have() -> None:
    import doubles_pyo3

    names = [operation.name.partition(",")[0] for operation in OPERATIONS]
    # A result as arrays is another way to do the same.
    others = {
        each.removesuffix("_arrays").removesuffix("_array") for each in doubles_pyo3.__all__ if not is_count(each)
    }
    assert {*names} == {*others, "columns.count_doubles"}
    for operation in OPERATIONS:
        ways = operation.implementations
        assert {"pyo3", "rust-cpython", operation.folder.baseline} <= {way.name for way in ways}
        assert all({*way.only} <= {*operation.inputs, *operation.starts} for way in ways)
        assert bool(operation.starts) == any(way.binding == shared.TOOL for way in ways)


def is_count(name: str) -> bool:
    """Whether a function of the bindings is one that the race is about, or no function."""
    return name == "backend" or (name.startswith("count_doubles") and not name.endswith(("_by_value", "_many")))


@pytest.mark.parametrize(
    ("given", "expected", "told"),
    [
        ([1, 3], [1, 2], "gives [1, 3] and must give [1, 2]"),
        ([*range(9), 1], [*range(10)], "gives [1] at 9 and must give [9]"),
        ([*range(9)], [*range(10)], "gives [] at 9 and must give [9]"),
        ([*range(10)], [*range(9)], "gives [9] at 9 and must give []"),
        ([True, *range(9)], [1, *range(9)], "gives [True] at 0 and must give [1]"),
        (1, True, "gives 1 (int) and must give True (bool)"),
        ([(1, 2)], [[1, 2]], "gives [(1, 2)] and must give [[1, 2]]"),
        ({"a": 1}, {"a": 2}, "gives {'a': 1} and must give {'a': 2}"),
        ("a" * 99 + "b", "a" * 100, "gives 'b' at 99 and must give 'a'"),
        (None, (0, 1), "gives None (NoneType) and must give (0, 1) (tuple)"),
    ],
)
def test_how_results_differ(given: Any, expected: Any, told: str) -> None:
    assert told_apart(given, expected) == told


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ([1, 2], [1, 2], True),
        ([], [], True),
        ([(1, 2)] * 3, [(1, 2)] * 3, True),
        (["a" * 2], ["".join(["a", "a"])], True),
        ([], (), False),
        ([1], [True], False),
        ([1], [1.0], False),
        ([1], [1, 2], False),
        ([(1, 2)], [[1, 2]], False),
        ([(1, True)], [(1, 1)], False),
        ([np.int64(1)], [1], False),
    ],
)
def test_long_results_are_compared_by_value_and_type(one: Any, other: Any, equal: bool) -> None:
    assert shared.same(one, other) is equal


PLANTED = """
import itertools, os
from dataclasses import replace
from doubles_lab.problem import Input, Problem
from doubles_lab.problems import _shared as shared

calls = itertools.count()

def find(val):
    return [place for place, (a, b) in enumerate(zip(val, val[1:])) if a == b]

def equal(result, expected):
    return shared.same(find(result.decode()) if isinstance(result, bytes) else result, expected)

def raises(val):
    raise ValueError("no")

def of(name, function, **more):
    return replace(shared.reference(name, function, "a list"), **more)

PROBLEM = Problem(
    find,
    [Input("short", lambda: "aab" * 2000), Input("other", lambda: "abb" * 2000), shared.NOTHING],
    equal,
    variants=[shared.FILE, shared.of_text("positions", find, "the positions")],
)
NUMBER = 1
BASELINE = "right"
IMPLEMENTATIONS = [
    of("right", find),
    of("short-only", find, only=("short",)),
    of("wrong", lambda val: [*find(val), 7]),
    of("later", lambda val: find(val) + [7] * (next(calls) > 20)),
    of("raises", raises),
    of("crashes", lambda val: os.abort() if val[1] == "b" else find(val)),
    shared.floor("floor", list, "a list", "positions"),
    shared.tool("cat", ("cat",), "bytes"),
    shared.tool("absent", ("no-such-program",), "bytes"),
]
"""


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation, made up, in place of the others."""
    (tmp_path / "find").mkdir()
    (tmp_path / "find" / "problem.py").write_text(PLANTED)
    monkeypatch.setattr(operations, "ROOT", tmp_path)


def row(data: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    """What was measured of a way with an input."""
    return next(row for row in data["rows"] if (row["contender"], row["input"]) == (name, value))


@pytest.mark.usefixtures("planted")
def test_what_is_measured_of_planted_ways() -> None:
    data = json.loads(json.dumps(operations.measure(Setting([], seconds=20, limit=30)), allow_nan=False))
    for name, value in [
        *(("right", "short"), ("right", "other"), ("short-only", "short"), ("crashes", "short")),
        *(("floor", "short"), ("cat", "other"), ("cat", operations.NOTHING)),
    ]:
        assert row(data, name, value)["status"] == "measured", row(data, name, value)
        groups = row(data, name, value)["seconds"]
        assert len(groups) >= data["processes"] == 10 and sum(map(len, groups)) == 10 * data["rounds"]["find"]
    assert len(data["selfchecks"]["find"]["slowed"]) in (10, 11)
    assert [each["input"] for each in data["rows"] if each["contender"] == "short-only"] == ["short"]
    assert row(data, "wrong", "short")["reason"] == "gives [7] at 2,000 and must give []"
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


@pytest.mark.usefixtures("planted")
def test_in_a_short_time_the_first_input_is_measured() -> None:
    data = operations.measure(Setting([], seconds=0, limit=30, budgeted=True))
    assert {each["input"] for each in data["rows"]} == {"short", operations.NOTHING} and data["processes"] == 2
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
        made_up("tr", "another program", "a file; bytes", 1e-3, value=operations.NOTHING, origin="tr -s a"),
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

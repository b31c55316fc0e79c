"""The ceiling of a function: what is observed of it, the floors that are written, and what is said of them."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import EVERY, Lab

from doubles_lab.ceiling import answer, examples, observation, sources
from doubles_lab.ceiling.observation import Observed
from doubles_lab.ceiling.signature import Signature, function_name, names_a_function
from doubles_lab.folder import REFERENCE, Folder, function_of, read
from doubles_lab.given import Given
from doubles_lab.implementation import Implementation, Unavailable
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.statistics import Level
from doubles_lab.measure.verify import verify
from doubles_lab.problem import Call

TESTS = Path(__file__).parent
#: Functions by name, with their example, and what is seen of the arguments.
FUNCTIONS = {
    "add": ("ADD", ["int", "int"]),
    "sum_floats": ("floats", ["list"]),
    "word_count": ("words", ["str"]),
    "tokens": ("words", ["str"]),
    "integrate": ("squares", ["callable", "int"]),
    "rot13": ("data", ["bytes"]),
    "common_prefix": ("PREFIX", ["str", "str"]),
    "doubled": ("matrices", ["array"]),
    "totals": ("rows", ["list"]),
    "path_length": ("points", ["list"]),
    "evens": ("numbers", ["list"]),
    "fib": ("FIB", ["int"]),
    "known": ("optional", ["list"]),
    "pairs": ("counts", ["dict"]),
    "check": ("flags", ["list"]),
    "scaled": ("array", ["array", "float"]),
    "bounds": ("BOUNDS", ["sequence"]),
    "squares_of": ("numbers", ["list"]),
}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions are imported from the working directory, as a user's are."""
    monkeypatch.chdir(TESTS)


def seen_of(function: str, example: str, limit: float = 20.0) -> Observed:
    return observation.observe(
        f"ceiling_functions:{function}", [f"ceiling_functions:{example}"], limit, lambda doing: None
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_observed_and_every_approach_writes_its_floors_or_says_why_not(
    function: str, tmp_path: Path
) -> None:
    example, shapes = FUNCTIONS[function]
    seen = seen_of(function, example)
    assert [each.shape.what for each in seen.signature.arguments] == shapes
    every = list(sources.with_floors())
    assert {*sources.USUAL, "c", "cffi_api", "ctypes", "mypyc", "nanobind", "rust_cpython", "numba"} == set(every)
    written = sources.write(tmp_path, seen.signature, every)
    for approach in every:
        floors = [each for each in written.functions if (each.approach, each.part) == (approach, sources.FLOOR)]
        reasons = [each.reason for each in written.without if each.approach == approach]
        assert floors or reasons, approach
        assert all(len(reason) > 20 and not reason.endswith(".") for reason in reasons)
    found = {each.name for each in read(tmp_path).implementations}
    assert found == {REFERENCE, *(each.implementation for each in written.functions)}


def test_what_a_function_reads_and_calls_is_counted() -> None:
    (points,) = seen_of("path_length", "points").signature.arguments
    assert points.shape.inside[0].names == ("x", "y")  # and not its name, which nobody reads
    integrate = seen_of("integrate", "squares").signature
    assert [row.calls for row in integrate.rows] == [10, 1000]
    assert integrate.arguments[0].called_with == (0.0,)


def test_results_that_are_made_of_the_arguments_are_told_from_new_ones() -> None:
    assert seen_of("known", "optional").signature.shares
    assert not seen_of("tokens", "words").signature.shares


#: What is built and called in this suite: each kind of argument and result by several approaches, and not by all. The
#: long tests (`lab-floors`) build every floor of every bundled problem.
BUILT = [
    *(("c", each) for each in list(FUNCTIONS)[1::2]),
    *(("cython", each) for each in ("integrate", "totals", "known", "bounds")),
    *(("ctypes", each) for each in ("add", "common_prefix", "squares_of")),
    *(("cffi_api", each) for each in ("rot13", "common_prefix", "scaled")),
    *(("mypyc", each) for each in ("common_prefix", "totals")),
    *(("numpy", each) for each in ("sum_floats", "doubled", "scaled")),
    *(("numba", each) for each in ("sum_floats", "doubled", "fib")),
    *(("nanobind", each) for each in ("word_count", "doubled")),
    ("pybind11", "common_prefix"),
    ("pyo3", "totals"),
    ("rust_cpython", "word_count"),
]
if EVERY:
    BUILT += [
        *(("cython", each) for each in ("add", "word_count", "common_prefix", "evens", "check")),
        *(("ctypes", each) for each in ("rot13", "scaled")),
        *(("cffi_api", each) for each in ("add", "squares_of")),
        *(("mypyc", each) for each in ("integrate", "path_length", "known", "pairs")),
        *(("pybind11", each) for each in ("totals", "path_length", "known")),
        *(("pyo3", each) for each in ("path_length", "doubled", "integrate")),
        ("rust_cpython", "add"),
    ]


def given_of(folder: Folder, name: str, seen: Observed) -> Given:
    make = folder.problem.input(name).make
    return Given(folder.problem, name, make, problem_input=name, known={"": seen.results[name]})


def wrong_with(folder: Folder, implementation: Implementation, seen: Observed) -> list[str]:
    """What is wrong with what a floor gives for each example."""
    if implementation.binding == "pybind11":  # of two modules of one name, a process has but the first
        inputs = [given_of(folder, name, seen) for name in seen.results]
        with Scratch() as scratch:
            findings = verify(implementation, inputs, Files(scratch), 600.0)
        return [each.reason for each in findings if each.reason]
    try:
        function = function_of(folder, implementation)
    except Unavailable as reason:
        if "not installed" in str(reason):
            pytest.skip(str(reason))
        raise
    found = []
    for name, expected in seen.results.items():
        call = folder.problem.input(name).make()
        if implementation.variant:
            call = Call.of(folder.problem.variant(implementation.variant).make(call))
        result = function(*call.args)
        if not folder.problem.equal(result, expected):
            found.append(f"{implementation.name} on {name}: {result!r:.60}")
    return found


@pytest.mark.parametrize(("approach", "function"), BUILT)
def test_every_floor_builds_and_gives_a_result_of_the_right_type_and_size(
    approach: str, function: str, tmp_path: Path
) -> None:
    seen = seen_of(function, FUNCTIONS[function][0])
    place = tmp_path / function
    written = sources.write(place, seen.signature, [approach])
    assert any(each.part == sources.FLOOR for each in written.functions), written.without
    folder = read(place)
    for each in folder.implementations:
        if each.name != REFERENCE:
            assert wrong_with(folder, each, seen) == []


@pytest.mark.parametrize(
    ("function", "planted", "instead"),
    [
        ("sum_floats", "PyFloat_FromDouble", "PyLong_FromDouble"),
        ("tokens", "text(3, 97)", 'PyBytes_FromString("abc")'),
        ("totals", "PyDict_New()", "PyList_New(0)"),
    ],
)
def test_a_floor_that_gives_another_type_is_found_to_be_wrong(
    function: str, planted: str, instead: str, tmp_path: Path
) -> None:
    seen = seen_of(function, FUNCTIONS[function][0])
    place = tmp_path / function
    sources.write(place, seen.signature, ["c"])
    source = place / "c.c"
    text = source.read_text()
    text = re.sub(r"text\(\d+, 97\)", "text(3, 97)", text)
    assert planted in text
    text = text.replace("PyDict_SetItem(made, PyList_GET_ITEM(keys, i), value)", "0") if "Dict" in planted else text
    text = text.replace("PyDict_Copy", "Py_NewRef") if "Dict" in planted else text
    source.write_text(text.replace(planted, instead))
    folder = read(place)
    (floor,) = [each for each in folder.implementations if each.name == "c-objects"]
    given = given_of(folder, next(iter(seen.results)), seen)
    with Scratch() as scratch:
        findings = verify(floor, [given], Files(scratch), 30.0)
    assert findings[0].broken and "must give" in findings[0].reason


@pytest.mark.parametrize(
    ("function", "example", "said"),
    [
        ("fails", "floats", "raises ValueError: no such luck"),
        ("hangs", "BOUNDS", "hung: no answer within 2 s; --timeout allows more"),
        ("crashes", "floats", "crashed: SIGABRT"),
        ("leaves", "floats", "raises SystemExit: 3"),
        ("waits", "floats", "it is async"),
        ("streams", "floats", "it is async"),
        ("gives_a_set", "floats", "no floor can return a set made beforehand; doubles-lab new and run work without"),
        ("gives_points", "floats", "it returns list[Point], and no floor can return a Point made beforehand"),
        ("gives_a_class_of_its_own", "floats", "cannot be copied to another process"),
        ("by_keyword", "KEYWORD", "by keyword alone"),
        ("sum_floats", "ITERATOR", "an argument is an iterator"),
        ("sum_floats", "makes_nothing", "RuntimeError: no example today"),
        ("sum_floats", "nowhere", "has no 'nowhere'"),
        ("nothing", "floats", "has no 'nothing'"),
        ("add", "floats", "gives 1 argument: missing a required argument: 'b'; for several arguments"),
        ("huge", "floats", "it returns a whole number beyond 64 bits, which no floor can return; doubles-lab new"),
        ("Adder", "floats", "it is a class"),
        ("Adder.total", "floats", "name the method of an object"),
    ],
)
def test_what_has_no_ceiling_says_why_in_a_sentence(function: str, example: str, said: str) -> None:
    with pytest.raises(observation.Refused) as refused:
        seen_of(function, example, limit=2.0 if function == "hangs" else 20.0)
    assert said in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("target", "example", "said"),
    [
        ("ceiling_functions:add", "ADD", "'ADD' is not MODULE:NAME"),
        ("ceiling_functions.py:add", "ceiling_functions:ADD", "did you mean ceiling_functions?"),
    ],
)
def test_a_name_that_was_mistyped_is_refused_with_what_was_meant(target: str, example: str, said: str) -> None:
    with pytest.raises(observation.Unknown, match=re.escape(said)):
        observation.observe(target, [example], 20.0, lambda doing: None)


@pytest.mark.parametrize(
    ("function", "example", "said"),
    [
        ("draws", "floats", "not deterministic"),
        ("prints", "floats", "It prints"),
        ("sorts", "floats", "It changes its arguments"),
        ("fails_on_large", "floats", "Left out floats-1000: it raises ValueError: too large"),
        ("add", "HASHABLE", "functools.cache would answer 50% of the 4 examples"),
    ],
)
def test_how_a_function_behaves_is_told_and_the_rest_goes_on(function: str, example: str, said: str) -> None:
    assert any(said in note for note in seen_of(function, example).notes)


def test_a_lambda_a_method_and_a_generator_are_functions_too() -> None:
    assert seen_of("LAMBDA", "floats").signature.name == "lambda"
    assert seen_of("ADDER.total", "floats").signature.name == "total"
    assert seen_of("evens", "numbers").signature.result.what == "list"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.5, 2.5, True),
        (1, 1.0, False),
        (True, 1, False),
        ([1.0], [2.0], True),
        ([1.0], [2.0, 3.0], False),
        ([1], [2.0], False),
        (["a"], [b"a"], False),
        ([("a", 1)], [("b", 2)], True),
        ([("a", 1)], [("b", 2.0)], False),
        ({"a": 1}, {"b": 2}, True),
        ({"a": 1}, {"b": 2.0}, False),
        ("ab", "cd", True),
        ("ab", "c", False),
        (np.zeros(3), np.ones(3), True),
        (np.zeros(3), np.ones((3, 1)), False),
        (np.zeros(3), np.zeros(3, int), False),
        (None, None, True),
        (None, 0, False),
    ],
)
def test_floors_are_held_to_type_and_size(one: Any, other: Any, same: bool) -> None:
    assert examples.alike(one, other) is same


def test_an_example_is_a_value_a_call_several_calls_or_what_makes_them() -> None:
    def names(example: str) -> list[str]:
        return [each.name for each in examples.examples_of("ceiling_functions:add", [f"ceiling_functions:{example}"])]

    assert names("ADD") == ["ADD"]
    assert names("floats") == ["floats-10", "floats-1000", "floats-100000"]
    assert names("squares") == ["squares-0", "squares-1"]
    assert names("matrices") == ["3-by-3", "100-by-100"]
    assert names("BOUNDS") == ["BOUNDS"]
    twice = examples.examples_of("ceiling_functions:add", ["ceiling_functions:ADD"] * 3)
    assert [each.name for each in twice] == ["ADD", "ADD-2", "ADD-3"]


# What is said


def level(seconds: float) -> Level:
    return Level(float(np.log(seconds)), 1e-6, 9, 1e-6)


def an_answer(signature: Signature, floors: dict[str, tuple[float, str]], own: float) -> answer.Answer:
    """An answer whose floors take so many seconds, and spend them on one thing; arrays are those with "array"."""
    reference = level(own)
    ceilings = []
    for approach, (seconds, part) in floors.items():
        name, _, variant = approach.partition(" ")
        function = sources.Function("f", name, "typed", sources.FLOOR, signature, "list", variant)
        floor = level(seconds)
        ceilings.append(answer.Ceiling(function, floor, reference.over(floor), None, {part: seconds}))
    ceilings.sort(key=lambda each: each.floor.log)
    return answer.Answer(signature.rows[-1].name, 1, reference, tuple(ceilings), ())


def test_the_sentence_says_what_to_do() -> None:
    signature = seen_of("sum_floats", "floats").signature
    slow = an_answer(signature, {"pyo3": (3.7e-6, answer.ARGUMENTS)}, 3.4e-6)
    assert answer.sentence([slow], signature) == (
        "Not worth it: sum_floats takes 3.4 µs, and taking the arguments alone costs 3.7 µs in PyO3, "
        "of 3.7 µs at least."
    )
    worth = an_answer(signature, {"cython": (1e-6, answer.ARGUMENTS), "pyo3 array": (0.2e-6, answer.ARGUMENTS)}, 85e-6)
    said = answer.sentence([worth], signature)
    assert said.startswith("Worth trying: at most 85.0 times as fast, with Cython")
    assert "pass an array instead of a list and it is 425, with PyO3" in said
    callback = seen_of("integrate", "squares").signature
    called = an_answer(callback, {"cython": (40e-6, answer.CALLBACKS)}, 50e-6)
    assert answer.sentence([called], callback).startswith("Your time is in the callback: 1,000 calls back take 40.0 µs")
    seldom = an_answer(callback, {"cython": (40e-6, answer.CALLBACKS)}, 500e-6)
    assert answer.sentence([seldom], callback).startswith("Worth trying: at most 12.5 times as fast")
    assert "nothing is known" in answer.sentence([], signature)


def test_nothing_can_win_only_where_every_floor_is_shown_to_be_slower() -> None:
    signature = seen_of("sum_floats", "floats").signature
    lost = replace(an_answer(signature, {"pyo3": (2e-6, answer.CALL)}, 1e-6), example="small")
    won = replace(an_answer(signature, {"pyo3": (2e-6, answer.CALL)}, 9e-6), example="large")
    assert answer.smallest([lost, won]) == "Nothing can win on small; from large on something can."
    assert answer.smallest([lost, lost]) == "Nothing can win on any of the examples."
    assert answer.smallest([won, won]) == "Native code can win on each example: on large at most 4.50 times as fast."
    assert answer.smallest([won]) == answer.smallest([lost]) == ""


def test_only_what_is_worth_trying_is_proposed() -> None:
    signature = seen_of("sum_floats", "floats").signature
    worth = an_answer(signature, {"cython": (1e-6, answer.ARGUMENTS), "pyo3 array": (0.2e-6, answer.ARGUMENTS)}, 85e-6)
    assert answer.worthwhile([worth]) == ["cython"]
    alike = an_answer(signature, {"cython": (1e-6, answer.ARGUMENTS), "pyo3": (1e-6, answer.ARGUMENTS)}, 85e-6)
    assert sorted(answer.worthwhile([alike])) == ["cython", "pyo3"]
    slow = an_answer(signature, {"pyo3": (3.7e-6, answer.ARGUMENTS)}, 3.4e-6)
    called = an_answer(signature, {"cython": (40e-6, answer.CALLBACKS)}, 80e-6)
    assert answer.worthwhile([slow]) == answer.worthwhile([called]) == answer.worthwhile([]) == []


@pytest.mark.parametrize(
    ("name", "other"),
    [("parse", "parse"), ("match", "match_native"), ("_parse", "parse"), ("1st", "st"), ("é", "value"), ("a-b", "a_b")],
)
def test_the_name_that_is_proposed_is_one_in_every_language(name: str, other: str) -> None:
    assert function_name(name) == other and names_a_function(other)
    assert names_a_function(name) is (name == other)


# The command


def test_the_command_measures_and_says_what_to_do(lab: Lab) -> None:
    shutil.copy(TESTS / "ceiling_functions.py", lab.directory)
    done = lab(
        "ceiling", "ceiling_functions:sum_floats", "--example", "ceiling_functions:floats", "--approach", "cython",
        "--budget", "3s", "--output", "floors", timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "sum_floats takes" in done.stdout and "At most ×" in done.stdout
    assert "Worth trying" in done.stdout or "Not worth it" in done.stdout
    assert {each.name for each in (lab.directory / "floors").iterdir()} >= {"problem.py", "cython.pyx"}


def test_the_sources_are_shown_on_request_and_nothing_is_built(lab: Lab) -> None:
    shutil.copy(TESTS / "ceiling_functions.py", lab.directory)
    done = lab("ceiling", "ceiling_functions:add", "--example", "ceiling_functions:ADD", "--source")
    assert done.returncode == 0
    for said in ("fn add_typed<'py>(", "def add_typed(", "PROBLEM = Problem("):
        assert said in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ceiling_functions:add"], 2, "--example MODULE:NAME"),
        (["nowhere"], 2, "neither MODULE:FUNCTION nor the folder"),
        (["ceiling_functions:add", "--example", "ceiling_functions:ADD", "--approach", "pyo4"], 2, "did you mean pyo3"),
        (["nowhere:add", "--example", "ceiling_functions:ADD"], 2, "there is no module 'nowhere'"),
        (["ceiling_functions:fails", "--example", "ceiling_functions:floats"], 4, "raises ValueError: no such luck"),
        (["ceiling_functions:add", "--input", "small"], 2, "--input for the folder of a problem"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_a_code(lab: Lab, arguments: list[str], code: int, said: str) -> None:
    shutil.copy(TESTS / "ceiling_functions.py", lab.directory)
    done = lab("ceiling", *arguments)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_the_reference_of_a_problem_has_a_ceiling_too(lab: Lab) -> None:
    done = lab("ceiling", TESTS / "problems" / "word_count", "--input", "words", "--source", "--approach", "cython")
    assert done.returncode == 0, done.stderr
    assert "def word_count_typed(str text not None):" in done.stdout


def test_without_its_tools_an_approach_says_so_once_and_nothing_is_timed(lab: Lab) -> None:
    shutil.copy(TESTS / "ceiling_functions.py", lab.directory)
    done = lab(
        "ceiling", "ceiling_functions:add", "--example", "ceiling_functions:ADD", "--approach", "pyo3",
        "--budget", "1s", PATH=str(lab.directory),
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert done.stdout.count("pyo3: no Rust (https://rustup.rs)") == 1
    assert "nothing is known" in done.stdout

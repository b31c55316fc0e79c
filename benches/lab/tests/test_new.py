"""The folder that `doubles-lab new` writes: its problem, the files of the approaches, and what bad input gets."""

from __future__ import annotations

import ast
import itertools
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import EVERY, SHORT, Lab

from doubles_lab.folder import REFERENCE, function_of, read
from doubles_lab.given import edge_cases_of, inputs_of
from doubles_lab.implementation import Raises
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.verify import UNWRITTEN, unwritten, verify
from doubles_lab.observed import kind_of
from doubles_lab.problem import exact
from doubles_lab.results.findings import Finding
from doubles_lab.scaffold import edges, write
from doubles_lab.scaffold.create import Created, create

TESTS = Path(__file__).parent
#: Functions by name, with their example.
FUNCTIONS = {
    "add": "ADD",
    "sum_floats": "floats",
    "word_count": "words",
    "integrate": "SQUARE",
    "rot13": "data",
    "common_prefix": "PREFIX",
    "doubled": "matrices",
    "totals": "rows",
    "path_length": "few_points",
    "evens": "numbers",
    "known": "optional",
    "pairs": "counts",
    "check": "flags",
    "scaled": "array",
    "bounds": "BOUNDS",
    "sorts": "floats",
    "gives_a_set": "floats",
    "gives_points": "floats",
    "first_or_none": "numbers",
    "scored": "words",
    "LAMBDA": "floats",
    "ADDER.total": "floats",
}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions are imported from the working directory, as a user's are."""
    monkeypatch.chdir(TESTS)


def made(folder: Path, function: str, approaches: list[str]) -> Created:
    module, example = "ceiling_functions", FUNCTIONS.get(function, "floats")
    if function not in FUNCTIONS:
        module, example = "mechanical_functions", MECHANICAL.get(function, "floats")
    return create(folder, f"{module}:{function}", [f"{module}:{example}"], approaches, 20.0, lambda doing: None)


def name_of(function: str) -> str:
    return f"my_{function.rpartition('.')[2].lower()}"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_approach_has_a_file_whose_function_is_found(function: str, tmp_path: Path) -> None:
    folder = tmp_path / name_of(function)
    every = [each for each in write.with_templates() if each != "mypyc"]  # which is asked about its types
    created = made(folder, function, every)
    assert {each.approach for each in created.sources} | {each.approach for each in created.without} == set(every)
    found = read(folder)
    assert found.problem.name == folder.name
    named = {each.approach.replace("_", "-") for each in created.sources if each.file != "lib.c"}
    assert {each.name for each in found.implementations} == {REFERENCE, *named}
    for each in created.sources:
        assert each.text.count("To make it fast:") == (each.file != "lib.c")
        assert ("not written yet" in each.text.lower() or "todo!(" in each.text) is not each.works
        longest = max(map(len, each.text.splitlines()))
        assert longest <= 120 or each.file in ("c.c", "lib.c", "pybind11.cpp", "nanobind.cpp")  # by clang-format
    for given in [*inputs_of(found.problem)[:1], *edge_cases_of(found.problem)]:
        assert given.expected is not ...  # it can be called
    assert all(name == given.name for name, given in zip(found.problem.edge_cases, edge_cases_of(found.problem)))


def test_what_is_written_is_formatted_as_ruff_does(tmp_path: Path) -> None:
    for function in ("integrate", "scaled", "evens", "word_count", "sorts", "path_length"):
        made(tmp_path / name_of(function), function, ["python", "numba"])
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "--diff", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_problem_has_the_examples_as_inputs_and_the_function_as_its_reference(tmp_path: Path) -> None:
    made(tmp_path / "sum_it", "sum_floats", ["python"])
    problem = read(tmp_path / "sum_it").problem
    (prices,) = problem.inputs
    assert (prices.name, prices.sizes, prices.fresh) == ("floats", (10, 1_000, 100_000), False)
    assert problem.reference.__module__ == "ceiling_functions"
    assert problem.equal is not exact and problem.equal(1.0, 1.0 + 1e-12)  # a sum of floats
    made(tmp_path / "sort_it", "sorts", ["python"])
    problem = read(tmp_path / "sort_it").problem
    assert problem.inputs[0].fresh and problem.equal is exact
    made(tmp_path / "double_it", "doubled", ["python"])
    assert [each.name for each in read(tmp_path / "double_it").problem.inputs] == ["3-by-3", "100-by-100"]


def test_what_hangs_is_no_edge_case_and_what_raises_is_one(tmp_path: Path) -> None:
    created = made(tmp_path / "integrate_it", "integrate", ["python"])
    assert "Left out the edge case 'n: 2**63': the function hung: no answer within 2 s" in created.notes
    cases = {each.name: each.expected for each in edge_cases_of(read(tmp_path / "integrate_it").problem)}
    assert cases["n: zero"] == Raises("ZeroDivisionError") and "n: 2**63" not in cases


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (3, ["zero", "negative", "2**63"]),
        (1.5, ["zero", "negative", "NaN", "infinity"]),
        ("abc", ["empty", "one character", "non-ASCII", "lone surrogate"]),
        (b"abc", ["empty", "one byte"]),
        ([1.5], ["empty", "one element", "NaN"]),
        ([1], ["empty", "one element", "negative", "2**63"]),
        (["a"], ["empty", "one element", "non-ASCII", "lone surrogate", "empty within"]),
        ({"a": 1}, ["empty", "one element", "lone surrogate as a key", "2**63 as a value"]),
        (("a", 1), ["empty", "negative"]),
        ({1.5}, ["empty", "one element"]),
        (np.ones((2, 3)), ["empty", "one element", "NaN"]),
        (np.ones(3, np.int32), ["smallest", "largest"]),
    ],
)
def test_edge_cases_follow_from_types_and_are_values_of_the_same_kind(value: Any, names: list[str]) -> None:
    kind = kind_of(value)
    found = edges.edges_of(kind, value)
    assert set(names) <= set(found)
    for each in found.values():
        read_again = eval(edges.literal(each), {"math": math, "np": np})
        assert exact(read_again, each) and type(each) is type(value)


#: Functions that are mechanical to translate, with their example.
MECHANICAL = {
    "mixed": "MIXED",
    "whole": "WHOLE",
    "steps": "STEPS",
    "fib": "FIB",
    "doubles": "text",
    "mean": "floats",
    "running": "flagged",
    "by_index": "INDEXED",
    "repeated": "REPEATED",
    "positive": "floats",
}
#: What is built natively in this suite, with what each gives: Rust takes long, so it has few.
WORKS = [("cython", "word_count"), ("cython", "doubled"), ("cython", "running"), ("mypyc", "scored")]
WORKS += [("numba", "mean"), ("numba", "scaled"), ("cffi_api", "mean"), ("ctypes", "mean"), ("c", "mean")]
WORKS += [("python", each) for each in FUNCTIONS if each != "ADDER.total"]
if EVERY:
    WORKS += [("cython", each) for each in ("evens", "scored", "mean", "doubles")]
    WORKS += [("mypyc", "sum_floats"), ("pybind11", "running")]
UNWRITTEN_YET = [
    ("c", "totals"),
    ("nanobind", "doubled"),
    ("pyo3", "totals"),
    ("numba", "word_count"),
    ("cython", "ADDER.total"),
]
if EVERY:
    UNWRITTEN_YET += [("c", "integrate"), ("rust_cpython", "word_count")]


def findings_of(function: str, approach: str, folder: Path) -> list[Finding]:
    (source, *_) = made(folder, function, [approach]).sources
    found = read(folder)
    (each,) = [each for each in found.implementations if each.name == source.approach.replace("_", "-")]
    inputs = [*edge_cases_of(found.problem), *inputs_of(found.problem)[:1]]
    with Scratch() as scratch:
        return verify(each, inputs, Files(scratch), 600.0)


@pytest.mark.parametrize(("approach", "function"), WORKS)
def test_a_translation_is_built_and_right_on_every_edge_case(approach: str, function: str, tmp_path: Path) -> None:
    findings = findings_of(function, approach, tmp_path / name_of(function))
    if "not installed" in findings[0].reason:
        pytest.skip(findings[0].reason)
    assert [(each.case, each.reason) for each in findings if each.reason] == []


#: Values of each type, small ones and those at the ends.
INTS = [-7, -2, -1, 0, 1, 2, 3, 7, 27, -(2**63), -(2**62), 2**53, 2**62, 2**63 - 1]
FLOATS = [-1e300, -2.5, -0.0, 0.0, 0.1, 1.0, 2.5, 1e300, math.inf, math.nan]
ARGUMENTS: dict[str, list[list[Any]]] = {
    "mixed": [INTS, INTS, FLOATS],
    "whole": [INTS, INTS],
    "steps": [INTS],
    "fib": [list(range(-3, 15))],
    "doubles": [["", "a", "aa", "aaa", "xx''\\\\", "éé中中", "😀😀", "a\0\0b"]],
    "mean": [[[], [1.5], FLOATS, [0.1] * 10]],
    "running": [[[], [1.5], FLOATS], [[], [True], [False, True] * 5]],
    "by_index": [[[], [1.5], FLOATS, [0.5] * 7], [-12, -2, -1, 0, 1, 2, 7, 8, 2**63 - 1]],
    "positive": [[[], [1.5], FLOATS]],
    "repeated": [["", "a", "aaxx中中b"], [-9, -1, 0, 1, 2, 8]],
}
#: By approach, the functions that are tried with many arguments.
TRIED = [*(("c", each) for each in MECHANICAL if each != "running"), ("pyo3", "mixed"), ("pyo3", "running")]
TRIED += [("ctypes", "whole"), ("cffi_api", "mixed"), ("nanobind", "mixed"), ("pybind11", "repeated")]
TRIED += [("numba", "by_index"), ("cython", "by_index")]
if EVERY:
    TRIED += [("pyo3", "doubles"), ("pyo3", "by_index"), ("ctypes", "by_index")]
    TRIED += [("cython", "steps"), ("cython", "repeated")]


def outcome(function: Any, arguments: tuple[Any, ...]) -> Any:
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__


@pytest.mark.parametrize(("approach", "function"), TRIED)
def test_a_translation_does_what_the_function_does_or_raises_an_overflow(
    approach: str, function: str, tmp_path: Path
) -> None:
    (source, *_) = made(tmp_path / name_of(function), function, [approach]).sources
    assert source.works
    folder = read(tmp_path / name_of(function))
    (translated,) = [each for each in folder.implementations if each.name == approach.replace("_", "-")]
    call = function_of(folder, translated)
    overflows = 0
    for arguments in itertools.product(*ARGUMENTS[function]):
        gives, must = outcome(call, arguments), outcome(folder.problem.reference, arguments)
        if gives == "OverflowError" != must:
            overflows += 1
            assert any(type(each) is int and abs(each) > 1 << 50 for each in arguments), arguments
        else:
            assert exact(gives, must), arguments
    assert bool(overflows) is (INTS in ARGUMENTS[function])


def test_numba_gets_nothing_that_it_does_not_compile(tmp_path: Path) -> None:
    works = {each: made(tmp_path / each, each, ["numba"]).sources[0].works for each in ("positive", "doubles", "mean")}
    assert works == {"positive": False, "doubles": False, "mean": True}


@pytest.mark.parametrize(
    "function",
    [
        "starts_with_an_int",
        "may_have_no_value",
        "may_not_return",
        "reads_behind_its_loop",
        "rounds_a_power",
        "compares_exactly",
        "has_a_name_of_ours",
        "has_a_word_of_c",
    ],
)
def test_what_is_not_certain_is_not_translated(function: str, tmp_path: Path) -> None:
    works = {each.file: each.works for each in made(tmp_path / "uncertain", function, ["c", "pyo3", "cython"]).sources}
    assert works == {"c.c": False, "pyo3.rs": False, "cython.pyx": True}
    assert "    cdef " not in (tmp_path / "uncertain" / "cython.pyx").read_text()


@pytest.mark.parametrize(("approach", "function"), UNWRITTEN_YET)
def test_what_is_not_written_yet_is_built_and_says_so_once(approach: str, function: str, tmp_path: Path) -> None:
    first, *others = findings_of(function, approach, tmp_path / name_of(function))
    if "not installed" in first.reason:
        pytest.skip(first.reason)
    assert first.broken and first.reason.startswith(f"{UNWRITTEN}: ") and f", in {approach}." in first.reason
    assert {each.reason for each in others} == {"is not tried, since it is not written yet"}
    assert not any(each.broken for each in others)


@pytest.mark.parametrize(
    ("raised", "message", "said"),
    [
        ("NotImplementedError", "", UNWRITTEN),
        ("NotImplementedError", "soon", f"{UNWRITTEN}: soon"),
        ("PanicException", "not yet implemented: soon", f"{UNWRITTEN}: soon"),
        ("PanicException", "index out of bounds", ""),
        ("ValueError", "not written yet", ""),
    ],
)
def test_what_is_not_written_is_known_by_its_exception(raised: str, message: str, said: str) -> None:
    assert unwritten({"raised": raised, "message": message}) == said


@pytest.mark.skipif(shutil.which("rustfmt") is None, reason="rustfmt is not installed")
def test_the_guide_shows_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = TESTS.parents[2] / "docs"
    shown = (docs / "results/example/6-translation.txt").read_text(encoding="utf-8")
    shutil.copy(docs / "example/orders.py", tmp_path)
    monkeypatch.chdir(tmp_path)
    create(tmp_path / "total", "orders:total", ["orders:prices"], ["pyo3"], 20.0, lambda doing: None)
    assert (tmp_path / "total" / "pyo3.rs").read_text(encoding="utf-8").strip() in shown


# The command


def test_the_command_names_its_files_and_the_next_command_which_runs(lab: Lab) -> None:
    shutil.copy(TESTS / "ceiling_functions.py", lab.directory)
    done = lab(
        "new", "counted", "--from", "ceiling_functions:word_count", "--example", "ceiling_functions:words",
        "--approach", "python", "--approach", "c",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "counted/python.py: a translation that works" in done.stdout
    assert "counted/c.c: a signature without a body: write it" in done.stdout
    assert done.stdout.endswith(
        "Next: write counted/c.c, and then\n"
        "      doubles-lab run counted --quick\n"
        "How c reads such arguments: doubles-lab ceiling counted --approach c --source\n"
    )
    assert ast.parse((lab.directory / "counted" / "problem.py").read_text())
    done = lab("verify", "counted", "--examples", "20")
    assert done.returncode == 1 and "not written yet" in done.stdout
    assert "broke what they state: 1" in " ".join(done.stdout.split())
    assert "Right everywhere: 2" in " ".join(done.stdout.split())
    done = lab("run", "counted", *SHORT, "--examples", 0)
    assert done.returncode == 1, done.stderr
    assert "not written yet: make dict[str, int] of text, in c.c" in done.stdout
    assert "2 of 3 contenders were timed" in done.stdout


NEW = ["--from", "ceiling_functions:add", "--example", "ceiling_functions:ADD"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["added"], 2, "Missing option '--from'"),
        (["added", "--from", "ceiling_functions:add"], 2, "--example MODULE:NAME"),
        (["added", "--from", "nowhere", *NEW[2:]], 2, "nowhere is not MODULE:FUNCTION"),
        (["added", "--from", "nowhere:add", *NEW[2:]], 2, "there is no module 'nowhere'"),
        (["added", "--from", "ceiling_functions:ad", *NEW[2:]], 2, "did you mean add?"),
        (["added", "--from", "ceiling_functions:waits", "--example", "ceiling_functions:floats"], 2, "it is async"),
        (["added", "--from", "ceiling_functions:Adder", "--example", "ceiling_functions:floats"], 2, "it is a class"),
        (["added", "--from", "ceiling_functions:fails", "--example", "ceiling_functions:floats"], 4, "no such luck"),
        (["added", *NEW, "--approach", "pyo4"], 2, "did you mean pyo3"),
        (["full", *NEW], 2, "full has files in it"),
        (["a_file", *NEW], 2, "a_file is a file"),
        (["1st", *NEW], 2, "'1st' cannot be the name of a function in Python, Rust, C, C++ and Cython alike"),
        (["fn", *NEW], 2, "such as fn_native"),
        (["a-b", *NEW], 2, "such as a_b"),
        (["a_file/added", *NEW], 2, "cannot be written"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_a_code_and_writes_nothing(
    lab: Lab, arguments: list[str], code: int, said: str
) -> None:
    shutil.copy(TESTS / "ceiling_functions.py", lab.directory)
    (lab.directory / "full").mkdir()
    (lab.directory / "full" / "mine.py").touch()
    (lab.directory / "a_file").touch()
    before = sorted(lab.directory.rglob("*"))
    done = lab("new", *arguments)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert [each for each in sorted(lab.directory.rglob("*")) if "__pycache__" not in str(each)] == before


def test_without_a_compiler_everything_is_written_and_an_empty_folder_is_filled(lab: Lab) -> None:
    shutil.copy(TESTS / "ceiling_functions.py", lab.directory)
    (lab.directory / "added").mkdir()
    done = lab("new", "added", *NEW, PATH=str(lab.directory))
    assert done.returncode == 0, done.stderr
    assert {each.name for each in (lab.directory / "added").iterdir()} == {
        "problem.py", "cython.pyx", "mypyc.py", "pyo3.rs", "pybind11.cpp",
    }  # fmt: skip


def test_a_result_that_no_floor_returns_has_its_files_and_no_ceiling(lab: Lab) -> None:
    shutil.copy(TESTS / "ceiling_functions.py", lab.directory)
    done = lab(
        "new", "a_set", "--from", "ceiling_functions:gives_a_set", "--example", "ceiling_functions:floats",
        "--approach", "pyo3",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Next: write a_set/pyo3.rs, and then\n      doubles-lab run a_set --quick\n")

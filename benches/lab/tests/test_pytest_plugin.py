"""The plug-in for pytest, in runs of pytest of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Lab, cpu_of_its_own

from doubles_lab.results import saved

pytest_plugins = ["pytester"]

PROBLEM = """
from doubles_lab import Input, Problem

def squares(numbers):
    result = []
    for number in numbers:
        result.append(number * number)
    return result

PROBLEM = Problem(
    squares, [Input.sized("range", lambda n: list(range(n)), [1, 500])], edge_cases={"empty": [], "text": ["a"]}
)
"""
SLOWER = """
import time

def squares(numbers):
    time.sleep(0.001)
    return [number * number for number in numbers]
"""
#: A race that takes a second, where what is tested is not a time.
SHORT = "--doubles-lab-budget=1s"


def written(pytester: pytest.Pytester, source: str, problem: str = PROBLEM, **files: str) -> None:
    """Writes a module of tests, and a problem's folder beside it."""
    folder = pytester.path / "squares"
    folder.mkdir()
    (folder / "problem.py").write_text(problem, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.py").write_text(content, encoding="utf-8")
    pytester.makepyfile(test_squares=source)


def run(pytester: pytest.Pytester, *arguments: str, passed: int = 0, failed: int = 0, skipped: int = 0) -> str:
    """Runs the tests and returns what pytest printed."""
    with cpu_of_its_own(), pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_XDIST_WORKER", raising=False)  # that is of the tests of the lab
        done = pytester.runpytest_subprocess("--strict-markers", "-W", "error", *arguments)
    done.assert_outcomes(passed=passed, failed=failed, skipped=skipped)
    return done.stdout.str()


FOLDER = """
def test_folder(doubles_lab):
    result = doubles_lab.race("squares")
    assert result.timed and result.cases == ["range-1", "range-500"] and not result.unavailable
    assert result.speedup("python") < 1 < result.speedup("reference", over="python")
    assert result.speedup("python").low <= result.speedup("python") <= result.speedup("python").high
    assert result.time("python", "range-1") > 0.001 > result.time("reference")
    assert result.leading() == ["reference"]
"""


def test_right(pytester: pytest.Pytester, lab: Lab) -> None:
    written(pytester, FOLDER, python=SLOWER)
    said = run(pytester, SHORT, "--doubles-lab-output=out", "--doubles-lab-seed=5", passed=1)
    assert "= doubles-lab =" in said and "test_squares.py::test_folder" in said and "range-500: squares" in said
    assert "shuffled with seed 5;" in " ".join(said.split()) and "Saved: out/test_squares-test_folder.json" in said
    file = pytester.path / "out" / "test_squares-test_folder.json"
    result = saved.read(file)
    assert (result.problem, result.seed, result.budget, result.baseline) == ("squares", 5, 1.0, "reference")
    assert result.command == "pytest test_squares.py::test_folder --doubles-lab-seed 5"
    compared = lab("compare", file, file, "--fail-if-slower", "10%")
    assert compared.returncode == 0, compared.stderr
    assert "python" in compared.stdout


def test_too_slow(pytester: pytest.Pytester) -> None:
    source = 'def test(doubles_lab):\n    assert doubles_lab.race("squares", cases=["range-1"]).speedup("python") > 2'
    written(pytester, source, python=SLOWER)
    said = run(pytester, SHORT, failed=1)
    assert re.search(r"assert \S+ \[\S+–\S+\] > 2\n", said) and "= speedup('python')" in said
    assert "range-1: squares" in said


def test_wrong(pytester: pytest.Pytester) -> None:
    source = 'def test(doubles_lab):\n    doubles_lab.race("squares")'
    slightly = "def squares(numbers): return [n * n if n < 100 else 0 for n in numbers]"
    written(pytester, source, python=slightly)
    said = run(pytester, "--doubles-lab-seed=1", failed=1)
    assert "not every implementation is right:" in said
    assert "python: on range-500 it gives [0] at 100 and must give [10000]" in said
    assert "Ranked" not in said


def test_a_generated_difference_is_small(pytester: pytest.Pytester) -> None:
    source = 'def test(doubles_lab):\n    doubles_lab.race("squares")'
    problem = PROBLEM.replace('"empty": []', '"negative": [-7, 3]')
    written(pytester, source, problem, python="def squares(numbers): return [n * n for n in numbers] or None")
    said = run(pytester, "--doubles-lab-seed=1", failed=1)
    assert "python: on generated ([]) it gives None (NoneType) and must give [] (list)" in said
    assert "--doubles-lab-seed 1" in said


FUNCTIONS = """
import pytest
from doubles_lab import Input, Problem

def cubes(numbers):
    return [number ** 3 for number in numbers]

def fast(numbers):
    return [number * number * number for number in numbers]

PROBLEM = Problem(cubes, [Input.of("three", [1, 2, 3])], edge_cases={"empty": []})

def test_of_the_module(doubles_lab):
    assert doubles_lab.race(PROBLEM, {"fast": fast, "named": "test_squares:fast"}).speedup("fast") > 0

def test_beside_a_folder(doubles_lab):
    doubles_lab.race("squares", {"mine": "other:right"}, cases=["range-1"])

def test_local(doubles_lab):
    doubles_lab.race(PROBLEM, {"local": lambda numbers: []})

def test_local_problem(doubles_lab):
    doubles_lab.race(Problem(cubes, [Input.of("one", [1])]), {"fast": fast})

def test_missing(doubles_lab):
    doubles_lab.race(PROBLEM, {"fast": "nowhere:fast"})

def test_no_folder(doubles_lab):
    doubles_lab.race("circles")

def test_no_case(doubles_lab):
    doubles_lab.race(PROBLEM, {"fast": fast}, cases=["tree"])

def test_twice(doubles_lab):
    doubles_lab.race("squares", {"python": fast})

def test_not_there(doubles_lab):
    result = doubles_lab.race("squares", cases=["range-1"])
    assert "no_such_module is not installed" in result.unavailable["python-broken"]
    result.speedup("python-broken")

def test_no_other(doubles_lab):
    doubles_lab.race("squares", contenders=["python-broken"])
"""


def test_functions(pytester: pytest.Pytester) -> None:
    written(
        pytester,
        FUNCTIONS,
        python=SLOWER,
        python_broken="import no_such_module\ndef squares(numbers): return []",
    )
    pytester.makepyfile(other="def right(numbers): return [n * n for n in numbers]")
    said = run(pytester, SHORT, passed=2, failed=8)
    assert "the implementation local is not a global of any module: each implementation runs in a process" in said
    assert "the problem cubes is not a global of any module" in said
    assert "fast: there is no module 'nowhere'" in said
    assert "circles is no folder" in said
    assert "no case is called 'tree'; did you mean three?" in said
    assert "two implementations are called 'python'" in said
    assert "python-broken was not timed on range-1: no_such_module is not installed" in said
    assert "no implementation can run here, so none was verified" in said
    assert "During handling" not in said


def test_nothing_is_timed_where_it_is_not_wanted(pytester: pytest.Pytester) -> None:
    more = '\ndef test_verified(doubles_lab):\n    assert not doubles_lab.race("squares").timed\n'
    written(pytester, FOLDER.replace("result.timed and ", "") + more, python=SLOWER)
    said = run(pytester, "-rs", "--doubles-lab-verify-only", passed=1, failed=1)
    assert "2 races were verified and not timed: --doubles-lab-verify-only" in said
    assert "Ranked" not in said


def test_a_time_that_was_not_taken_skips(pytester: pytest.Pytester) -> None:
    source = 'def test(doubles_lab):\n    assert doubles_lab.race("squares").speedup("python") > 2'
    written(pytester, source, python=SLOWER)
    assert "not timed: --doubles-lab-verify-only" in run(pytester, "-rs", "--doubles-lab-verify-only", skipped=1)


def test_beside_xdist(pytester: pytest.Pytester) -> None:
    source = """
        import pytest

        @pytest.mark.parametrize("n", [1, 2])
        def test(doubles_lab, n):
            assert not doubles_lab.race("squares").timed

        def test_wrong(doubles_lab):
            doubles_lab.race("squares", {"wrong": "other:wrong"})
    """
    written(pytester, source, python=SLOWER)
    pytester.makepyfile(other="def wrong(numbers): return []")
    said = run(pytester, "-n2", "-p", "no:benchmark", passed=2, failed=1)
    assert "2 races were verified and not timed: pytest-xdist runs other tests at the same time" in said
    assert "wrong: on range-1 it gives [] and must give [0]" in said


def test_by_mark_and_beside_benchmark(pytester: pytest.Pytester) -> None:
    source = """
        def test_other(benchmark):
            assert benchmark(len, "abc") == 3

        def test(doubles_lab):
            assert doubles_lab.race("squares", cases=["range-1"]).timed
    """
    written(pytester, source, python=SLOWER)
    assert "1 deselected" in run(pytester, SHORT, "-m", "doubles_lab", passed=1)
    said = run(pytester, SHORT, passed=2)
    assert "test_other" in said and "test_squares.py::test" in said


def test_options(pytester: pytest.Pytester) -> None:
    written(pytester, FOLDER)
    done = pytester.runpytest_subprocess("--doubles-lab-budget=soon")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert "'soon' is not a time such as 90s, 5m or 1m30s" in done.stderr.str()
    pytester.makepyfile(test_squares="def test(): pass")
    pytester.runpytest_subprocess("-p", "no:doubles_lab", "--doubles-lab-verify-only").stderr.fnmatch_lines(
        "*unrecognized arguments: --doubles-lab-verify-only"
    )


def test_who_does_not_use_it_pays_nothing(tmp_path: Path) -> None:
    """Loading the plug-in imports nothing of the lab but what a problem is."""
    loaded = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport doubles_lab.pytest_plugin\nprint(*sys.modules - before)"
    )
    command = [sys.executable, "-c", f"{loaded.replace('- before', '.keys() - before')}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    ours = {name for name in done.stdout.split() if name.startswith("doubles_lab")}
    assert ours == {"doubles_lab", "doubles_lab.problem", "doubles_lab.pytest_plugin"}
    assert not {"numpy", "altair", "hypothesis", "click", "rich", "pyperf"} & set(done.stdout.split())

"""The race on a problem: implementations that are wrong in any way are found, and those that are right are timed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Lab
from test_problem import PROBLEMS, folder

from doubles_lab.cli import files
from doubles_lab.cli.options import takes_text
from doubles_lab.cli.run import verifying
from doubles_lab.folder import Folder, read
from doubles_lab.given import Given, NotForThis, inputs_of, of_input
from doubles_lab.implementation import Raises
from doubles_lab.measure import race
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.building import build
from doubles_lab.measure.schedule import QUICK, Plan
from doubles_lab.measure.threads import lets_go
from doubles_lab.measure.verify import verify_all
from doubles_lab.results import record
from doubles_lab.results.findings import read as read_findings
from doubles_lab.results.record import Row

SHORT = replace(QUICK, processes=2, rounds=1, sample_ms=2.0, limit=10.0)

LIST = """
from doubles_lab.problem import Call, Input, Problem

def squares(numbers):
    return [number * number for number in numbers]

def make(n):
    return list(range(n))

PROBLEM = Problem(
    squares, [Input.sized("range", make, [1, 10, 20_000])], edge_cases={"empty": [], "negative": [-3], "text": ["a"]}
)
"""

NUMBER = """
from doubles_lab.problem import Call, Input, Problem

def is_even(number):
    return number % 2 == 0

PROBLEM = Problem(is_even, [Input.of("four", 4)], edge_cases={"zero": 0, "odd": 1, "text": "a"})
"""


def given_of(found: Folder, name: str, size: int | None = None) -> Given:
    """An input of a problem at one of its sizes."""
    return of_input(found.problem, found.problem.input(name), size)


def raced(found: Folder, given: Given, plan: Plan = SHORT) -> dict[str, Row]:
    """The rows of a race of all implementations in a folder."""
    result = race.describe(given)
    race.race({given: result}, found.implementations, plan, Watcher())
    return {row.contender: row for row in result.rows}


def verified(found: Folder, limit: float = 5.0) -> dict[str, str]:
    """What was wrong with each implementation first, of those with which something was."""
    wrong: dict[str, str] = {}
    for findings in verify_all(found.implementations, verifying(found), limit):
        for each in findings:
            if each.broken:
                wrong.setdefault(each.contender, f"{each.case}: {each.reason}")
    return wrong


def test_right_implementations_are_timed(tmp_path: Path) -> None:
    found = read(
        folder(
            tmp_path,
            problem__py=LIST,
            python__py="def squares(numbers): return [n * n for n in numbers]\n"
            "def squares_map(numbers): return list(map(lambda n: n * n, numbers))",
        )
    )
    assert verified(found) == {}
    rows = raced(found, given_of(found, "range", 10))
    assert {name: row.status for name, row in rows.items()} == dict.fromkeys(
        ("reference", "python", "python-map"), record.RANKED
    )
    assert all(value > 0 for row in rows.values() for run in row.runs for value in run.values)


ITERATOR = """
from doubles_lab.problem import Input, Problem

def below(stop):
    number = 0
    while number < stop:
        yield number
        number += 1

PROBLEM = Problem(below, [Input.of("five", 5)], edge_cases={"none": 0, "six": 6, "text": "5"}, consume=list)
"""


def test_what_a_caller_does_with_a_result_is_timed_and_compared(tmp_path: Path) -> None:
    sources = """
import time

def below_range(stop):
    return range(stop)

def below_late(stop):
    for number in range(stop):
        time.sleep(0.001)
        yield number

def below_short(stop):
    return range(min(stop, 4))

def below_text(stop):
    return iter(range(int(stop)))
"""
    found = read(folder(tmp_path, problem__py=ITERATOR, python__py=sources))
    wrong = verified(found)
    assert set(wrong) == {"python-short", "python-text"}
    assert wrong["python-short"] == "six: gives [0, 1, 2, 3] and must give [0, 1, 2, 3, 4, 5]"
    assert wrong["python-text"].startswith("text: gives [0, 1, 2, 3, 4] and must raise TypeError")
    rows = raced(found, given_of(found, "five"))
    assert min(value for run in rows["python-late"].runs for value in run.values) > 0.005
    assert max(value for run in rows["python-range"].runs for value in run.values) < 0.005
    assert rows["python-short"].status == record.WRONG


WRONG = {
    "once in a million calls": (
        NUMBER,
        """
calls = 0

def is_even(number):
    global calls
    calls += 1
    return calls % 1_000_000 != 0
""",
        "gives False and must give True in ",
    ),
    "in the type alone": (
        NUMBER,
        "def is_even(number): return 1 - number % 2",
        "gives 1 (int) and must give True (bool)",
    ),
    "in the type of a list": (
        LIST,
        "def squares(numbers): return tuple(n * n for n in numbers)",
        "gives tuple of 10: 0, … (tuple) and must give list of 10: 0, … (list)",
    ),
    "by changing its argument": (
        LIST,
        """
def squares(numbers):
    result = [n * n for n in numbers]
    numbers[1] = -numbers[1]
    return result
""",
        "changes its arguments",
    ),
    "by giving the same object": (
        LIST,
        """
kept = {}

def squares(numbers):
    return kept.setdefault(len(numbers), [n * n for n in numbers])
""",
        "gives the same object again",
    ),
    "by raising": (NUMBER, "def is_even(number): raise LookupError('no')", "raises LookupError: no"),
    "by crashing": (NUMBER, "import os\ndef is_even(number): os.abort()", "crashed: SIGABRT"),
    "by exiting": (NUMBER, "import os\ndef is_even(number): os._exit(3)", "ended its process with exit code 3"),
}


@pytest.mark.parametrize("way", WRONG)
def test_what_is_wrong_is_found(tmp_path: Path, way: str) -> None:
    problem, source, said = WRONG[way]
    found = read(folder(tmp_path, problem__py=problem, python__py=source))
    given = given_of(found, "four") if problem == NUMBER else given_of(found, "range", 10)
    # So many calls that the one in a million is among them.
    plan = replace(SHORT, processes=2, rounds=3, sample_ms=80.0) if "million" in way else SHORT
    row = raced(found, given, plan)["python"]
    assert row.status in (record.WRONG, record.FAILED), (row.status, row.reason)
    assert said in row.reason


def test_what_hangs_is_found(tmp_path: Path) -> None:
    source = "import time\ndef is_even(number): time.sleep(100)"
    found = read(folder(tmp_path, problem__py=NUMBER, python__py=source))
    row = raced(found, given_of(found, "four"), replace(SHORT, limit=4.0))["python"]
    assert (row.status, row.reason) == (record.FAILED, "hung: no answer within 4 s")
    assert verified(found, limit=4.0)["python"] == "zero: hung: no answer within 4 s"


SLOW = """
from doubles_lab.problem import Input, Problem

def power(n):
    return 3 ** n % 1_000_003

PROBLEM = Problem(power, [Input.sized("exponent", lambda n: n, [200_000, 210_000, 220_000])])
"""


def test_what_keeps_its_results_is_found(tmp_path: Path) -> None:
    source = """
import functools

@functools.cache
def kept(n):
    return 3 ** n % 1_000_003

def power(n):
    return kept(n)

def power_honest(n):
    return 3 ** n % 1_000_003
"""
    wrong = verified(read(folder(tmp_path, problem__py=SLOW, python__py=source)))
    assert list(wrong) == ["python"]
    assert "keeps its results: the second call with equal arguments takes 1/" in wrong["python"]


def test_edge_cases_are_found(tmp_path: Path) -> None:
    source = """
def squares(numbers):
    return [n * n for n in numbers] or None

def squares_abs(numbers):
    return [abs(n) * n for n in numbers]

def squares_text(numbers):
    return [n * n if isinstance(n, int) else n for n in numbers]
"""
    assert verified(read(folder(tmp_path, problem__py=LIST, python__py=source))) == {
        "python": "empty: gives None (NoneType) and must give [] (list)",
        "python-abs": "negative: gives [-9] and must give [9]",
        "python-text": "text: gives ['a'] and must raise TypeError",
    }


def test_arguments_of_their_own(tmp_path: Path) -> None:
    problem = """
from doubles_lab.problem import Input, Problem

def sort(numbers):
    numbers.sort()
    return numbers

PROBLEM = Problem(sort, [Input.sized("down", lambda n: list(range(n, 0, -1)), [5], fresh=True)])
"""
    found = read(folder(tmp_path, problem__py=problem, python__py="def sort(numbers): numbers.sort(); return numbers"))
    rows = raced(found, given_of(found, "down", 5))
    assert {row.status for row in rows.values()} == {record.RANKED}, rows


def test_edge_cases_that_the_reference_changes(tmp_path: Path) -> None:
    problem = """
from doubles_lab.problem import Input, Problem

def sort(numbers):
    numbers.sort()
    return numbers

PROBLEM = Problem(
    sort, [Input.sized("down", lambda n: list(range(n, 0, -1)), [5], fresh=True)], edge_cases={"mixed": [2, 3, 1]}
)
"""
    source = "def sort(numbers): numbers.sort(); return numbers\ndef sort_not(numbers): return numbers"
    assert verified(read(folder(tmp_path, problem__py=problem, python__py=source))) == {
        "python-not": "mixed: gives [2, 3, 1] and must give [1, 2, 3]"
    }


def test_variants(tmp_path: Path) -> None:
    problem = """
from doubles_lab.problem import Call, Input, Problem, Variant

def doubled(x):
    return 2 * x

PROBLEM = Problem(
    doubled, [Input.of("three", 3)],
    variants=[Variant("text", lambda call: str(call.args[0]), reference=lambda x: str(2 * x))],
)
"""
    source = (
        "def doubled(x): return x + x\ndef doubled_text(x): return str(2 * int(x))\ndef doubled_as_text(x): return 6"
    )
    found = read(folder(tmp_path, problem__py=problem, python__py=source))
    rows = raced(found, given_of(found, "three"))
    assert rows["python"].status == rows["python-text"].status == record.RANKED
    assert rows["python-text"].prepared and not rows["python"].prepared
    assert rows["python-as-text"].reason == "gives 6 (int) and must give '6' (str)"


def test_a_reference_that_raises(tmp_path: Path) -> None:
    found = read(folder(tmp_path, problem__py=NUMBER.replace('"four", 4', '"four", "4"')))
    with pytest.raises(NotForThis, match="the reference raises TypeError: not all arguments"):
        raced(found, given_of(found, "four"))


def test_what_cannot_be_loaded(tmp_path: Path) -> None:
    found = read(
        folder(
            tmp_path,
            problem__py=NUMBER,
            python__py="import missing_module\ndef is_even(number): ...",
            c__c='static PyMethodDef methods[] = {\n    {"is_even", 0},\n};',
        )
    )
    rows = raced(found, given_of(found, "four"))
    assert (rows["python"].status, rows["python"].reason) == (record.UNAVAILABLE, "missing_module is not installed")
    assert rows["c"].status == record.UNAVAILABLE
    assert "the build failed" in rows["c"].reason and "PyMethodDef" in rows["c"].reason


def test_who_lets_other_threads_run(tmp_path: Path) -> None:
    source = "import time\ndef is_even(number): time.sleep(0.01); return True\ndef is_even_held(number): return True"
    found = read(folder(tmp_path, problem__py=NUMBER, python__py=source))
    assert lets_go(given_of(found, "four"), found.implementations, 10.0, 0.1) == {
        "reference": "no",
        "python": "yes",
        "python-held": "no",
    }


@pytest.mark.parametrize(("name", "text"), [("add", False), ("sum_floats", False), ("word_count", True)])
def test_who_takes_text(name: str, text: bool) -> None:
    assert takes_text(inputs_of(read(PROBLEMS / name).problem)[0]) is text


@pytest.mark.parametrize("name", ["add", "sum_floats", "word_count"])
def test_problems_from_outside(name: str) -> None:
    """Built, verified, and raced at the smallest input, by every approach that is there."""
    found = read(PROBLEMS / name)
    build(found.implementations, 60.0, Watcher())
    assert verified(found, limit=60.0) == {}
    rows = raced(found, inputs_of(found.problem)[1], replace(SHORT, limit=60.0))
    assert {each.status for each in rows.values()} == {record.RANKED}, {n: r.reason for n, r in rows.items()}


ARRAYS = """
import numpy as np
from doubles_lab import Input, Problem
from doubles_lab.implementation import Divergence, Implementation, Raises

def doubled(values):
    return 2 * values

PROBLEM = Problem(doubled, [Input.of("three", np.arange(3.0))], edge_cases={"int64": np.arange(3)})
of_ints = Divergence("ints raise", lambda values: None if values.dtype == float else Raises("TypeError"))
IMPLEMENTATIONS = [Implementation("stating", source="python.py", function="doubled", divergences=(of_ints,))]
"""
REFUSING = """
def doubled(values):
    if values.dtype != float:
        raise TypeError("not floats")
    return 2 * values

def doubled_silently(values):
    return doubled(values)
"""


def test_an_exception_where_an_array_must_come_out(tmp_path: Path) -> None:
    found = read(folder(tmp_path, problem__py=ARRAYS, python__py=REFUSING))
    (stated,) = [each for each in found.implementations if each.name == "stating"]
    assert verified(found).keys() == {"python-silently"}
    assert verified(found)["python-silently"].startswith("int64: raises TypeError (not floats) and must give array(")
    (case,) = [each for each in verifying(found) if each.name == "int64"]
    (finding,) = next(iter(verify_all([stated], [case], 5)))
    assert (finding.found, finding.reason, finding.broken) == (Raises("TypeError"), "ints raise", False)


def test_results_beyond_64_bits_are_read_again(lab: Lab, tmp_path: Path) -> None:
    source = LIST.replace("[number * number for number in numbers]", "1 << 50 * len(numbers)")
    source = source.replace("[-3]", "[-3, -4]").replace("20_000", "100")
    faster = "def squares(numbers):\n    return 1 << 50 * len(numbers)\n"
    place = folder(tmp_path, problem__py=source, python__py=faster)
    done = lab("run", place, "--quick", "--processes", 2, "--rounds", 1, "--examples", 0, "--no-charts")
    assert done.returncode == 0, done.stderr
    (found,) = (lab.directory / "results").glob(f"*{files.FINDINGS}")
    kept = {each.name: each.expected for each in read_findings(found).inputs}
    assert kept["text"] == 1 << 50 and kept["negative"] == str(1 << 100)
    shown = lab("report", str(found).replace(files.FINDINGS, ".json"), "--html", "page.html")
    assert shown.returncode == 0, shown.stderr

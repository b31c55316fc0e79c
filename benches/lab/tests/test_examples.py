"""Verification on generated inputs: what they are like, that differences are found and made small, what limits it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import SHORT, Lab
from hypothesis import HealthCheck, configuration, given, settings
from hypothesis import strategies as st
from test_problem import folder
from test_problem_race import ITERATOR, LIST

from doubles_lab import strategies
from doubles_lab.cli.run import verifying
from doubles_lab.folder import Folder, read
from doubles_lab.measure import examples
from doubles_lab.measure.examples import Examples
from doubles_lab.measure.verify import verify_all
from doubles_lab.observed import join, kind_of
from doubles_lab.problem import Call, Input, Problem, approximately, exact
from doubles_lab.report import divergences
from doubles_lab.results import findings
from doubles_lab.strategies import CannotGenerate, of_problem


@dataclass
class Point:
    x: float
    name: str


def generated(found: Folder, seed: int = 1, most: int = 200, limit: float = 5.0) -> findings.Findings:
    """What implementations do with generated inputs, and with those of the problem."""
    inputs = verifying(found)
    made = Examples(found, inputs, seed, most)
    every = [each for one in verify_all(found.implementations, inputs, limit, examples=made) for each in one]
    return findings.collect([*inputs, *made.differing], every, made.summary())


def made(directory: Path) -> Path:
    """A new directory."""
    directory.mkdir()
    return directory


def wrong(found: Folder) -> list[str]:
    """What was wrong with the implementation in python.py."""
    broken = [each for each in generated(found).findings if each.broken]
    assert {each.contender for each in broken} <= {"python"}
    return [f"{each.case}: {each.reason}" for each in broken]


def drawn(calls: Sequence[Call], equal: Any = exact, most: int = 300) -> list[Call]:
    """Calls that are generated like others."""
    found: list[Call] = []

    @settings(max_examples=most, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(of_problem(Problem(len, [Input.of("a", 1)], equal=equal), calls)[0])
    def draw(call: Call) -> None:
        found.append(call)

    draw()
    return found


VALUES: list[Any] = [
    None, True, 7, -7, 2**70, 1.5, -1.5, 1j, "a", "é", "中", "😀", "\ud800", b"ab", bytearray(b"ab"),
    [], [1, 2], [[1, 2], [3, 4]],
    [1.0, None], (1, "a"), [("a", 1)], {"a": [1]}, {}, {1, 2}, set(), frozenset("a"), [1, "a"], Point(1.0, "a"),
    [Point(1.0, "a")], np.zeros(3), np.zeros((2, 3), np.float32), np.arange(5), np.zeros(3, bool),
    np.asfortranarray(np.ones((3, 2))),
    np.arange(8)[::2], np.arange(9, dtype=np.uint8),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: re.sub(r"\W+", "-", ascii(value))[:30])
def test_what_is_generated_is_of_the_kind_that_was_seen(value: Any) -> None:
    kind = kind_of(value)
    layout = kind.name == "array"
    for call in drawn([Call(value)], most=60):
        own = kind_of(call.args[0])
        if layout:  # a short array may be laid out in every way
            assert own.detail.split()[:2] == kind.detail.split()[:2]
        elif not (kind.name == "int" and kind.detail == "big"):
            assert str(join(kind, own)) == str(kind), call


def test_what_is_generated_goes_no_further_than_what_was_seen() -> None:
    calls = drawn([Call([3, 100], [0.5], "é")])
    assert {number for call in calls for number in call.args[0]} <= set(range(128))
    assert all(0 <= number <= 2 for call in calls for number in call.args[1])
    assert all(ord(c) < 256 for call in calls for c in call.args[2])


def test_what_was_seen_is_reached() -> None:
    calls = drawn([Call([-3, 100], [-0.5, float("nan"), float("inf")], "\ud800中")], most=1000)
    ints = {number for call in calls for number in call.args[0]}
    assert min(ints) < -100 and max(ints) > 100
    shown = {repr(number) for call in calls for number in call.args[1]}
    assert {"nan", "inf"} <= shown and any(each.startswith("-") for each in shown)
    text = "".join(call.args[2] for call in calls)
    assert re.search("[\ud800-\udfff]", text) and "中" in text and "\0" in text


def test_sums_are_exact_where_results_are_compared_approximately() -> None:
    for call in drawn([Call([0.1, -0.2, 1e9])], approximately()):
        assert sum(call.args[0]) == sum(reversed(call.args[0])) == sum(sorted(call.args[0]))


def test_equal_lengths_stay_equal() -> None:
    calls = drawn([Call([1.0] * n, np.zeros((n, 3)), "a" * (n + 1)) for n in (1, 5, 9)])
    assert all(len(call.args[0]) == len(call.args[1]) and call.args[1].shape[1] == 3 for call in calls)
    assert len({len(call.args[0]) for call in calls}) > 3
    assert any(len(call.args[0]) != len(call.args[2]) for call in calls)


def test_rows_stay_as_long_as_each_other() -> None:
    for call in drawn([Call([[1, 2], [3, 4]])]):
        assert len({len(row) for row in call.args[0]}) <= 1


def test_what_cannot_be_made_up_is_said() -> None:
    with pytest.raises(CannotGenerate, match="iterator"):
        drawn([Call(iter([1]))])
    with pytest.raises(CannotGenerate, match="no arguments"):
        of_problem(Problem(len, [Input.of("a")]), [Call()])


DIFFERENT = {
    "large numbers": (
        "def squares(numbers): return [0 if 100 <= n < 1000 else n * n for n in numbers]",
        "generated ([100]): gives [0] and must give [10000]",
    ),
    "by length": (
        "def squares(numbers): return [n * n for n in numbers[:3]]",
        "generated ([0, 0, 0, 0]): gives [0, 0, 0] and must give [0, 0, 0, 0]",
    ),
    "by raising": (
        "def squares(numbers):\n    assert len(numbers) < 3, 'few'\n    return [n * n for n in numbers]",
        "generated ([0, 0, 0]): raises AssertionError (few) and must give [0, 0, 0]",
    ),
    "by crashing": (
        "import os\ndef squares(numbers):\n    if len(numbers) > 2: os.abort()\n    return [n * n for n in numbers]",
        "generated ([0, 0, 0]): crashed: SIGABRT",
    ),
    "by hanging": (
        "def squares(numbers):\n    while len(numbers) > 2: pass\n    return [n * n for n in numbers]",
        "generated ([0, 0, 0]): hung: no answer within",
    ),
    "by changing its argument": (
        "def squares(numbers):\n    result = [n * n for n in numbers]\n    numbers.sort()\n    return result",
        "generated ([1, 0]): changes its arguments: leaves ([0, 1]) and must leave ([1, 0])",
    ),
}

#: Its own inputs show none of the differences.
FEW = LIST.replace("[1, 10, 20_000]", "[1, 2]").replace('"text"', '"large": [1000], "text"')


@pytest.mark.parametrize("way", DIFFERENT)
def test_a_difference_is_made_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(examples, "ONE", 0.3)
    source, said = DIFFERENT[way]
    problem = FEW.replace('"large": [1000],', '"large": [-1, 1000],') if way == "by length" else FEW
    (found,) = wrong(read(folder(tmp_path, problem__py=problem, python__py=source)))
    assert found.startswith(said), found


def test_hypothesis_keeps_the_directory_that_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test suite that runs the lab has its own examples there."""
    monkeypatch.setenv("DOUBLES_LAB_CACHE", str(made(tmp_path / "cache")))

    def place() -> str:
        found: Any = configuration.storage_directory(intent_to_write=False)
        return str(getattr(found, "path", found))

    before = place()
    found = generated(read(folder(tmp_path, problem__py=LIST, python__py="def squares(numbers): return None")))
    assert found.generated is not None and found.generated.examples
    assert place() == before and str(tmp_path) not in before


def test_the_same_seed_generates_the_same(tmp_path: Path) -> None:
    found = read(folder(tmp_path, problem__py=FEW))
    made = []
    for seed in (1, 1, 2):
        each = Examples(found, verifying(found), seed, 50)
        each.gather(5.0)
        each.end()
        made.append([example.arguments for example in each.found])
    assert made[0] == made[1] != made[2]
    assert len(made[0]) > 20


RAISING = """
from doubles_lab.problem import Call, Input, Problem
from doubles_lab.implementation import Divergence, Implementation, Raises

def first(text):
    return text.partition("=")[0] if "=" in text else int(text)

PROBLEM = Problem(first, [Input("pair", lambda: "a=b"), Input("number", lambda: "12")])
IMPLEMENTATIONS = [Implementation("python", source="python.py", function="first", divergences=(DIVERGENCE))]
"""
ANOTHER = """
def first(text):
    if "=" in text: return text.partition("=")[0]
    try: return int(text)
    except ValueError: raise LookupError(text) from None
"""


@pytest.mark.parametrize(
    ("divergences", "source", "said"),
    [
        ("", ANOTHER, []),
        ("", ANOTHER.replace("raise LookupError(text) from None", "return 0"), ["gives 0 and must raise ValueError"]),
        (
            "Divergence('no number is a KeyError', lambda t: None if t else Raises('KeyError')),",
            ANOTHER,
            ["raises LookupError and must raise KeyError"],
        ),
    ],
)
def test_an_exception_may_be_another_unless_it_is_declared(
    tmp_path: Path, divergences: str, source: str, said: list[str]
) -> None:
    problem = RAISING.replace("DIVERGENCE", divergences)
    found = wrong(read(folder(tmp_path, problem__py=problem, python__py=source)))
    assert [re.sub(r"^generated \(.*\): |(?<=LookupError) .*(?= and must)", "", each) for each in found] == said


IN_PLACE = """
from doubles_lab.problem import Input, Problem

def put_in_order(numbers):
    numbers.sort()

PROBLEM = Problem(put_in_order, [Input.sized("down", lambda n: list(range(n))[::-1], [1, 2], fresh=True)])
"""


def test_what_a_function_leaves_in_its_argument_is_its_result(tmp_path: Path) -> None:
    right = "def put_in_order(numbers): numbers[:] = sorted(numbers)"
    assert wrong(read(folder(made(tmp_path / "right"), problem__py=IN_PLACE, python__py=right))) == []
    source = "def put_in_order(numbers): numbers[:] = sorted(set(numbers))"
    (found,) = wrong(read(folder(made(tmp_path / "wrong"), problem__py=IN_PLACE, python__py=source)))
    assert found == "generated ([0, 0]): changes its arguments: leaves ([0]) and must leave ([0, 0])"


OWN = """
from doubles_lab.problem import Call, Input, Problem

def divided(a, b):
    return a // b

def strategies():
    from hypothesis import strategies as st
    return st.builds(Call, st.integers(), st.integers(min_value=1))

PROBLEM = Problem(divided, [Input.of("one", 4, 2)], strategies=strategies)
"""


def test_the_strategies_of_the_problem_are_used(tmp_path: Path) -> None:
    source = "def divided(a, b): return int(a / b)"
    (found,) = wrong(read(folder(tmp_path, problem__py=OWN, python__py=source)))
    assert found == "generated (-1, 2): gives 0 and must give -1"


def test_an_iterator_is_compared_by_what_it_gives(tmp_path: Path) -> None:
    problem = ITERATOR.replace('"none": 0, "six": 6, "text": "5"', "").replace('"five", 5', '"forty", 40')
    source = "def below(stop): return range(min(stop, 50))"
    (found,) = wrong(read(folder(tmp_path, problem__py=problem, python__py=source)))
    assert found.startswith("generated (51): gives []") and "must give [50]" in found


SLOW = """
from doubles_lab.problem import Input, Problem

def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

PROBLEM = Problem(fibonacci, [Input.of("few", 5), Input.of("far", 2**40)])
"""


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("while n > 9: pass", "the reference hung: no answer within 0.3 s"),
        ("import random; return random.random()", "the reference gives another result when it is called with equal"),
        ("return open('/dev/null')", "cannot be compared"),
        ("import os; os.abort()", "the reference crashed: SIGABRT"),
    ],
)
def test_a_reference_that_is_of_no_use_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, said: str
) -> None:
    monkeypatch.setattr(examples, "ONE", 0.3)
    problem = SLOW.replace("return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)", function)
    found = read(folder(tmp_path, problem__py=problem))
    made = Examples(found, [], 1)
    made.gather(5.0)
    made.end()
    assert said in made.note
    summary = divergences.generated(findings.collect([], [], made.summary()))
    assert said in summary


def test_deep_recursion_of_the_reference_is_nothing_that_must_be_matched(tmp_path: Path) -> None:
    problem = SLOW.replace("fibonacci(n - 1) + fibonacci(n - 2)", "fibonacci(n - 1) + 1")
    found = read(folder(tmp_path, problem__py=problem))
    made = Examples(found, [], 1)
    made.gather(5.0)
    made.end()
    assert 1 < len(made.found) < 200
    assert all(example.given.call.args[0] < 10_000 for example in made.found)


def test_own_strategies_that_raise_are_said(tmp_path: Path) -> None:
    found = read(folder(tmp_path, problem__py=OWN.replace("st.integers(min_value=1)", "st.no_such()")))
    made = Examples(found, [], 1)
    made.gather(5.0)
    assert made.note.startswith("nothing was generated: its strategies raise AttributeError")


def test_a_strategy_is_a_function() -> None:
    with pytest.raises(TypeError, match="a function that returns a strategy"):
        Problem(len, [Input.of("a", "b")], strategies=st.text())  # type: ignore[arg-type]
    assert strategies.of_problem(Problem(len, [Input.of("a", "b")], strategies=st.text), [])[1] == "its own strategy"


def test_the_commands_show_the_small_example(tmp_path: Path, lab: Lab) -> None:
    path = folder(made(tmp_path / "squares"), problem__py=FEW, python__py=DIFFERENT["large numbers"][0])
    verified = lab("verify", path, "--seed", 1)
    assert verified.returncode == 1
    assert "([100])" in verified.stdout and "gives [0] and must give [10000]" in " ".join(verified.stdout.split())
    said = r"Generated inputs like \(list\[int\]\): \d+ tried on each, or up to one that differs, seed 1\."
    assert re.search(said, " ".join(verified.stdout.split()))
    assert lab("verify", path, "--examples", 0).returncode == 0
    ran = lab("run", path, "--seed", 1, *SHORT)
    assert ran.returncode == 1
    assert "on generated ([100]) it gives [0] and must give [10000]" in " ".join(ran.stdout.split())
    assert "Generated inputs like (list[int])" in " ".join(ran.stderr.split())
    assert not (lab.directory / ".hypothesis").exists()

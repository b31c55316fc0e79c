"""A function as it is in the other Pythons of the machine."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from doubles_lab.ceiling import pythons
from doubles_lab.ceiling.pythons import Found, Other
from doubles_lab.measure.statistics import Estimate
from doubles_lab.ownership import pythons as every
from doubles_lab.ownership.pythons import Interpreter

MODULE = """
import sys

def total(values):
    print("loudly")
    result = 0.0
    for value in values:
        result += value
    return result


def prices(n):
    return [i / 10 for i in range(n)]

def clears(values):
    assert values, "they were cleared before"
    values.clear()

def needs(values):
    raise ValueError("not here")

def ends(values):
    sys.exit(3)

def waits(values):
    import time
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of the user's in the working directory."""
    (tmp_path / "mine.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)


def interpreter(path: str = sys.executable, minor: int = 99) -> Interpreter:
    return Interpreter(path, "cpython", 3, minor, 0, False, "made up")


def compared(monkeypatch: pytest.MonkeyPatch, function: str, *others: Other, fresh: bool = False) -> list[Found]:
    """What is found of a function with others in the place of those of this machine."""
    monkeypatch.setattr(pythons, "find", lambda: list(others))
    return pythons.compare(f"mine:{function}", ["mine:prices"], "prices-1000", fresh, 20.0, lambda doing: None)


def test_a_function_is_timed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, list[float]] = {"": [2.0] * 5, "Python 3.99": [1.0] * 5}

    def times(command: Sequence[str], env: dict[str, str], limit: float) -> list[float]:
        found = real(command, env, limit)
        assert len(found) >= 1 and min(found) > 1e-7
        return told["" if command[0] == sys.executable else "Python 3.99"]

    real, link = pythons.times, Path("python").absolute()
    link.symlink_to(sys.executable)
    monkeypatch.setattr(pythons, "times", times)
    (found,) = compared(monkeypatch, "total", Other(interpreter(str(link))))
    assert found.faster is not None and found.faster.value == pytest.approx(2.0)
    assert found.said == "Python 3.99 runs the same function 2.00 [2.00–2.00] times as fast"


def test_arguments_that_are_changed_are_made_for_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = compared(monkeypatch, "clears", Other(interpreter()), fresh=True)
    assert found.faster is not None
    assert compared(monkeypatch, "clears", Other(interpreter())) == []  # not even this Python can time it


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("needs", "ValueError: not here"),
        ("ends", "its process ended without an answer"),
        ("waits", "no answer within 0"),
    ],
)
def test_what_cannot_be_timed_there_says_why(monkeypatch: pytest.MonkeyPatch, function: str, reason: str) -> None:
    real = pythons.times

    def times(command: Sequence[str], env: dict[str, str], limit: float) -> list[float]:
        # This Python runs the function; it is the other one that does not.
        return [1.0] if command[0] == sys.executable else real(command, env, 0.7)

    link = Path("python").absolute()
    link.symlink_to(sys.executable)
    monkeypatch.setattr(pythons, "times", times)
    (found,) = compared(monkeypatch, function, Other(interpreter(str(link))))
    assert found.faster is None and reason in found.reason
    assert found.said == f"Python 3.99 is here, and cannot run it: {found.reason}"


def test_a_python_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = compared(monkeypatch, "total", Other(interpreter("/nowhere/python")))
    assert found.reason == "its process ended without an answer"


def test_newer_ones_are_asked_and_jit_compilers_where_there_are_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_jit = tmp_path / "jit"
    with_jit.write_text("#!/bin/sh\necho True\n")
    with_jit.chmod(0o755)
    minor = sys.version_info.minor
    made_up = [interpreter(sys.executable, minor - 1), interpreter(sys.executable, minor)]
    monkeypatch.setattr(every, "find", lambda: [*made_up, interpreter(str(with_jit), 99)])
    found = pythons.find()
    assert [each.name for each in found] == ["Python 3.99", "Python 3.99 with PYTHON_JIT=1"]
    assert not pythons.has_jit(interpreter(str(with_jit), 12))  # there was none before 3.13
    assert not pythons.has_jit(interpreter("/nowhere/python"))


def test_the_interval_is_told() -> None:
    found = Found(Other(interpreter()), Estimate(0.94, 0.85, 1.04))
    assert found.said == "Python 3.99 is not shown to differ: it runs the same function 0.94 [0.85–1.04] times as fast"
    found = Found(Other(interpreter()), Estimate(0.94, 0.93, 0.95))
    assert found.said == "Python 3.99 runs the same function 0.94 [0.93–0.95] times as fast"

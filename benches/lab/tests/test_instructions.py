"""Counting instructions: the same each time, and in proportion to the work."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import Lab, Plant

from doubles_lab.measure.instructions import calls_for, total_of

needs_valgrind = pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
LONG = 500

SOURCE = """
def twice(val):
    right(val)
    return right(val)
calls = itertools.count()
IMPLEMENTATIONS = [
    contender('single', lambda val: right(val)),
    contender('double', twice),
    contender('liar', lambda val: 7),
    contender('later', lambda val: right(val) + (next(calls) == 5)),
    contender('bytewise', lambda val: oracle.count_bytes(val), unit=Unit.BYTES),
    contender('crashes', lambda val: os.kill(os.getpid(), signal.SIGSEGV)),
    contender('absent', load=lambda: 1 / 0),
]
"""


def counts(lab: Lab, directory: Path, *names: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and what was counted by contender."""
    (lab.directory / "a.txt").write_text("éé" + "ab" * 200, encoding="utf-8")
    chosen = [part for name in names for part in ("--contender", name)]
    done = lab(
        "count-instructions", "--contenders", directory, *chosen, "--file", "a.txt", "--output", "counts.json",
        timeout=LONG,
    )  # fmt: skip
    found = json.loads((lab.directory / "counts.json").read_text(encoding="utf-8"))
    assert "callgrind" in " ".join(done.stdout.split())
    return done.returncode, {each["contender"]: each for each in found["counts"]}


@needs_valgrind
@pytest.mark.timeout(LONG * 3)
def test_counts_are_in_proportion_to_the_work_and_alike_each_time(lab: Lab, plant: Plant) -> None:
    directory = plant(SOURCE)
    code, first = counts(lab, directory, "single", "double")
    assert code == 0
    single, double = (first[name]["instructions"] for name in ("single", "double"))
    assert list(first) == ["single", "double"]
    assert 1.9 < double / single < 2.1
    assert first["double"]["ratio"] == double / single and first["single"]["ratio"] == 1.0
    assert single > 402 and first["single"]["per_character"] == single / 402
    _, again = counts(lab, directory, "single", "double")
    assert again["single"]["instructions"] == pytest.approx(single, rel=0.01)


@needs_valgrind
@pytest.mark.timeout(LONG * 2)
def test_what_cannot_be_ranked_says_why(lab: Lab, plant: Plant) -> None:
    names = ("single", "liar", "later", "bytewise", "crashes", "absent")
    code, found = counts(lab, plant(SOURCE), *names)
    assert code == 1
    assert {name: each["status"] for name, each in found.items()} == {
        "single": "ranked",
        "bytewise": "apart",
        "liar": "wrong",
        "later": "wrong",
        "crashes": "failed",
        "absent": "unavailable",
    }
    assert found["bytewise"]["instructions"] > 402 and found["bytewise"]["ratio"] is None
    assert found["liar"]["instructions"] is None
    assert found["crashes"]["reason"] == "under valgrind it crashed: SIGSEGV"
    assert "ZeroDivisionError" in found["absent"]["reason"]


def test_without_valgrind_each_row_says_so(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    done = lab("count-instructions", "--contender", "python-zip", "--output", "counts.md", PATH=str(tmp_path / "bin"))
    assert done.returncode == 4
    assert "valgrind is not installed" in " ".join(done.stdout.split())
    assert "valgrind is not installed" in (lab.directory / "counts.md").read_text(encoding="utf-8")


def test_as_many_calls_as_suit_the_input() -> None:
    assert [calls_for(length) for length in (0, 1, 1000, 10**6)] == [200, 200, 20, 1]


def test_totals(tmp_path: Path) -> None:
    file = tmp_path / "counts.1"
    assert total_of(file) is None
    file.write_text("desc: x\nsummary: 3\n")
    assert total_of(file) is None
    file.write_text("desc: x\nsummary: 3\ntotals: 12345\n")
    assert total_of(file) == 12345

"""Implementations from elsewhere: a function of the user's, and what an installed package offers."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SHORT, Lab

from doubles_lab import registry
from doubles_lab.folder import bundled, read
from doubles_lab.implementation import Unit
from doubles_lab.results import saved

MODULE = """
import os

def count(val):
    return sum(a == b for a, b in zip(val, val[1:]))

def by_bytes(val):
    return count(val.encode("utf-8", "surrogatepass"))

def by_strict_bytes(val):
    return count(val.encode())

def of_array(val):
    return int((val[1:] == val[:-1]).sum())

def off(val):
    return count(val) + 1

class Ways:
    count = staticmethod(count)

NUMBER = 7
"""


@pytest.fixture
def module(lab: Lab) -> Lab:
    """A lab beside the user's modules."""
    (lab.directory / "mine.py").write_text(MODULE, encoding="utf-8")
    (lab.directory / "needy.py").write_text("import no_such_thing", encoding="utf-8")
    (lab.directory / "broken.py").write_text("1 / 0", encoding="utf-8")
    (lab.directory / "leaves.py").write_text("import os; os._exit(7)", encoding="utf-8")
    return lab


def race(lab: Lab, *arguments: object) -> int:
    beside = ("--contender", "python-zip", "--case", "size-1k")
    return lab("run", *beside, *arguments, *SHORT).returncode


@pytest.mark.parametrize(
    ("spec", "unit"),
    [
        ("mine:count", "characters"),
        ("mine:by_bytes", "bytes"),
        ("mine:of_array", "elements"),
        ("mine:Ways.count", None),
    ],
)
def test_a_function_joins_the_race(module: Lab, spec: str, unit: str | None) -> None:
    assert race(module, "--contender", spec, *(("--unit", unit) if unit else ())) == 0
    rows = {row.contender: row for row in saved.read(module.record_file).cases[0].rows}
    assert set(rows) == {"python-zip", spec}
    assert rows[spec].status == "ranked" and rows[spec].unit == (unit or "characters")
    assert rows[spec].prepared == (unit == "elements")


def test_a_function_that_counts_wrong_is_a_row(module: Lab) -> None:
    assert race(module, "--contender", "mine:off") == 1
    rows = {row.contender: row for row in saved.read(module.record_file).cases[0].rows}
    assert rows["mine:off"].status == "wrong" and rows["python-zip"].status == "ranked"


def test_a_function_that_refuses_an_edge_case_is_timed_and_told(module: Lab) -> None:
    strict = ("--contender", "mine:by_strict_bytes", "--unit", "bytes")
    done = module("run", "--contender", "python-zip", "--case", "size-1k", *strict, *SHORT)
    assert done.returncode == 1
    rows = {row.contender: row for row in saved.read(module.record_file).cases[0].rows}
    assert rows["mine:by_strict_bytes"].status == "ranked" and rows["python-zip"].status == "ranked"
    assert "mine:by_strict_bytes on the case lone-surrogate: raises UnicodeEncodeError" in done.stderr


def test_a_function_that_is_wrong_on_an_edge_case_is_not_timed(module: Lab) -> None:
    (module.directory / "mine.py").write_text(
        "def f(val):\n    return sum(a == b for a, b in zip(val, val[1:])) or -1\n"
    )
    assert race(module, "--contender", "mine:f") == 1
    rows = {row.contender: row for row in saved.read(module.record_file).cases[0].rows}
    assert rows["mine:f"].status == "wrong" and not rows["mine:f"].timed
    assert "gives -1 and must give 0" in rows["mine:f"].reason


def test_a_function_can_be_the_baseline(module: Lab) -> None:
    assert race(module, "--contender", "mine:count", "--baseline", "mine:count") == 0
    assert saved.read(module.record_file).baseline == "mine:count"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("mein:count", "there is no module 'mein', neither in the working directory nor installed"),
        ("mine.py:count", "there is no module 'mine.py'"),
        ("mine:conut", "'mine' has no 'conut'; did you mean count?"),
        ("mine:NUMBER", "mine:NUMBER is of type int, which cannot be called"),
        ("needy:f", "no_such_thing is not installed"),
        ("broken:f", "cannot be loaded: ZeroDivisionError: division by zero"),
        ("leaves:f", "ended its process with exit code 7, while it was imported"),
    ],
)
def test_a_function_that_is_not_there_is_an_error_before_anything_is_measured(
    module: Lab, spec: str, said: str
) -> None:
    for command in ("run", "verify"):
        done = module(command, "--contender", spec)
        assert done.returncode == 2
        assert f"--contender {spec}: {said}" in " ".join(done.stderr.split())
    assert not module.results.exists()


def test_a_function_is_verified(module: Lab) -> None:
    done = module("verify", "--contender", "mine:by_strict_bytes", "--contender", "python-zip", "--unit", "bytes")
    assert done.returncode == 1  # "é".encode() is fine, a lone surrogate raises what is not declared
    assert "UnicodeEncodeError" in done.stdout
    cases = ("--contender", "python-zip", "--case", "empty", "--case", "latin-double")
    assert module("verify", "--contender", "mine:by_strict_bytes", "--unit", "bytes", *cases).returncode == 0


def test_with_functions_alone_all_implementations_are_chosen() -> None:
    from doubles_lab.cli.options import Contenders

    folder = read(bundled())
    names = [each.name for each in Contenders(["a:b"]).chosen(folder)]
    assert len(names) > 10 and names[-1] == "a:b" and "python-zip" in names
    assert [each.name for each in Contenders(["a:b", "re-*"], unit="bytes").chosen(folder)][-1] == "a:b"
    few = Contenders(["a:b", "a:b"], languages=["rust"]).chosen(folder)
    assert {each.language for each in few} == {"Rust", "yours"} and sum(each.name == "a:b" for each in few) == 1


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("a:b", True), ("a.b:c.d", True), ("é:ü", True), ("a:", False), (":b", False), ("a:*", False), ("pyo3-*", False)],
)
def test_what_is_taken_for_a_function(name: str, is_one: bool) -> None:
    assert registry.is_function(name) is is_one


def test_a_function_comes_back_from_its_source() -> None:
    mine = registry.function_implementation("mine:count", Unit.BYTES)
    (again,) = registry.declared_by(mine.file)
    assert (again.name, again.unit, again.file) == (mine.name, mine.unit, mine.file)


def install(directory: Path, points: str) -> None:
    """What an installed package leaves that offers entry points."""
    info = directory / "others-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{points}\n")
    (directory / "others.py").write_text(
        "from doubles_lab.implementation import Implementation\n"
        "def f(val): return sum(a == b for a, b in zip(val, val[1:]))\n"
        "IMPLEMENTATIONS = [Implementation('theirs', 'Python', 'none', 'iterates', 'others', load=lambda: f)]\n"
        "MORE = [Implementation('theirs-too', 'Python', 'none', 'iterates', 'others', load=lambda: f)]\n"
    )


def test_an_installed_package_offers_implementations(lab: Lab, tmp_path: Path) -> None:
    install(tmp_path / "site", "one = others\ntwo = others:MORE\nthree = nowhere")
    names = [part for name in ("python-zip", "theirs", "theirs-too", "three") for part in ("--contender", name)]
    done = lab("run", "--case", "size-1k", *names, *SHORT, PYTHONPATH=str(tmp_path / "site"))
    assert done.returncode == 0
    rows = {row.contender: row for row in saved.read(lab.record_file).cases[0].rows}
    assert {name: row.status for name, row in rows.items()} == {
        "python-zip": "ranked",
        "theirs": "ranked",
        "theirs-too": "ranked",
        "three": "unavailable",
    }
    assert "nowhere is not installed" in rows["three"].reason or "No module named" in rows["three"].reason

"""The functions by the C API alone, and the table of what a call costs. No time is asserted."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from types import ModuleType

import pytest
from conftest import Lab

from doubles_lab.approaches import build
from doubles_lab.implementation import Unavailable
from doubles_lab.problems.count_doubles.existing import CONVENTIONS, conventions
from doubles_lab.problems.count_doubles.oracle import count_items
from doubles_lab.questions import calling as calls
from doubles_lab.report import document

NAMES = [f"{kind}_{convention}" for kind in ("count", "empty") for convention in CONVENTIONS]
BARE = [f"bare_{convention}" for convention in CONVENTIONS]
TEXTS = ["", "a", "abb", "жж", "ж" * 100, "😀😀", "\ud800\ud800", "\udcff\udcffa", "ÿÿ\0\0", "ab" * 300 + "b"]


@pytest.fixture(scope="module")
def module() -> ModuleType:
    """``doubles_conventions``, built."""
    try:
        return conventions()
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.mark.timeout(600)  # the first time, it builds
@pytest.mark.parametrize("name", NAMES)
def test_each_function_counts_or_gives_0(module: ModuleType, name: str) -> None:
    function = getattr(module, name)
    for text in TEXTS:
        assert function(text) == (count_items(text) if name.startswith("count") else 0), text
    assert function(type("Sub", (str,), {})("abb")) == (1 if name.startswith("count") else 0)


@pytest.mark.parametrize("name", NAMES)
def test_each_function_refuses_what_is_no_str(module: ModuleType, name: str) -> None:
    function = getattr(module, name)
    for arguments in ((3,), (b"aa",), (None,), (), ("a", "a")):
        with pytest.raises(TypeError):
            function(*arguments)
    with pytest.raises(TypeError):
        function(value="aa")
    with pytest.raises(TypeError):
        function("aa", val="aa")
    if name.endswith("keywords"):
        assert function(val="aa") == function("aa")
        with pytest.raises(TypeError):
            function(val=3)
    else:
        with pytest.raises(TypeError):
            function(val="aa")


def test_each_function_has_its_convention(module: ModuleType) -> None:
    for name in [*NAMES, *BARE]:
        assert calls.convention_of(getattr(module, name)) == name.partition("_")[2]
    assert calls.convention_of(len) == "o"
    assert calls.convention_of(lambda: None) == ""


@pytest.mark.parametrize("name", BARE)
def test_a_bare_function_looks_at_nothing(module: ModuleType, name: str) -> None:
    assert [getattr(module, name)(value) for value in ("aa", 3, None)] == [0, 0, 0]


@pytest.mark.timeout(600)  # the first time, it builds
@pytest.mark.parametrize("library", list(calls.LIBRARIES))
def test_functions_that_do_nothing(library: str) -> None:
    try:
        module = calls.doing_nothing(library)
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert module.empty() == 0
    assert [module.empty_any(value) for value in ("aa", 3, None)] == [0, 0, 0]
    assert [module.empty_str(value) for value in ("", "abb", "ж")] == [0, 0, 0]
    for refused in (3, b"aa", None):
        with pytest.raises(TypeError):
            module.empty_str(refused)
    with pytest.raises(TypeError):
        module.empty("aa")


def test_the_command_prints_every_row(lab: Lab, tmp_path: Path, module: ModuleType) -> None:
    done = lab(
        "calls", "--processes", 3, "--rounds", 3, "--calls", 2000, "--output", tmp_path / "calls.md", columns=160
    )
    assert done.returncode == 0, done.stderr
    markdown = (tmp_path / "calls.md").read_text(encoding="utf-8")
    rows = [("len", "CPython"), *((name, calls.RAW) for name in [*NAMES, *BARE])]
    rows += [(name, library) for name in (*calls.DOING_NOTHING, *calls.COUNTING) for library in calls.LIBRARIES]
    printed = [tuple(line.split()[:2]) for line in done.stdout.splitlines()]
    for name, library in rows:
        assert printed.count((name, library)) == 1, (name, library)
        assert markdown.count(f"\n| {document.escape(name)} | {library} |") == 1
    widths = {line.replace("\\|", "").count("|") for line in markdown.splitlines() if line.startswith("|")}
    assert widths == {len(calls.COLUMNS) + 1}


def test_what_is_missing_or_wrong_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> ModuleType:
        raise Unavailable("needs a thing")

    monkeypatch.setattr(calls, "conventions", nothing)
    found = [each for each in calls.find_rows() if each[0].library == calls.RAW]
    rows = [row for row, _ in found]
    assert len(rows) == len(NAMES) + len(BARE)
    assert all(row.reason == "needs a thing" and not row.wrong for row in rows)
    found += [calls.found("len", "CPython", 4, lambda: len), calls.found("len", "CPython", 3, lambda: len)]
    rows = [row for row, _ in found]
    assert rows[-2].wrong and "gives 3 instead of 4" in calls.cells(rows[-2], rows)
    calls.measure(found, 2, 100)
    assert [row.time is not None for row in rows] == [False] * (len(rows) - 1) + [True]
    assert rows[-1].ratio(rows) is None
    assert gc.isenabled()


def test_without_its_sources_a_crate_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="needs the sources in no/such/crate"):
        build.cargo_module("no/such/crate", "x", "x")


def test_a_process_that_gives_no_answer_is_a_failure() -> None:
    with pytest.raises(calls.Failed, match=r"gave no answer within 0\.2 s"):
        calls.measured(1, 1, 1, limit=0.2)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system has no affinity")
def test_processes_are_kept_on_one_cpu_which_is_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.sched_getaffinity(0)
    seen: list[set[int]] = []

    def one(rounds: int, *_: object) -> list[calls.Row]:
        seen.append(os.sched_getaffinity(0))
        return [calls.Row(name, calls.ITSELF, 3, samples=[[1.0] * rounds]) for name in ("original", "twin", "slowed")]

    monkeypatch.setattr(calls, "_in_a_process", one)
    rows, check = calls.measured(10, 2, 1)
    assert seen == [before, *[{max(before)}] * 10] and os.sched_getaffinity(0) == before
    assert rows == [] and [len(check[name]) for name in ("original", "twin", "slowed")] == [10] * 3

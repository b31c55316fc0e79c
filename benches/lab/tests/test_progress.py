"""What is said of what takes long: on a terminal a bar, elsewhere lines, and of a build which it is, of how many."""

from __future__ import annotations

import io
import time

import pytest
from conftest import SHORT, Lab, Plant
from rich.console import Console

from doubles_lab import registry
from doubles_lab.cli import progress
from doubles_lab.folder import bundled, read
from doubles_lab.given import Given
from doubles_lab.measure import at_once, building
from doubles_lab.measure.verify import verify_all

BUILT = """
def building(name):
    return contender(name, right, compiled=True)

IMPLEMENTATIONS = [building("one"), building("two"), building("three"), contender("not-built", right)]
"""


def test_every_build_is_named_and_counted(plant: Plant) -> None:
    said: list[str] = []
    steps: list[int] = []

    class Watcher(at_once.Watcher):
        def case(self, case: str, steps_: int) -> None:
            said.append(f"{case} {steps_}")

        def doing(self, what: str) -> None:
            said.append(what)

        def step(self, count: int = 1) -> None:
            steps.append(count)

    building.build(registry.implementations_in(plant(BUILT) / "planted.py"), 30, Watcher())
    assert said[0] == "build 3" and sum(steps) == 3
    assert said[1] == "building 1 of 3: one, some minutes the first time"
    assert [text.partition(":")[0] for text in said[1:]] == [f"building {number} of 3" for number in (1, 2, 3)]
    assert all(any(name in text for text in said) for name in ("one", "two", "three"))
    assert not any("not-built" in text for text in said)


def test_nothing_is_said_where_nothing_is_built(plant: Plant) -> None:
    class Watcher(at_once.Watcher):
        def case(self, case: str, steps: int) -> None:
            raise AssertionError(case)

    quick = [each for each in registry.implementations_in(plant(BUILT) / "planted.py") if not each.compiled]
    building.build(quick, 30, Watcher())


def test_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "SILENCE", 0.3)
    monkeypatch.setattr(progress, "AGAIN", 0.6)
    monkeypatch.setattr(progress, "SHORT", 0.1)
    with progress.Bar(Console(file=io.StringIO())) as bar:
        bar.case("build", 4)
        bar.doing("building 1 of 4: a")
        bar.doing("building 2 of 4: b")
        bar.step()
        time.sleep(2)  # a long build, while nothing else happens
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "build: 0 %, building 1 of 4: a"
    assert 2 <= len(lines) <= 6
    assert lines[-1].startswith("build: 25 % after ") and lines[-1].endswith("s left, building 2 of 4: b")
    assert "about" in lines[-1]


@pytest.mark.parametrize("width", [80, 120])
def test_a_bar_on_a_terminal(width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "SHORT", 0.0)
    out = io.StringIO()
    with progress.Bar(Console(file=out, force_terminal=True, width=width)) as bar:
        bar.case("build", 4)
        bar.step()
        bar.doing("building 2 of 4: cython-best, some minutes the first time")
        time.sleep(0.3)
    assert "25 %" in out.getvalue() and "building 2 of 4" in out.getvalue()
    assert capsys.readouterr().err == ""  # no lines besides


def test_a_run_says_what_it_builds(lab: Lab, plant: Plant) -> None:
    names = [part for name in ("one", "two", "not-built") for part in ("--contender", name)]
    done = lab("run", "--contenders", plant(BUILT), *names, "--case", "size-3", *SHORT)
    assert done.returncode == 0
    assert "build: 0 %, building 1 of 2: one, some minutes the first time" in done.stderr


def test_verifying_names_what_it_works_at(plant: Plant) -> None:
    said: list[str] = []

    class Watcher(at_once.Watcher):
        def doing(self, what: str) -> None:
            said.append(what)

    two = registry.implementations_in(plant(BUILT) / "planted.py")[:2]
    busy = at_once.Busy(Watcher(), "verifying", len(two), at_once.SLOW)
    given = Given(read(bundled()).problem, "one", lambda: "aa", "an input")
    assert all(finding.found == 1 for found in verify_all(two, [given], 30, busy.with_) for finding in found)
    assert said[0] == "verifying 1 of 2: one, some minutes the first time"
    assert said[1].startswith("verifying 2 of 2: ") and "two" in said[1]

"""Calls with cold input: new objects, caches that are emptied, and one call a sample. No time is asserted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Plant, a_text

from doubles_lab import registry
from doubles_lab.folder import bundled, read
from doubles_lab.measure import conditions, race, selfcheck, timing
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.schedule import Plan
from doubles_lab.measure.worker import Worker
from doubles_lab.problem import Call
from doubles_lab.report.table import setting
from doubles_lab.results import saved
from doubles_lab.results.record import Record

TEXT = "aab" * 1000


def test_each_call_has_an_object_of_its_own(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[int] = []
    monkeypatch.setattr(timing, "empty_caches", walked.append)
    (good,) = registry.implementations_in(plant("IMPLEMENTATIONS = [contender('good', right)]") / "planted.py")
    given: list[Any] = []
    one = Worker()

    def keeps(val: str) -> int:
        given.append(val)
        return 7

    one.folder, one.implementation, one.function = read(bundled()), good, keeps
    with Scratch() as scratch:
        files, text = Files(scratch), a_text(TEXT)
        assert one.give(**files.request(text), expected=files.expected(text.expected)) == {"stored": 3000}
        reply = one.cold(3, walk=1234)
    assert reply["counts"] == [("gives 7 and must give 1000", 3)] and reply["ns"] > 0
    assert given == [TEXT] * 3 and len({id(val) for val in given}) == 3
    assert walked == [1234] * 3


@pytest.mark.parametrize("fresh", [False, True])
def test_each_call_of_a_problem_has_arguments_of_its_own(monkeypatch: pytest.MonkeyPatch, fresh: bool) -> None:
    made: list[list[int]] = []
    given: list[list[int]] = []
    order: list[str] = []

    def make() -> Call:
        order.append("make")
        made.append([1, 2, 3])
        return Call(made[-1])

    def total(val: list[int]) -> int:
        order.append("call")
        given.append(val)
        return sum(val)

    monkeypatch.setattr(timing, "empty_caches", lambda size: order.append("walk"))
    one = Worker()
    one.fresh, one.make, one.function, one.expected = fresh, make, total, 6
    one.loop = timing.timing_loop(make(), True, fresh)
    made.clear()
    order.clear()
    assert one.cold(3, walk=1)["counts"] == []
    assert order == ["make", "walk", "call"] * 3
    assert [id(val) for val in given] == [id(val) for val in made] and len({id(val) for val in given}) == 3


def test_what_is_walked_through_is_more_than_any_cache_and_not_one_page_of_zeros() -> None:
    size = conditions.more_than_caches()
    assert all(size > cache["bytes"] for cache in conditions.caches()) and size > 1 << 20
    assert timing.written(10_000).count(1) == 10_000
    timing.empty_caches(10_000)


def test_a_cold_race_has_one_call_a_sample_and_checks_itself(plant: Plant) -> None:
    implementations = registry.implementations_in(
        plant("IMPLEMENTATIONS = [contender('good', right), contender('bad', lambda val: 1)]") / "planted.py"
    )
    given = a_text(TEXT)
    plan = Plan(processes=5, rounds=2, sample_ms=1.0, cold=1 << 20)
    result = race.describe(given)
    race.race({given: result}, implementations, plan, Watcher())
    good, bad = result.rows
    assert bad.status == "wrong" and good.timed
    assert {run.loops for run in good.runs} == {1} and sum(len(run.values) for run in good.runs) == 10
    assert result.selfcheck is not None and not result.selfcheck.reason
    assert set(result.selfcheck.loops) == {selfcheck.STEP} and len(result.selfcheck.twin) >= 5


def test_a_cold_run_says_so_and_is_read_again(plant: Plant, tmp_path: Path) -> None:
    implementations = registry.implementations_in(plant("IMPLEMENTATIONS = [contender('good', right)]") / "planted.py")
    given = a_text(TEXT)
    result = Record("2026-01-01", 1, 2, 1, 20.0, "x", cold=True, cases=[race.describe(given)])
    plan = Plan(processes=2, rounds=1, cold=1 << 20)
    race.race({given: result.cases[0]}, implementations, plan, Watcher())
    saved.save(result, tmp_path / "run.json")
    assert saved.read(tmp_path / "run.json").cold
    record = Record("2026-01-01", 1, 10, 5, 20.0, "x", cold=True)
    assert "cold: each call on new input" in " ".join(setting(record))
    assert "samples of about 20 ms" in " ".join(setting(Record("2026-01-01", 1, 10, 5, 20.0, "x")))

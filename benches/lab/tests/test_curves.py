"""Time over size: the line through it, and where one overtakes another. On made-up times, and one small race."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Plant

from doubles_lab import oracle, registry
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.race import Watcher
from doubles_lab.measure.statistics import Estimate
from doubles_lab.questions import crossover, curves, fit
from doubles_lab.questions.answer import Interrupted, Setting

CACHES = [{"level": 1, "bytes": 32 << 10}, {"level": 2, "bytes": 512 << 10}]
SIZES = curves.sizes_up_to(1 << 22, 4)
Times = dict[int, list[list[float]]]


def made(time: Any, noise: float = 0.01, seed: int = 0, sizes: Any = SIZES) -> Times:
    """Times after a function of the size, with noise, by size, process and round."""
    rng = np.random.default_rng(seed)
    return {
        size: [[time(size) * (1 + noise * abs(rng.standard_normal())) for _ in range(5)] for _ in range(3)]
        for size in sizes
    }


def by_level(size: int) -> float:
    """40 ns, and 1, 2 or 5 ns a character."""
    return (40 + size * (1 if size <= 24 << 10 else 2 if size <= 384 << 10 else 5)) * 1e-9


def near(estimate: Estimate | None, value: float) -> bool:
    return estimate is not None and abs(estimate.value / value - 1) < 0.05 and estimate.low <= estimate.high


def test_sizes() -> None:
    sizes = curves.sizes_up_to(1 << 26, 4)
    assert sizes[0] == 0 and sizes[1] == 1 and sizes[-1] == 1 << 26 and sizes == sorted(set(sizes))
    assert len([size for size in sizes if 1000 <= size < 10000]) == 4
    assert all(b / a > 1.25 for a, b in zip(sizes[1:], sizes[2:]))


def test_a_fit_recovers_what_it_was_made_of() -> None:
    line = fit.fit(made(by_level), CACHES)
    assert line is not None
    assert near(line.fixed, 40e-9)
    assert [level.name for level in line.levels] == ["L1", "L2", "memory"]
    assert [near(level.slope, slope) for level, slope in zip(line.levels, (1e-9, 2e-9, 5e-9))] == [True] * 3
    assert line.usual_residual < 0.02 and line.largest_residual < 0.1
    assert [size for size, _ in line.residuals] == SIZES


def test_a_disturbed_size_does_not_move_the_line_and_shows_as_a_residual() -> None:
    times = made(by_level)
    for size in (10, 1000):
        times[size] = [[value * 6 for value in group] for group in times[size]]
    line = fit.fit(times, CACHES)
    assert line is not None
    assert near(line.fixed, 40e-9) and near(line.levels[0].slope, 1e-9)
    assert {size for size, off in line.residuals if off > 1} == {10, 1000}


def test_a_shortcut_for_nothing_is_a_residual_too() -> None:
    line = fit.fit(made(lambda size: 50e-9 if size < 2 else 800e-9 + size * 1e-9), CACHES)
    assert line is not None and near(line.fixed, 800e-9)


def test_a_fit_without_caches_without_large_sizes_or_with_too_few() -> None:
    line = fit.fit(made(lambda size: (40 + size) * 1e-9), [])
    assert line is not None and [level.name for level in line.levels] == ["all sizes"]
    assert near(line.fixed, 40e-9) and near(line.levels[0].slope, 1e-9)
    short = fit.fit(made(by_level, sizes=[0, 1, 10, 100, 1000]), CACHES)
    assert short is not None and [level.slope is None for level in short.levels] == [False, True, True]
    assert fit.fit(made(by_level, sizes=[0, 1]), CACHES) is None
    assert fit.fit({}, CACHES) is None


def test_a_fit_takes_what_an_interrupted_run_left() -> None:
    times = made(by_level)
    times[10] = [times[10][0][:2]]
    times[100] = times[100][:2]
    line = fit.fit(times, CACHES)
    assert line is not None and near(line.fixed, 40e-9)


def test_the_interval_is_wider_where_processes_disagree() -> None:
    alike, apart = made(by_level), made(by_level)
    for groups in apart.values():
        groups[1] = [value * 1.3 for value in groups[1]]
    lines = [fit.fit(times, CACHES) for times in (alike, apart)]
    narrow, wide = (line.fixed.high - line.fixed.low for line in lines if line is not None)
    assert wide > 3 * narrow


def linear(fixed: float, slope: float, **more: Any) -> Times:
    return made(lambda size: (fixed + slope * size) * 1e-9, **more)


def test_a_crossover_is_found_where_the_lines_meet() -> None:
    # 50 + 100 n = 1,000 + n at n = 9.6; 50 + 100 n = 5,000 + n at 50.
    for fixed, size in ((1_000, 9.6), (5_000, 50.0)):
        found = crossover.crossover(linear(50, 100), linear(fixed, 1, seed=1))
        assert found is not None
        assert (found.first, found.last, len(found.changes)) == (1, 2, 1)
        change = found.overtakes(2)
        assert change is not None and found.overtakes(1) is None
        assert change.size.low <= change.size.value <= change.size.high
        assert abs(change.size.value / size - 1) < 0.15
        assert change.size.high / change.size.low < 1.5


def test_the_interval_of_a_crossover_widens_with_noise() -> None:
    widths = []
    for noise in (0.005, 0.2):
        found = crossover.crossover(linear(50, 10, noise=noise), linear(1_000, 8, noise=noise, seed=1))
        assert found is not None and found.changes
        size = found.changes[-1].size
        widths.append(size.high / size.low)
    assert widths[1] > widths[0]


def test_never_always_and_no_difference() -> None:
    fast, slow = linear(20, 1), linear(40, 2, seed=1)
    never, always = crossover.crossover(fast, slow), crossover.crossover(slow, fast)
    assert never is not None and (never.first, never.changes) == (1, ())
    assert always is not None and (always.first, always.changes, always.overtakes(2)) == (2, (), None)
    same = crossover.crossover(fast, linear(20, 1, seed=2))
    assert same is not None and (same.first, same.changes, same.led_up_to) == (0, (), 0)


def test_the_lead_can_change_twice() -> None:
    other = made(lambda size: (20 + size if size < 100 else 20 + 3 * size if size < 100_000 else 20 + size) * 1e-9)
    found = crossover.crossover(linear(30, 2), other)
    assert found is not None
    assert [change.leader for change in found.changes] == [1, 2]
    assert found.first == found.last == 2
    assert found.overtakes(2) == found.changes[-1]


def test_one_disturbed_size_is_no_crossover() -> None:
    fast, slow = linear(20, 1), linear(40, 2, seed=1)
    fast[1000] = [[value * 8 for value in group] for group in fast[1000]]
    found = crossover.crossover(fast, slow)
    assert found is not None and (found.first, found.changes) == (1, ())


def test_only_what_both_were_measured_at_is_compared() -> None:
    one = linear(50, 100, sizes=[0, 1, 10, 100, 1000])
    found = crossover.crossover(one, linear(1_000, 1, sizes=[1, 10, 100, 1000, 10_000]))
    assert found is not None and (found.smallest, found.largest) == (1, 1000)
    assert crossover.crossover(one, linear(1, 1, sizes=[7])) is None
    one[100] = [[]]
    one[10] = [one[10][0][:1]]
    assert crossover.crossover(one, linear(1_000, 1)) is not None


def test_the_counts_of_prefixes_are_the_oracle_s() -> None:
    with Scratch() as scratch:
        prefixes = curves.Prefixes(5000, scratch)
        for size in (0, 1, 2, 3, 700, 5000):
            given, path = prefixes.get(size)
            assert given.text is not None and len(given.text) == size
            assert given.expected == oracle.count_characters(given.text)
            assert Path(path).read_bytes() == given.data
            assert prefixes.get(size)[0] is given


def test_a_plan_fits_its_time() -> None:
    for seconds in (5.0, 25.0, 120.0, 600.0):
        for contenders in (1, 3, 45, 60):
            plan = curves.plan_for(seconds, contenders, 1 << 36)
            assert max(plan.sizes) == curves.LARGEST
            samples = contenders * len(plan.sizes) * (plan.processes * (plan.rounds + 1) + 2)
            assert samples * plan.sample_ms / 1000 <= max(0.31 * seconds, samples * 0.5 / 1000)
            assert 0 < plan.longest <= curves.LONGEST and plan.processes >= 1


def test_a_plan_fits_the_memory() -> None:
    for available in (1 << 28, 1 << 32, 1 << 36):
        for contenders in (1, 66):
            largest = max(curves.plan_for(60.0, contenders, available).sizes)
            assert largest * contenders * curves.HELD <= available
            assert largest == curves.LARGEST or largest * contenders * curves.HELD > available / 2


SOURCE = """
def exact(val): return sum(map(eq, val, val[1:]))
from operator import eq
calls = itertools.count()
def slow(val):
    time.sleep(len(val) * 1e-4)
    return exact(val)
CONTENDERS = [
    contender("good", exact),
    contender("slow", slow),
    contender("liar", lambda val: exact(val) + (len(val) > 50)),
    contender("tired", lambda val: exact(val) + (next(calls) > 200)),
    contender("gone", lambda val: os._exit(3) if len(val) == 10 else exact(val)),
    contender("picky", lambda val: exact(val) if val else [][0],
              divergences=(Divergence("no empty text", lambda text: None if text else Raises("IndexError")),)),
    contender("never", lambda val: [][0], divergences=(Divergence("raises", lambda text: Raises("IndexError")),)),
    contender("absent", load=lambda: (_ for _ in ()).throw(Unavailable("needs a thing"))),
]
"""


def setting(plant: Plant, watcher: Watcher | None = None) -> Setting:
    contenders = [each for file in plant(SOURCE).glob("*.py") for each in registry.contenders_in(file)]
    return Setting(contenders, 10.0, limit=5.0, watcher=watcher or Watcher())


PLAN = curves.Plan(sizes=(0, 1, 10, 100, 1000, 10_000), processes=2, rounds=3, sample_ms=0.5, longest=0.05)


def test_curves_of_planted_contenders(plant: Plant) -> None:
    given = setting(plant)
    data = json.loads(json.dumps(curves.measure(given.contenders, PLAN, given)))
    found = {curve.name: curve for curve in curves.read(data)}
    good = found["good"]
    assert sorted(good.times) == [0, 1, 10, 100, 1000, 10_000]
    assert all([len(group) for group in groups] == [3, 3] for groups in good.times.values())
    assert good.median(10_000) > good.median(0)
    assert data["processes"] == 2 and data["stopped"] == ""
    # 1,000 characters would take it 0.1 s.
    assert max(found["slow"].times) == 100 and "1,000 characters would take" in found["slow"].ended
    assert (found["liar"].status, found["liar"].times) == ("wrong", {})
    assert (found["tired"].status, found["tired"].times) == ("wrong", {})
    assert found["gone"].status == "failed" and "exit code 3" in found["gone"].reason and not found["gone"].times
    assert sorted(found["picky"].times) == [1, 10, 100, 1000, 10_000]
    assert not found["never"].times and "IndexError" in found["never"].reason
    assert (found["absent"].status, found["absent"].reason) == ("unavailable", "needs a thing")
    assert set(curves.broken(list(found.values()))) == {"liar", "tired", "gone"}
    assert {name for name, _ in curves.missing(list(found.values()))} == {"liar", "tired", "gone", "never", "absent"}


def test_an_interrupt_keeps_the_curves_so_far(plant: Plant) -> None:
    class Impatient(Watcher):
        def doing(self, what: str) -> None:
            if what.startswith("100 letters") and "round 2" in what:
                raise KeyboardInterrupt

    given = setting(plant, Impatient())
    with pytest.raises(Interrupted) as interrupt:
        curves.measure(given.contenders, PLAN, given)
    found = {curve.name: curve for curve in curves.read(interrupt.value.data)}
    assert sorted(found["good"].times) == [0, 1, 10]
    assert interrupt.value.data["processes"] == 0


def test_curves_are_measured_once(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    given = setting(plant)
    monkeypatch.setattr(curves, "plan_for", lambda seconds, contenders, available: PLAN)
    first = curves.measured(given)
    monkeypatch.setattr(curves, "measure", None)
    assert curves.measured(given) is first

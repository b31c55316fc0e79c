"""Medians, intervals and ratios against numbers that are known."""

from __future__ import annotations

import numpy as np
import pytest

from doubles_lab.measure.statistics import estimate, speedup


def test_median_of_known_samples() -> None:
    found = estimate([[1.0, 9.0, 2.0], [3.0, 8.0]])
    assert found.value == 3.0
    assert 1.0 <= found.low <= 3.0 <= found.high <= 9.0


def test_equal_samples_have_no_width() -> None:
    found = estimate([[2.0] * 10, [2.0] * 10])
    assert (found.low, found.value, found.high) == (2.0, 2.0, 2.0)


def test_one_sample_is_its_own_interval() -> None:
    assert estimate([[4.0]]) == estimate([[4.0], []])
    assert estimate([[4.0]]).low == 4.0


def test_no_samples() -> None:
    with pytest.raises(ValueError, match="no samples"):
        estimate([[], []])


def test_the_same_seed_gives_the_same_interval() -> None:
    samples = [list(np.random.default_rng(1).normal(10, 1, 30)) for _ in range(3)]
    assert estimate(samples, seed=7) == estimate(samples, seed=7)


def test_the_interval_holds_the_median_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(100):
        processes = rng.normal(0, 0.2, 8)
        found = estimate([list(rng.normal(100 + shift, 1, 20)) for shift in processes])
        held += found.low <= 100 <= found.high
    assert held >= 85


def test_processes_that_disagree_widen_the_interval() -> None:
    rng = np.random.default_rng(3)
    alike = [list(rng.normal(10, 0.1, 20)) for _ in range(4)]
    apart = [list(rng.normal(centre, 0.1, 20)) for centre in (9, 9.5, 10.5, 11)]

    def width(samples: list[list[float]]) -> float:
        found = estimate(samples)
        return found.high - found.low

    assert width(apart) > 5 * width(alike)


def test_a_known_ratio() -> None:
    baseline = [[10.0, 20.0, 40.0], [10.0, 30.0, 50.0]]
    twice = [[value / 2 for value in group] for group in baseline]
    found = speedup(twice, baseline)
    assert (found.low, found.value, found.high) == (2.0, 2.0, 2.0)


def test_a_slow_minute_that_falls_on_both_cancels() -> None:
    rng = np.random.default_rng(4)
    minutes = rng.choice([1.0, 3.0], 60)
    ours = [list(minutes * rng.normal(1.00, 0.005, 60))]
    slower = [list(minutes * rng.normal(1.05, 0.005, 60))]
    found = speedup(ours, slower)
    assert 1.03 < found.low <= found.value <= found.high < 1.07
    # The times alone could not tell.
    assert estimate(ours).high > estimate(slower).low


def test_many_samples_take_bounded_memory() -> None:
    found = estimate([list(np.linspace(1, 2, 20_000))])
    assert found.low <= 1.5 <= found.high < 1.51


def test_only_rounds_that_both_finished_count() -> None:
    found = speedup([[1.0, 1.0, 5.0]], [[2.0, 2.0]])
    assert found.value == 2.0
    with pytest.raises(ValueError, match="no samples"):
        speedup([[]], [[1.0]])

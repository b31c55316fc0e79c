"""The line through times over size, on made-up times: what it was made of, and how often its interval holds that."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from doubles_lab.measure.statistics import Estimate
from doubles_lab.questions import curves, fit

CACHES = [{"level": 1, "bytes": 32 << 10}, {"level": 2, "bytes": 512 << 10}]
SIZES = curves.sizes_up_to(1 << 22, 4)
Times = dict[int, list[list[float]]]


def made(
    time: Callable[[int], float],
    seed: int = 0,
    spread: float = 0.01,
    noise: float = 0.01,
    processes: int = 10,
    sizes: list[int] = SIZES,
) -> Times:
    """Times after a function of the size, by size, process and round; processes differ at all sizes alike."""
    rng = np.random.default_rng(seed)
    like = rng.normal(0, spread, processes)
    return {size: [list(time(size) * np.exp(each + noise * rng.standard_t(3, 3))) for each in like] for size in sizes}


def by_level(size: int) -> float:
    """40 ns, and 1, 2 or 5 ns a character."""
    return (40 + size * (1 if size <= 24 << 10 else 2 if size <= 384 << 10 else 5)) * 1e-9


def near(estimate: Estimate | None, value: float, share: float = 0.05) -> bool:
    return estimate is not None and abs(estimate.value / value - 1) < share and estimate.low <= estimate.high


def fitted(times: Times, caches: list[dict[str, int]] = CACHES) -> fit.Fit:
    line = fit.fit(times, caches)
    assert line is not None
    return line


def test_a_fit_recovers_what_it_was_made_of() -> None:
    line = fitted(made(by_level))
    assert near(line.fixed, 40e-9)
    assert [level.name for level in line.levels] == ["L1", "L2", "memory"]
    assert [near(level.slope, slope) for level, slope in zip(line.levels, (1e-9, 2e-9, 5e-9))] == [True] * 3
    assert line.usual_residual < 0.02 and line.largest_residual < 0.1
    assert [size for size, _ in line.residuals] == SIZES


def test_a_line_without_noise_is_exact() -> None:
    line = fitted(made(by_level, spread=0, noise=0))
    for estimate, value in zip((line.fixed, *(level.slope for level in line.levels)), (40e-9, 1e-9, 2e-9, 5e-9)):
        assert estimate is not None
        assert (estimate.value, estimate.low, estimate.high) == pytest.approx([value] * 3)
    assert line.largest_residual == pytest.approx(0, abs=1e-9)
    for fixed, slope in ((40e-9, 0.0), (0.0, 2e-9)):
        line = fitted({size: [[fixed + slope * size] * 2] * 3 for size in SIZES[1:]})
        assert line.fixed.value == pytest.approx(fixed, abs=1e-15)
        assert line.levels[0].slope is not None
        assert line.levels[0].slope.value == pytest.approx(slope, abs=1e-15)


def test_a_line_needs_no_empty_input() -> None:
    line = fitted({size: [[(40 + 3 * size) * 1e-9]] * 3 for size in (1, 10, 100, 1000)})
    assert line.fixed.value == pytest.approx(40e-9)
    assert line.levels[0].slope is not None and line.levels[0].slope.value == pytest.approx(3e-9)


def test_neither_part_of_a_line_is_below_0() -> None:
    # A line through any two of these begins below 0: of those through 0, the one in the middle has the least residuals.
    line = fitted({size: [[time]] * 3 for size, time in ((10, 1.0), (100, 20.0), (1000, 300.0))})
    assert line.levels[0].slope is not None
    assert line.fixed.value == 0.0 and line.levels[0].slope.value == pytest.approx(0.2)
    line = fitted({size: [[time]] * 3 for size, time in ((1, 0.2), (10, 1.0), (100, 30.0))})
    assert line.levels[0].slope is not None
    assert line.fixed.value == 0.0 and line.levels[0].slope.value == pytest.approx(0.2)
    # The first two are on a line, and of the others one is above and one below it.
    line = fitted({size: [[time]] * 3 for size, time in ((1, 43.0), (10, 70.0), (100, 680.0), (1000, 1520.0))})
    assert line.fixed.value == pytest.approx(40.0)
    # What takes longer in the first level than in the second.
    line = fitted({size: [[40.0 if size < 9_000 else 30.0]] * 3 for size in (1, 10, 100, 100_000, 200_000)})
    assert line.levels[1].slope is not None and line.levels[1].slope.value == 0.0
    # These fall: of the levels, the one in the middle.
    line = fitted({size: [[time]] * 3 for size, time in ((10, 3.0), (100, 2.0), (1000, 1.0))})
    assert line.levels[0].slope is not None
    assert line.fixed.value == pytest.approx(2.0) and line.levels[0].slope.value == 0.0


def test_the_intervals_are_student_s_over_the_processes() -> None:
    """Processes of 40, 50 and 60 ns and of 1, 1 and 4 ns a character."""
    lines = [(40, 1), (50, 1), (60, 4)]
    times = {size: [[(a + b * size) * 1e-9] * 2 for a, b in lines] for size in (0, 1, 10, 100, 1000)}
    line = fitted(times)
    slope = line.levels[0].slope
    assert slope is not None
    for estimate, mean, spread in ((line.fixed, 50e-9, 10e-9), (slope, 2e-9, math.sqrt(3) * 1e-9)):
        half = 4.302653 * spread / math.sqrt(3)
        assert estimate.value == pytest.approx(mean)
        assert estimate.high == pytest.approx(mean + half)
        # Neither can be below 0.
        assert estimate.low == pytest.approx(max(mean - half, 0.0))


@pytest.mark.parametrize("spread", [0.02, 0.1])
def test_the_intervals_hold_the_truth_as_often_as_they_say(spread: float) -> None:
    sizes = curves.sizes_up_to(1 << 22, 2)
    held = np.zeros(4)
    below = above = 0
    for seed in range(200):
        line = fitted(made(by_level, seed, spread, sizes=sizes))
        for i, (estimate, truth) in enumerate(
            zip((line.fixed, *(level.slope for level in line.levels)), (40e-9, 1e-9, 2e-9, 5e-9))
        ):
            assert estimate is not None
            held[i] += estimate.low <= truth <= estimate.high
            below += estimate.high < truth
            above += estimate.low > truth
    assert (held / 200 >= 0.91).all(), held
    assert below and above


def test_a_disturbed_size_does_not_move_the_line_and_shows_as_a_residual() -> None:
    times = made(by_level)
    for size in (10, 1000):
        times[size] = [[value * 6 for value in group] for group in times[size]]
    line = fitted(times)
    assert near(line.fixed, 40e-9) and near(line.levels[0].slope, 1e-9)
    assert {size for size, off in line.residuals if off > 1} == {10, 1000}
    assert line.largest_residual == pytest.approx(5, rel=0.1)


def test_residuals_have_signs_and_are_judged_without() -> None:
    times = made(by_level, spread=0, noise=0)
    times[100] = [[value / 2 for value in group] for group in times[100]]
    line = fitted(times)
    assert dict(line.residuals)[100] == pytest.approx(-0.5)
    assert line.largest_residual == pytest.approx(0.5) and line.usual_residual == pytest.approx(0, abs=1e-9)
    assert (fit.Fit(line.fixed, ()).usual_residual, fit.Fit(line.fixed, ()).largest_residual) == (0.0, 0.0)


def test_a_shortcut_for_nothing_is_a_residual_too() -> None:
    line = fitted(made(lambda size: 50e-9 if size < 2 else 800e-9 + size * 1e-9))
    assert near(line.fixed, 800e-9)
    assert dict(line.residuals)[0] < -0.9


def test_levels_are_what_fits_into_three_quarters_of_a_cache() -> None:
    caches = [{"level": 1, "bytes": 400}, {"level": 3, "bytes": 4000}]
    assert fit.levels_of([0, 300, 301, 3000, 3001], caches) == [
        ("L1", [0, 300]),
        ("L3", [301, 3000]),
        ("memory", [3001]),
    ]
    assert fit.levels_of([1, 2], []) == [("all sizes", [1, 2])]


def test_a_fit_without_caches_without_large_sizes_or_with_too_few() -> None:
    line = fitted(made(lambda size: (40 + size) * 1e-9), [])
    assert [level.name for level in line.levels] == ["all sizes"]
    assert near(line.fixed, 40e-9) and near(line.levels[0].slope, 1e-9)
    short = fitted(made(by_level, sizes=[0, 1, 10, 100, 1000, 30_000]))
    assert [level.slope is None for level in short.levels] == [False, True, True]
    # A level of one size has no slope, and nothing that is left over.
    assert [len(level.residuals) for level in short.levels] == [5, 0, 0]
    two = fitted(made(by_level, sizes=[0, 1, 10, 100, 100_000, 200_000])).levels[1]
    assert near(two.slope, 2e-9) and len(two.residuals) == 2
    assert fitted(made(by_level, sizes=[0, 1, 2])).levels[0].slope is not None
    assert fit.fit(made(by_level, sizes=[0, 1, 100_000, 200_000]), CACHES) is None
    assert fit.fit({}, CACHES) is None


def test_a_fit_takes_what_an_interrupted_run_left() -> None:
    times = made(by_level)
    times[10] = [times[10][0][:2]]
    times[100] = times[100][:2]
    for size in SIZES[2:]:
        times[size] = times[size][:5]
    line = fitted(times)
    assert near(line.fixed, 40e-9)
    # Five processes gave fewer than three sizes, and no line.
    full = fitted({size: groups[:5] for size, groups in times.items()})
    assert line == full


def test_one_process_has_a_line_without_an_interval() -> None:
    line = fitted(made(by_level, processes=1))
    assert near(line.fixed, 40e-9) and (line.fixed.low, line.fixed.high) == (0.0, math.inf)


def test_more_rounds_of_the_same_processes_make_nothing_surer() -> None:
    times = made(by_level)
    assert fitted({size: [group * 9 for group in groups] for size, groups in times.items()}) == fitted(times)


def test_the_interval_is_wider_where_processes_disagree() -> None:
    narrow, wide = (fitted(made(by_level, spread=spread)).fixed for spread in (0.01, 0.1))
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)

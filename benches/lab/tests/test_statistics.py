"""Levels, intervals and leading groups: against percentiles of tables, and against truth that is known."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable

import numpy as np
import pytest

from doubles_lab.measure import statistics
from doubles_lab.measure.statistics import (
    MARGIN,
    TAKEN,
    Estimate,
    Level,
    difference,
    leading_group,
    level,
    levels,
    quotient,
    resolution,
    speedup,
)

#: Student's t by degrees of freedom, from a table: half of 5 % lies beyond on each side.
T95 = {1: 12.706205, 2: 4.302653, 4: 2.776445, 9: 2.262157}
#: The same for half of 0.1 %.
T999 = {9: 4.780913}
#: So many processes that a variance is as good as known.
MANY = 10**7


def exps(*groups: Iterable[float]) -> list[list[float]]:
    """Samples with these logarithms."""
    return [[math.exp(each) for each in group] for group in groups]


def close(found: Estimate, value: float, low: float, high: float) -> bool:
    return (found.value, found.low, found.high) == pytest.approx((value, low, high), rel=1e-6)


def test_a_time_has_student_s_interval_over_its_processes() -> None:
    # The medians of the processes are 0, 0.1 and 0.5: the mean 0.2, the standard deviation 0.264575.
    found = level(exps([-9, 0, 0.2], [0.1], [0.4, 0.6]))
    assert found.log == pytest.approx(0.2) and found.freedom == 2
    assert found.variance == pytest.approx(0.07 / 3)
    half = T95[2] * math.sqrt(0.07 / 3)
    assert close(found.time, math.exp(0.2), math.exp(0.2 - half), math.exp(0.2 + half))


@pytest.mark.parametrize("processes", [2, 3, 5, 10])
def test_the_ends_are_those_of_the_table(processes: int) -> None:
    logs = [0.01 * i * i for i in range(processes)]
    half = T95[processes - 1] * float(np.std(logs, ddof=1)) / math.sqrt(processes)
    found = level(exps(*([each] * 4 for each in logs)))
    mean = sum(logs) / processes
    assert close(found.time, math.exp(mean), math.exp(mean - half), math.exp(mean + half))


def test_more_samples_of_the_same_processes_make_nothing_surer() -> None:
    few, many = (level(exps(*([each] * count for each in (0.0, 0.1, 0.3)))) for count in (1, 100))
    assert few.variance == pytest.approx(many.variance, rel=1e-9)


def test_one_process_alone_has_an_interval_without_an_end() -> None:
    found = level([[2.0, 3.0, 4.0], []])
    assert close(found.time, 3.0, 0.0, math.inf)
    assert math.isinf(found.variance) and found.freedom == 0
    assert quotient([found], [level([[1.0], [1.0]])]) == Estimate(pytest.approx(3.0), 0.0, math.inf)  # type: ignore[arg-type]


def test_two_processes_that_differ_much_have_an_interval_without_an_end() -> None:
    found = level(exps([-80.0], [80.0]))
    assert close(found.time, 1.0, 0.0, math.inf)
    assert resolution({"one": found, "other": found}) is None


def test_equal_samples_have_no_width() -> None:
    found = level([[2.0] * 3, [2.0] * 3]).time
    assert close(found, 2.0, 2.0, 2.0)


def test_no_samples() -> None:
    for function in (level, difference):
        with pytest.raises(ValueError, match="no samples"):
            function([[], []])
    assert levels({}) == {} == levels({"a": [[], []]})
    some: list[list[float]] = [[1.0]]
    for ours, theirs in ((some, [[]]), ([[]], some)):
        with pytest.raises(ValueError, match="no samples"):
            speedup(ours, theirs)


def test_a_level_is_over_another_as_many_times() -> None:
    slow, fast = Level(1.0, 0.0004, 9), Level(0.5, 0.0012, 4)
    half = T95[4] * math.sqrt(0.0016)
    assert close(slow.over(fast), math.exp(0.5), math.exp(0.5 - half), math.exp(0.5 + half))
    assert close(fast.over(slow), math.exp(-0.5), math.exp(-0.5 - half), math.exp(-0.5 + half))
    assert slow.over(slow) == Estimate(1.0, 1.0, 1.0)
    # Equal is not the same: another one that came to the same has an interval.
    assert slow.over(dataclasses.replace(slow)).low < 1


def test_a_confidence_can_be_asked_for() -> None:
    slow, fast = Level(0.3, 0.0002, 9), Level(0.1, 0.0002, 9)
    half = T999[9] * 0.02
    assert close(slow.over(fast, 0.999), math.exp(0.2), math.exp(0.2 - half), math.exp(0.2 + half))


def test_a_quotient_takes_all_variances_and_the_fewest_processes() -> None:
    above, below = [Level(1.0, 0.0001, 9), Level(0.2, 0.0002, 4)], [Level(0.3, 0.0003, 9), Level(0.1, 0.0003, 9)]
    half = T95[4] * 0.03
    assert close(quotient(above, below), math.exp(0.8), math.exp(0.8 - half), math.exp(0.8 + half))
    assert close(quotient(below, above), math.exp(-0.8), math.exp(-0.8 - half), math.exp(-0.8 + half))


def test_a_speedup_is_the_time_of_the_baseline_over_ours() -> None:
    rng = np.random.default_rng(1)
    ours = [list(rng.normal(1.0, 0.01, 3)) for _ in range(10)]
    twice = [list(rng.normal(2.0, 0.02, 3)) for _ in range(10)]
    found, other = speedup(ours, twice), speedup(twice, ours)
    assert 1.97 < found.low < 2.0 < found.high < 2.03
    assert (other.low, other.high) == pytest.approx((1 / found.high, 1 / found.low))


def test_what_a_round_does_to_all_is_taken_out() -> None:
    rounds = np.array([-0.3, -0.2, -0.1, 0.0, 0.5, 0.6, 0.7])
    logs = {"a": (0.0, 0.02, 0.05), "b": (0.7, 0.71, 0.75), **dict.fromkeys("cde", (2.0, 2.0, 2.0))}
    lengths = {"a": (3, 3, 1), "b": (1, 3, 3), **dict.fromkeys("cde", (2, 3, 2))}

    def race(machine: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, list[list[float]]]:
        found = {}
        for name, processes in logs.items():
            row = np.repeat(processes, lengths[name]) + machine
            found[name] = [list(np.exp(part)) for part in np.split(row, np.cumsum(lengths[name])[:-1])]
        return found

    disturbed, quiet = levels(race(rounds)), levels(race(0 * rounds))
    for name in logs:
        assert disturbed[name].log == pytest.approx(quiet[name].log, abs=1e-6), name
        assert disturbed[name].variance == pytest.approx(quiet[name].variance, abs=1e-9), name
    # By itself there is nothing to tell the machine from the implementation.
    assert level(race(rounds)["a"]).variance > 10 * quiet["a"].variance


def test_a_race_is_as_sure_as_its_processes_show() -> None:
    steady = [[1.0, 1.0]] * 3
    race = {"a": exps([0.0, 0.0], [0.1, 0.1], [0.2, 0.2]), "b": steady, "c": steady, "d": steady}
    found = levels(race)["a"]
    # The medians of the rounds are those of the steady ones. The variance of the processes is 0.01, and what an
    # implementation has itself put into the medians of four is made up for.
    assert found.log == pytest.approx(0.1)
    assert found.variance == pytest.approx(0.01 / 3 * 4 / (4 - TAKEN))
    # Of two, the median is the mean: each has half of the difference.
    found = levels({"a": race["a"], "b": steady})["a"]
    assert found.variance == pytest.approx(0.01 / 4 / 3 * 2 / (2 - TAKEN))
    assert level(race["a"]).variance == pytest.approx(0.01 / 3)
    assert 1 <= TAKEN <= 1.5


def test_rounds_that_the_slow_ones_did_not_reach_are_no_faster() -> None:
    """What a round did to a contender is what it did beyond its own level, so it does not matter who is left."""
    rng = np.random.default_rng(1)
    machine = rng.normal(0, 0.1, 12)
    race = {
        name: exps(*np.split(log + machine[:rounds], rounds // 2))
        for name, log, rounds in (
            ("a", 0.0, 12),
            ("b", 1.0, 12),
            ("c", 2.0, 12),
            ("s", 5.0, 4),
            ("t", 6.0, 4),
            ("u", 7.0, 4),
        )
    }
    found = levels(race)
    for name in "abc":
        assert found[name].variance == pytest.approx(0.0, abs=1e-12), name
    assert found["b"].log - found["a"].log == pytest.approx(1.0)
    assert found["s"].log - found["a"].log == pytest.approx(5.0)
    # In the middle round.
    assert found["a"].log == pytest.approx(np.median(machine), abs=1e-4)


def test_a_time_by_itself_keeps_what_the_machine_did() -> None:
    # Each process is slower than the one before for both: no difference between them, but what is the time?
    drift = [[0.0, 0.0], [0.1, 0.1], [0.4, 0.4]]
    found = levels(
        {"a": exps(*drift), "b": exps(*([each + 1 for each in group] for group in drift)), "c": exps(*drift)}
    )
    assert found["a"].variance == pytest.approx(0.0, abs=1e-12)
    assert found["a"].alone == pytest.approx(np.var([0.0, 0.1, 0.4], ddof=1) / 3)
    ratio = found["b"].over(found["a"])
    assert ratio.low == pytest.approx(ratio.high) == pytest.approx(math.e)
    half = T95[2] * math.sqrt(found["a"].alone)
    # In the middle round.
    assert close(found["a"].time, math.exp(0.1), math.exp(0.1 - half), math.exp(0.1 + half))
    assert found["a"].by_itself == Level(found["a"].log, found["a"].alone, 2, found["a"].alone)
    # Nothing that the machine did makes an implementation surer: here its processes go against the drift.
    against = exps([0.0, 0.0], [-0.1, -0.1], [-0.4, -0.4])
    for name, each in levels({"x": against, "y": exps(*drift), "z": exps(*drift), "w": exps(*drift)}).items():
        assert each.alone >= each.variance, name


def test_drift_over_a_race_is_no_difference_between_processes() -> None:
    rng = np.random.default_rng(5)
    drift = np.linspace(0, 0.5, 20)
    race = {
        name: exps(*np.split(log + drift + rng.normal(0, 0.005, 20), 10))
        for name, log in (("a", 0.0), ("b", 0.2), ("c", 1.0))
    }
    ratio = levels(race)["b"].over(levels(race)["a"])
    assert math.exp(0.19) < ratio.low < math.exp(0.2) < ratio.high < math.exp(0.21)


def test_a_round_that_one_alone_took_part_in_stays_as_it_is() -> None:
    race = {"a": exps([0.0, 0.0], [3.0, 3.0]), "b": exps([1.0, 1.0]), "c": exps([2.0, 2.0])}
    found = levels(race)
    assert found["a"].log == pytest.approx(1.5)
    assert found["b"].log == pytest.approx(1.0)
    assert (found["a"].freedom, found["b"].freedom) == (1, 0)


def test_a_race_takes_rows_of_any_length() -> None:
    found = levels({"a": [[1.0, 1.0], [1.0]], "b": [[2.0], []], "c": [[4.0, 4.0, 4.0, 4.0]], "d": [[]]})
    assert {name: each.log for name, each in found.items()} == pytest.approx(
        {"a": 0.0, "b": math.log(2), "c": math.log(4)}
    )


def test_a_difference_is_the_mean_of_the_processes_and_may_be_below_nothing() -> None:
    # The medians are -1, 2 and 5.
    found = difference([[-7.0, -1.0, 1.0], [2.0], [4.0, 6.0], []])
    half = T95[2] * 3 / math.sqrt(3)
    assert close(found, 2.0, 2.0 - half, 2.0 + half)
    assert close(difference([[1.0], [3.0]]), 2.0, 2.0 - T95[1], 2.0 + T95[1])
    assert difference([[1.0, 3.0]]) == Estimate(2.0, -math.inf, math.inf)


def test_the_difference_that_can_be_shown() -> None:
    race = {name: Level(0.0, variance, 9) for name, variance in (("a", 1e-6), ("b", 0.0002), ("c", 0.5))}
    assert resolution(race) == pytest.approx(math.exp(T95[9] * 0.02) - 1)
    assert resolution({**race, "d": Level(0.0, 0.0008, 4)}) == pytest.approx(math.exp(T95[4] * 0.04) - 1)
    assert resolution({**race, "one process": Level(0.0, math.inf, 0)}) == resolution(race)
    assert resolution({"one process": Level(0.0, math.inf, 0)}) is None
    assert resolution({}) is None
    five = {f"{i}": Level(0.0, variance, 9) for i, variance in enumerate((0.5, 1e-6, 0.0002, 1e-6, 0.5))}
    assert resolution(five) == resolution(race)
    # Two that differ by that much are just shown to; by less they are not.
    shown = math.log1p(resolution(race) or 0.0)
    for more, low in ((1.001, True), (0.999, False)):
        assert (Level(shown * more, 0.0002, 9).over(Level(0.0, 0.0002, 9)).low > 1) == low


def apart(share: float, margin: float = MARGIN, others: int = 1, freedom: int = MANY) -> list[str]:
    """The leading group of one, and of others that are as fast, behind by the margin and so many standard errors."""
    error = 0.05
    behind = math.log1p(margin) + share * error
    race = {f"fast{i}": Level(0.0, error**2 / 2, freedom) for i in range(others)}
    return leading_group({"slow": Level(behind, error**2 / 2, freedom), **race}, margin)


@pytest.mark.parametrize(
    ("others", "freedom", "critical"),
    [
        # Of the normal, of Student's t, and Dunnett's for one side at 5 % (tables of Dunnett 1955: 1, 2 and 9 others).
        (1, MANY, 1.645),
        (1, 9, 1.734),
        (2, MANY, 1.916),
        (9, MANY, 2.442),
    ],
)
@pytest.mark.parametrize("margin", [0.0, MARGIN, 0.1])
def test_who_is_out_is_beyond_the_percentile_of_the_table(
    others: int, freedom: int, critical: float, margin: float
) -> None:
    assert "slow" not in apart(critical + 0.08, margin, others, freedom)
    assert "slow" in apart(critical - 0.08, margin, others, freedom)


def test_all_others_are_compared_with_and_not_only_those_that_are_faster() -> None:
    for share, out in ((2.442 + 0.08, True), (2.442 - 0.08, False)):
        race = {
            "fast": Level(0.0, 0.05**2 / 2, MANY),
            "slow": Level(math.log1p(MARGIN) + share * 0.05, 0.05**2 / 2, MANY),
        }
        race |= {f"far{i}": Level(9.0 + i, 0.05**2 / 2, MANY) for i in range(8)}
        assert leading_group(race) == (["fast"] if out else ["fast", "slow"])


def test_the_group_is_named_fastest_first_and_has_the_fastest() -> None:
    race = {
        "slow": Level(0.5, 1e-5, 9),
        "b": Level(0.01, 1e-5, 9),
        "a": Level(0.0, 1e-5, 9),
        "c": Level(0.02, 1e-5, 9),
        "behind": Level(0.1, 1e-5, 9),
    }
    assert leading_group(race) == ["a", "b", "c"]
    assert leading_group({**race, "best": Level(-0.5, 1e-5, 9)}) == ["best"]
    assert leading_group({}) == []
    assert leading_group({"a": race["a"]}) == ["a"]


def test_one_within_the_margin_is_never_out_however_sure_that_is() -> None:
    race = {"a": Level(0.0, 0.0, 9), "b": Level(math.log(1.029), 0.0, 9), "c": Level(math.log(1.031), 0.0, 9)}
    assert leading_group(race) == ["a", "b"]
    assert leading_group(race, margin=0.0) == ["a"]


def test_a_noisy_one_does_not_keep_others_in_or_out() -> None:
    race = {
        "a": Level(0.0, 1e-5, 9),
        "b": Level(0.2, 1e-5, 9),
        "noisy": Level(-0.3, 1.0, 9),
        "also": Level(0.5, 1.0, 9),
    }
    assert leading_group(race) == ["noisy", "a", "also"]


def test_one_process_is_not_shown_to_be_slower_and_shows_nothing_of_others() -> None:
    once = Level(-5.0, math.inf, 0)
    race = {"a": Level(0.0, 1e-5, 9), "b": Level(0.2, 1e-5, 9), "once": once, "late": Level(9.0, math.inf, 0)}
    assert leading_group(race) == ["once", "a", "late"]
    assert leading_group({"once": once, "late": Level(9.0, math.inf, 0)}) == ["once", "late"]


def test_a_group_is_the_same_for_the_same_seed_and_larger_for_more_confidence() -> None:
    rng = np.random.default_rng(3)
    race = {f"{i}": Level(float(log), 0.0005, 9) for i, log in enumerate(rng.uniform(0, 0.3, 40))}
    assert leading_group(race, seed=7) == leading_group(race, seed=7)
    assert leading_group(race, seed=7) == leading_group(dict(reversed(race.items())), seed=7)
    sizes = [len(leading_group(race, confidence=confidence)) for confidence in (0.5, 0.95, 0.9999)]
    assert sizes[0] < sizes[1] < sizes[2] < 40


@pytest.mark.parametrize("factor", [1 / 1.25, 1 / 1.1, 1.1, 1.25])
def test_who_is_faster_is_shown_whichever_is_entered_first(factor: float) -> None:
    rng = np.random.default_rng(8)

    def samples(seconds: float) -> list[list[float]]:
        return [list(seconds * rng.normal(1, 0.02) * rng.normal(1, 0.01, 3)) for _ in range(10)]

    for _ in range(10):
        found = levels({"one": samples(1.0), "other": samples(factor), "third": samples(5.0), "fourth": samples(7.0)})
        ratio = found["other"].over(found["one"])
        # An interval of 95 % may miss by its nature, but not by much.
        assert ratio.low / 1.03 < factor < ratio.high * 1.03
        assert (ratio.low > 1) == (factor > 1) and (ratio.high < 1) == (factor < 1)
        assert leading_group(found) == (["one"] if factor > 1 else ["other"])


def test_what_is_shipped() -> None:
    assert (statistics.CONFIDENCE, statistics.MARGIN) == (0.95, 0.03)

"""Where one overtakes another, on made-up times: percentiles that are known, and how often intervals hold the truth."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from doubles_lab.measure.statistics import MARGIN
from doubles_lab.questions import curves
from doubles_lab.questions.crossover import Crossover, crossover
from doubles_lab.questions.payoff import when

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
    """Times after a function of the size, by size, process and round.

    Each process is slower or faster than others, at all sizes alike and at each besides.
    """
    rng = np.random.default_rng(seed)
    like = rng.normal(0, spread, processes)
    found: Times = {}
    for size in sizes:
        here = like + rng.normal(0, spread, processes)
        found[size] = [list(time(size) * np.exp(each + noise * rng.standard_t(3, 3))) for each in here]
    return found


def linear(fixed: float, slope: float, seed: int = 0, spread: float = 0.01, **more: Any) -> Times:
    return made(lambda size: (fixed + slope * size) * 1e-9, seed, spread, **more)


def found(one: Times, two: Times) -> Crossover:
    between = crossover(one, two)
    assert between is not None
    return between


@pytest.mark.parametrize(("fixed", "size"), [(1_000, 9.6), (5_000, 50.0), (100_000, 1009.6)])
def test_a_crossover_is_found_where_the_lines_meet(fixed: float, size: float) -> None:
    # 50 + 100 n = fixed + n.
    one, two = linear(50, 100), linear(fixed, 1, seed=1)
    for first, second, leader in ((one, two, 2), (two, one, 1)):
        between = found(first, second)
        assert (between.first, between.last, len(between.changes)) == (3 - leader, leader, 1)
        change = between.overtakes(leader)
        assert change is not None and between.overtakes(3 - leader) is None
        assert change.leader == leader
        assert change.size.low <= change.size.value <= change.size.high
        assert change.size.value == pytest.approx(size, rel=0.1)
        assert change.size.high / change.size.low < 1.25
    assert found(one, two).changes[0].size == found(two, one).changes[0].size


@pytest.mark.parametrize("spread", [0.02, 0.07])
@pytest.mark.parametrize("processes", [3, 10])
def test_the_interval_of_a_crossover_holds_it_as_often_as_it_says(spread: float, processes: int) -> None:
    """The one at 66.7 letters: ratios change slowly there, and noise moves the place by a lot."""
    held = shown = 0
    for seed in range(150):
        # 50 + 2 n = 150 + n / 2, at 66.7.
        one = linear(50, 2, 2 * seed, spread, processes=processes)
        two = linear(150, 0.5, 2 * seed + 1, spread, processes=processes)
        between = crossover(one, two)
        assert between is not None
        if between.changes:
            shown += 1
            size = between.changes[-1].size
            held += size.low <= 100 / 1.5 <= size.high
    if processes == 10:
        assert shown == 150
    assert held / max(shown, 1) >= 0.93 or shown < 30


def test_the_interval_is_no_wider_than_it_must_be() -> None:
    """It misses on each side now and then: an interval that always holds is not one of 95 %."""
    below = above = 0
    sizes = [0, 10, 100, 1000, 10_000]
    # Halfway between two sizes, on log scales.
    cross = 2 ** ((math.log2(11) + math.log2(101)) / 2) - 1
    for seed in range(300):
        one = made(one_time, 2 * seed, 0.05, sizes=sizes)
        two = made(
            lambda size: one_time(size) * math.exp(0.8 * (1 if size <= 10 else -1)), 2 * seed + 1, 0.05, sizes=sizes
        )
        change = found(one, two).changes[-1]
        below += change.size.high < cross
        above += change.size.low > cross
    assert 1 <= below <= 18 and 1 <= above <= 18


def one_time(size: int) -> float:
    return (50 + 2 * size) * 1e-9


def exact(*logs: list[float]) -> Times:
    """Times of three sizes, 0, 1 and 3 (0, 1 and 2 on the scale), by the logarithms of each process there."""
    return {size: [[math.exp(log)] * 2 for log in at_size] for size, at_size in zip((0, 1, 3, 7, 15), zip(*logs))}


def test_the_ends_are_those_of_student_s_t() -> None:
    """The ratio rises by 4 from size 0 to 1 in all of three processes, which are 0.1 apart."""
    zero = exact(*[[0.0, 0.0]] * 3)
    ratios = exact([-2.1, 1.9], [-2.0, 2.0], [-1.9, 2.1])
    (change,) = found(ratios, zero).changes
    half = 4.302653 * 0.1 / math.sqrt(3)
    low, value, high = (math.log2(1 + each) for each in (change.size.low, change.size.value, change.size.high))
    assert value == pytest.approx(0.5)
    assert (low, high) == pytest.approx((0.5 - half / 4, 0.5 + half / 4))
    assert change.leader == 2


def test_a_lead_is_beyond_student_s_t_for_all_sizes_together() -> None:
    """Of three processes and two sizes, 2.5 % are for each size: 6.205347 standard errors."""
    zero = exact(*[[0.0, 0.0]] * 3)
    for times, lead in ((6.3, 1), (6.1, 0)):
        mean = times * 0.1 / math.sqrt(3)
        for sign in (1, -1):
            rows = [[sign * (mean + off), 0.0] for off in (-0.1, 0.0, 0.1)]
            leader = {1: 2, -1: 1}[sign] if lead else 0
            assert found(exact(*rows), zero).first == leader
            assert found(zero, exact(*rows)).first == (3 - leader) % 3


def test_a_lead_is_beyond_the_margin() -> None:
    zero = exact(*[[0.0]] * 3)
    for share, lead in ((MARGIN * 1.02, True), (MARGIN * 0.98, False)):
        for sign, leader in ((1, 2), (-1, 1)):
            rows = [[sign * math.log1p(share)]] * 3
            between = found(exact(*rows), zero)
            assert (between.first, between.led_up_to) == (leader if lead else 0, 0)


def test_equals_have_no_leader_at_any_size_nearly_always() -> None:
    """Of thirty sizes, an interval of 95 % at each would find a lead at one of them by chance."""
    leads = sum(
        found(linear(20, 1, 2 * seed, 0.07), linear(20, 1, 2 * seed + 1, 0.07)).first != 0 for seed in range(100)
    )
    assert leads <= 8


def test_the_interval_of_a_crossover_widens_with_noise_and_narrows_with_processes() -> None:
    def width(spread: float, processes: int) -> float:
        widths = []
        for seed in range(5):
            one = linear(50, 10, 2 * seed, spread, processes=processes)
            size = found(one, linear(1_000, 3, 2 * seed + 1, spread, processes=processes)).changes[-1].size
            widths.append(size.high / size.low)
        return float(np.median(widths))

    assert width(0.01, 10) < width(0.05, 10)
    assert width(0.05, 40) < width(0.05, 10)


def test_more_rounds_of_the_same_processes_make_nothing_surer() -> None:
    one, two = linear(50, 10), linear(1_000, 3, seed=1)
    more = [{size: [group * 20 for group in groups] for size, groups in times.items()} for times in (one, two)]
    assert found(*more) == found(one, two)


def test_one_process_shows_no_lead() -> None:
    between = found(linear(50, 100, processes=1), linear(1_000, 1, seed=1, processes=1))
    assert (between.first, between.changes, between.led_up_to) == (0, (), 0)
    assert (between.smallest, between.largest) == (0, SIZES[-1])


def test_two_processes_that_agree_show_a_lead() -> None:
    between = found(exact([1.0], [1.0]), exact([0.0], [0.0]))
    assert (between.first, between.led_from, between.led_up_to) == (2, 0, 0)
    assert found(exact([1.0], [-1.0]), exact([0.0], [0.0])).first == 0


def test_never_always_and_no_difference() -> None:
    fast, slow = linear(20, 1), linear(40, 2, seed=1)
    never, always = found(fast, slow), found(slow, fast)
    assert (never.first, never.last, never.changes, never.overtakes(1)) == (1, 1, (), None)
    assert (always.first, always.last, always.changes, always.overtakes(2)) == (2, 2, (), None)
    assert never.led_up_to == always.led_up_to == SIZES[-1]
    same = found(fast, linear(20, 1, seed=2))
    assert (same.first, same.changes, same.led_up_to) == (0, (), 0)


def test_the_lead_can_change_twice() -> None:
    other = made(lambda size: (20 + size if size < 100 else 20 + 3 * size if size < 100_000 else 20 + size) * 1e-9, 3)
    between = found(linear(30, 2), other)
    assert [change.leader for change in between.changes] == [1, 2]
    assert between.first == between.last == 2
    assert between.overtakes(2) == between.changes[-1] and between.overtakes(1) is None
    assert between.changes[0].size.high < between.changes[1].size.low


def test_nothing_is_thrown_out() -> None:
    """A size at which all processes were slower is a place where the other leads, and is told."""
    fast, slow = linear(20, 1), linear(40, 2, seed=1)
    fast[1000] = [[value * 8 for value in group] for group in fast[1000]]
    assert [change.leader for change in found(fast, slow).changes] == [2, 1]
    # One process that was is noise.
    fast = linear(20, 1)
    fast[1000][0] = [value * 8 for value in fast[1000][0]]
    assert found(fast, slow).changes == () and found(fast, slow).first == 1


def test_sizes_without_a_leader_are_passed_over_and_widen_the_interval() -> None:
    def ratio(size: int) -> float:
        return 0.5 if size < 10 else 1.0 if size < 10_000 else 2.0

    one, two = linear(20, 1), made(lambda size: (20 + size) * 1e-9 * ratio(size), 1)
    (change,) = found(one, two).changes
    assert change.leader == 1
    assert change.size.low < 12 and change.size.high > 5_000
    assert found(one, two).led_up_to == SIZES[-1]


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(0, SIZES[-1], "always"), (32, SIZES[-1], "from 32 on"), (0, 1000, "up to 1,000"), (32, 1000, "from 32 to 1,000")],
)
def test_a_lead_at_some_sizes_alone_is_not_said_to_be_always_there(low: int, high: int, text: str) -> None:
    one = made(lambda size: 1e-6, 0)
    two = made(lambda size: 0.5e-6 if low <= size <= high else 1e-6, 0)
    between = found(one, two)
    assert (between.changes, between.led_from, between.led_up_to) == ((), low, high)
    assert (when(between, 2), when(between, 1)) == (text, "never")


def test_only_what_both_were_measured_at_is_compared() -> None:
    one = linear(50, 100, sizes=[0, 1, 10, 100, 1000])
    between = found(one, linear(1_000, 1, sizes=[1, 10, 100, 1000, 10_000]))
    assert (between.smallest, between.largest) == (1, 1000)
    assert crossover(one, linear(1, 1, sizes=[7])) is None
    assert crossover({}, one) is None is crossover(one, {7: [[]]})
    # What an interrupted run left: a size without a sample, and one of fewer processes and rounds.
    one[100] = [[]]
    one[10] = [one[10][0][:1], one[10][1]]
    between = found(one, linear(1_000, 1))
    assert (between.smallest, between.largest) == (0, 1000)
    assert between.first in (0, 1)

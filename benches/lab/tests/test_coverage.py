"""What the lab states holds as often as it says, with the plans as they are shipped, on races that are made up.

`python tests/simulated.py` prints the same of more races.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from simulated import LEAST, Coverage, World, coverage, raced, rounds_of

from doubles_lab.measure import selfcheck
from doubles_lab.measure.schedule import FULL, QUICK, Plan

PLANS = {"full": FULL, "quick": QUICK}
#: A race of the plans that are shipped must be able to show a difference as small as this.
RESOLUTION = 0.1


def faults(found: Coverage) -> list[str]:
    """What a plan does not reach."""
    told = [f"{what}: {found[what]:.1%}" for what in found.tried if "two thirds" not in what and found[what] < LEAST]
    for what in ("each of the fastest is in the group", "each within the margin is in the group"):
        if found[what] < 0.95:
            told.append(f"{what}: {found[what]:.1%}")
    for what in found.tried:
        # Each may be wrong once in twenty by what it states; in practice none is.
        if what.startswith("statements") and found[what] < 0.998:
            told.append(f"{what}: {found[what]:.2%}")
    if found.resolution > RESOLUTION:
        told.append(f"can show differences from {found.resolution:.1%} on only")
    return told


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_intervals_and_leading_groups_hold_in_a_race_of_everybody(plan: Plan) -> None:
    found = coverage(plan, 6, pairs=True)
    assert faults(found) == []
    assert found["two runs' groups share two thirds"] >= 0.8


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_intervals_and_leading_groups_hold_in_a_small_race(plan: Plan) -> None:
    assert faults(coverage(plan, 60, count=4, alike=2, pairs=True)) == []


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_three_processes_do_not_reach_it(plan: Plan) -> None:
    """Their intervals hold, since Student's t knows how few they are; but they are too wide to show what is wanted."""
    few = dataclasses.replace(plan, processes=3)
    assert any(fault.startswith("can show differences from") for fault in faults(coverage(few, 3)))
    assert selfcheck.too_few(few.processes)
    assert not selfcheck.too_few(plan.processes)


def test_the_races_that_are_made_up_have_the_rounds_of_the_lab() -> None:
    for plan in PLANS.values():
        rounds = rounds_of(70, plan, 1)
        assert {sum(each) for each in rounds} == {plan.processes * plan.rounds}
        assert {each[0] for each in rounds} == set(range(1, plan.rounds + 1))
    world = World.drawn(np.random.default_rng(1))
    assert len(world.logs) == 70 and sum(log == world.best for log in world.logs.values()) == 12
    spreads = sorted(world.spreads.values())
    assert 0.004 <= spreads[0] < spreads[-1] <= 0.16 and 0.05 < spreads[35] < 0.09
    assert raced(world, QUICK, 1) == raced(world, QUICK, 1) != raced(world, QUICK, 2)

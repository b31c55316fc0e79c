"""Where one contender overtakes another, from the times of both over size, with an interval.

At each size the logarithm of the ratio of the two is taken within each round, and the median of a process stands for
it. Processes are what is counted, as in a race: Student's t over them gives the interval of the mean. A contender leads
at a size where that interval leaves 1 out, and the ratio itself is beyond a margin. All leads of a pair hold together
with 95 % confidence (Bonferroni), so that of many sizes none is expected to have a leader by chance. Nothing is thrown
out.

Between two sizes with different leaders, the ratio of each process is taken to lie on a straight line from size to
size, on log scales. The change may be wherever the interval of 95 % of the ratio there holds 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from doubles_lab.measure.statistics import CONFIDENCE, MARGIN, Estimate

#: Places that are looked at from one size to the next one.
STEPS = 64

Floats = npt.NDArray[np.float64]
#: Seconds a call by size, process and round.
Times = Mapping[int, Sequence[Sequence[float]]]


@dataclass(frozen=True)
class Change:
    """A size at which the lead changes, with its interval; from there on ``leader`` leads: 1 or 2."""

    size: Estimate
    leader: int


@dataclass(frozen=True)
class Crossover:
    """Who leads, over the sizes that both were measured at."""

    #: The leader at the smallest sizes: 1, 2, or 0 where no lead was found at any size.
    first: int
    changes: tuple[Change, ...]
    #: The smallest and the largest size that both were measured at.
    smallest: int
    largest: int
    #: The smallest and the largest size at which a lead was found; 0 where none was.
    led_from: int
    led_up_to: int

    @property
    def last(self) -> int:
        """The leader at the largest sizes."""
        return self.changes[-1].leader if self.changes else self.first

    def overtakes(self, which: int) -> Change | None:
        """The change from which contender 1 or 2 leads for good; ``None`` if it always or never does."""
        return self.changes[-1] if self.changes and self.last == which else None


def crossover(one: Times, two: Times) -> Crossover | None:
    """Who of the two leads where. ``None`` where there is no size that both were measured at, in one round.

    One process of each shows no lead. About a millisecond a change.
    """
    sizes, ratios = _ratios(one, two)
    if not sizes:
        return None
    low, high = _interval(ratios, 1 - (1 - CONFIDENCE) / len(sizes))
    means = ratios.mean(axis=0)
    margin = math.log1p(MARGIN)
    first = (high < 0) & (means < -margin)
    second = (low > 0) & (means > margin)
    leads = np.where(first, 1, np.where(second, 2, 0))
    decided = [int(index) for index in np.flatnonzero(leads)]
    if not decided:
        return Crossover(0, (), sizes[0], sizes[-1], 0, 0)
    scale: Floats = np.log2(1 + np.array(sizes, dtype=float))
    changes = []
    for before, after in zip(decided, decided[1:]):
        if leads[before] != leads[after]:
            part = slice(before, after + 1)
            sign = 1 if leads[after] == 2 else -1
            changes.append(Change(_root(scale[part], sign * ratios[:, part]), int(leads[after])))
    return Crossover(int(leads[decided[0]]), tuple(changes), sizes[0], sizes[-1], sizes[decided[0]], sizes[decided[-1]])


def _ratios(one: Times, two: Times) -> tuple[list[int], Floats]:
    """The sizes, and the logs of the ratios by process and size: the medians over the rounds."""
    paired: dict[int, list[float]] = {}
    for size in sorted(set(one) & set(two)):
        rounds = [[math.log(a / b) for a, b in zip(ours, theirs)] for ours, theirs in zip(one[size], two[size])]
        if middles := [float(np.median(group)) for group in rounds if group]:
            paired[size] = middles
    # As many processes as all sizes have: fewer than planned where a run was broken off.
    processes = min(map(len, paired.values()), default=0)
    return list(paired), np.array([middles[:processes] for middles in paired.values()]).T


def _interval(ratios: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The ends of the interval of the mean over the rows, of each column. Of one row, it has none."""
    count = len(ratios)
    means: Floats = ratios.mean(axis=0)
    if count < 2:
        return np.full_like(means, -np.inf), np.full_like(means, np.inf)
    half = stdtrit(count - 1, (1 + confidence) / 2) * ratios.std(axis=0, ddof=1) / math.sqrt(count)
    return means - half, means + half


def _root(scale: Floats, ratios: Floats) -> Estimate:
    """The size where the ratio, which is below 0 at first and above it at last, crosses 0 for good."""
    places = np.concatenate([np.linspace(a, b, STEPS + 1)[1:] for a, b in zip(scale, scale[1:])])
    places = np.concatenate([scale[:1], places])
    there = np.array([np.interp(places, scale, row) for row in ratios])
    low, high = _interval(there, CONFIDENCE)
    means = there.mean(axis=0)

    def crosses(values: Floats, after: int) -> float:
        """The size at which the values cross 0 between two places."""
        before = after - 1
        part = values[before] / (values[before] - values[after])
        return float(2 ** (places[before] + part * (places[after] - places[before])) - 1)

    def last(values: Floats) -> int:
        """The first place after which all values are above 0."""
        return int(np.flatnonzero(values <= 0)[-1]) + 1

    return Estimate(
        crosses(means, last(means)), crosses(high, int(np.flatnonzero(high >= 0)[0])), crosses(low, last(low))
    )

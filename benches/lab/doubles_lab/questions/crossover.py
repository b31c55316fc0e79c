"""Where one contender overtakes another, from the times of both over size, with an interval.

At each size the ratio of the two is taken within each round, as in a race. A contender leads at a size where the
interval of that ratio leaves 1 out, by more than a margin. The sizes at which the lead changes are read off the line
between the ratios on the two sides, on log scales; their interval is that of a bootstrap over processes and rounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from doubles_lab.measure.statistics import CONFIDENCE, Estimate

RESAMPLES = 500
#: A lead below this is none: two builds of one program can differ by as much.
MARGIN = 0.03

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
    #: The largest size at which a lead was found.
    led_up_to: int

    @property
    def last(self) -> int:
        """The leader at the largest sizes."""
        return self.changes[-1].leader if self.changes else self.first

    def overtakes(self, which: int) -> Change | None:
        """The change from which contender 1 or 2 leads for good; ``None`` if it always or never does."""
        return self.changes[-1] if self.changes and self.last == which else None


def crossover(one: Times, two: Times, seed: int = 0) -> Crossover | None:
    """Who of the two leads where. ``None`` where there is no size that both were measured at, in one round.

    About a millisecond a size.
    """
    sizes, ratios = _ratios(one, two)
    if not sizes:
        return None
    rng = np.random.default_rng(seed)
    drawn = _bootstrap(ratios, rng)
    medians: Floats = np.median(ratios.reshape(len(sizes), -1), axis=1)
    tail = (1 - CONFIDENCE) / 2 * 100
    low, high = np.percentile(drawn, [tail, 100 - tail], axis=0)
    leads = _without_outliers(
        [
            1 if high[i] < 0 and medians[i] < -MARGIN else 2 if low[i] > 0 and medians[i] > MARGIN else 0
            for i in range(len(sizes))
        ]
    )
    decided = [index for index, lead in enumerate(leads) if lead]
    if not decided:
        return Crossover(0, (), sizes[0], sizes[-1], 0)
    scale = np.log2(1 + np.array(sizes, dtype=float))
    changes = []
    for before, after in zip(decided, decided[1:]):
        if leads[before] != leads[after]:
            part = slice(before, after + 1)
            sign = 1 if leads[after] == 2 else -1
            point = _root(scale[part], sign * medians[None, part])[0]
            ends = np.percentile(_root(scale[part], sign * drawn[:, part]), [tail, 100 - tail])
            size, *interval = (float(2**x - 1) for x in (point, *ends))
            changes.append(Change(Estimate(size, *interval), leads[after]))
    return Crossover(leads[decided[0]], tuple(changes), sizes[0], sizes[-1], sizes[decided[-1]])


def _ratios(one: Times, two: Times) -> tuple[list[int], Floats]:
    """The log of the ratios of the times by size, process and round, and their sizes."""
    paired = {}
    for size in sorted(set(one) & set(two)):
        paired[size] = [
            [float(np.log(a / b)) for a, b in zip(ours, theirs)] for ours, theirs in zip(one[size], two[size])
        ]
    # As many processes and rounds as all sizes have: fewer than planned where a run was broken off.
    paired = {size: [group for group in groups if group] for size, groups in paired.items()}
    paired = {size: groups for size, groups in paired.items() if groups}
    if not paired:
        return [], np.empty((0, 0, 0))
    processes = min(len(groups) for groups in paired.values())
    rounds = min(len(group) for groups in paired.values() for group in groups)
    return list(paired), np.array([[group[:rounds] for group in groups[:processes]] for groups in paired.values()])


def _bootstrap(ratios: Floats, rng: np.random.Generator) -> Floats:
    """Medians of the ratios by resample and size: processes are drawn for all sizes, then rounds within them."""
    sizes, processes, rounds = ratios.shape
    groups = rng.integers(processes, size=(RESAMPLES, 1, processes, 1))
    within = rng.integers(rounds, size=(RESAMPLES, sizes, processes, rounds))
    drawn = ratios[np.arange(sizes)[None, :, None, None], groups, within]
    medians: Floats = np.median(drawn.reshape(RESAMPLES, sizes, -1), axis=2)
    return medians


def _without_outliers(leads: list[int]) -> list[int]:
    """The leads without one at a single size that stands between two of the other."""
    decided = [index for index, lead in enumerate(leads) if lead]
    kept = list(leads)
    for before, index, after in zip(decided, decided[1:], decided[2:]):
        if leads[before] == leads[after] != leads[index]:
            kept[index] = 0
    return kept


def _root(scale: Floats, ratios: Floats) -> Floats:
    """Where each row of ``ratios``, which rises, crosses 0: by a straight line, within the scale."""
    centre = scale.mean()
    offsets = scale - centre
    slopes = ratios @ offsets / (offsets @ offsets)
    means = ratios.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        roots = centre - means / slopes
    # A resample that does not rise at all: all of it is on one side.
    roots = np.where(slopes > 0, roots, np.where(means > 0, scale[0], scale[-1]))
    found: Floats = np.clip(roots, scale[0], scale[-1])
    return found

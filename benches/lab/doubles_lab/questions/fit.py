"""What a call costs before it counts, and what each character costs: a line through the times over size.

time(n) = fixed + slope(level) × n, where the level is the fastest cache that the input fits in. Each process gives a
line of its own. ``fixed`` and the first level's slope are the line with the least sum of absolute residuals, of the
logs of the times, through the sizes of that level; the slopes of the further levels are medians over their sizes, with
``fixed`` as it is. Absolute residuals, so that a disturbed size does not move the line; of logs, so that the smallest
sizes count as much as the largest. What is told is the mean over the processes, with Student's interval.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from doubles_lab.measure.statistics import Estimate, difference

Floats = npt.NDArray[np.float64]
#: Seconds a call by size, process and round.
Times = Mapping[int, Sequence[Sequence[float]]]


@dataclass(frozen=True)
class Level:
    """The sizes of one level of the memory."""

    name: str
    #: Seconds a character; ``None`` where fewer than two sizes were measured.
    slope: Estimate | None
    #: The sizes, and what the measured time is over that of the line, less 1.
    residuals: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Fit:
    """A line, in seconds."""

    fixed: Estimate
    levels: tuple[Level, ...]

    @property
    def residuals(self) -> list[tuple[int, float]]:
        """All of them, by size."""
        return [pair for level in self.levels for pair in level.residuals]

    @property
    def usual_residual(self) -> float:
        """The median of them, without their signs."""
        return statistics.median([abs(residual) for _, residual in self.residuals] or [0.0])

    @property
    def largest_residual(self) -> float:
        """The largest, without its sign."""
        return max((abs(residual) for _, residual in self.residuals), default=0.0)


def levels_of(sizes: Sequence[int], caches: Sequence[Mapping[str, int]]) -> list[tuple[str, list[int]]]:
    """The sizes by the cache that holds them whole, with three quarters to spare of it; all in one if none is known."""
    bounds = [(f"L{cache['level']}", cache["bytes"] * 3 // 4) for cache in caches]
    found: list[tuple[str, list[int]]] = []
    rest = list(sizes)
    for name, bound in bounds:
        found.append((name, [size for size in rest if size <= bound]))
        rest = [size for size in rest if size > bound]
    found.append(("memory" if bounds else "all sizes", rest))
    return found


def fit(times: Times, caches: Sequence[Mapping[str, int]]) -> Fit | None:
    """The line through the times; ``None`` where no process was measured at three sizes of the first level.

    About a millisecond a process.
    """
    everything = [_medians(times, process) for process in range(max(map(len, times.values()), default=0))]
    first = [len(levels_of(list(each), caches)[0][1]) for each in everything]
    processes = [each for each, count in zip(everything, first) if count >= 3]
    if not processes:
        return None
    lines = [_line_of(each, caches) for each in processes]
    fixed = _estimate([line[0] for line in lines])
    logs: dict[int, list[float]] = {}
    for each in processes:
        for size, time in each.items():
            logs.setdefault(size, []).append(math.log(time))
    found = []
    for place, (name, members) in enumerate(levels_of(sorted(logs), caches)):
        slopes = [slope for _, of_levels in lines if (slope := of_levels[place]) is not None]
        usual = _estimate(slopes) if slopes else None
        expected = {} if usual is None else {size: fixed.value + usual.value * size for size in members}
        off = [(size, math.exp(statistics.mean(logs[size])) / max(time, 1e-12) - 1) for size, time in expected.items()]
        found.append(Level(name, usual, tuple(off)))
    return Fit(fixed, tuple(found))


def _medians(times: Times, process: int) -> dict[int, float]:
    """What a process took at each size that it was measured at: the medians over the rounds."""
    return {
        size: float(np.median(groups[process]))
        for size, groups in sorted(times.items())
        if process < len(groups) and len(groups[process])
    }


def _line_of(medians: Mapping[int, float], caches: Sequence[Mapping[str, int]]) -> tuple[float, list[float | None]]:
    """The fixed part of one process, and the slope of each level that it was measured at two sizes of."""
    levels = levels_of(list(medians), caches)
    first = levels[0][1]
    fixed, slope = _line(np.array(first, float), np.array([medians[size] for size in first]))
    slopes: list[float | None] = [slope]
    for _, members in levels[1:]:
        each = [(medians[size] - fixed) / size for size in members]
        slopes.append(max(statistics.median(each), 0.0) if len(each) >= 2 else None)
    return fixed, slopes


def _line(sizes: Floats, times: Floats) -> tuple[float, float]:
    """The fixed part and the slope, neither below 0, with the least residuals in sum.

    Of the lines through two of the points, and through one where a parameter is 0: the best line by absolute residuals
    is one of them, and by those of the logs near one.
    """
    i, j = np.triu_indices(len(sizes), 1)
    gradients = (times[j] - times[i]) / (sizes[j] - sizes[i])
    nowhere = np.zeros(len(sizes))
    positive = sizes > 0
    fixed = np.concatenate([times[i] - gradients * sizes[i], times, nowhere[positive]])
    slope = np.concatenate([gradients, nowhere, times[positive] / sizes[positive]])
    possible = (fixed >= 0) & (slope >= 0)
    fixed, slope = fixed[possible], slope[possible]
    expected = np.maximum(fixed[:, None] + slope[:, None] * sizes, 1e-12)
    best = int(np.abs(np.log(expected / times)).sum(axis=1).argmin())
    return float(fixed[best]), float(slope[best])


def _estimate(values: Sequence[float]) -> Estimate:
    """The mean of the processes. Neither part of a line is below 0."""
    found = difference([[value] for value in values])
    return Estimate(found.value, max(found.low, 0.0), found.high)

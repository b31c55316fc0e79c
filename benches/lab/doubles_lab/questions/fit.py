"""What a call costs before it counts, and what each character costs: a line through the times over size.

time(n) = fixed + slope(level) × n, where the level is the fastest cache that the input fits in. ``fixed`` and the first
level's slope are the line with the least sum of absolute residuals, of the logs of the times, through the sizes of that
level; the slopes of the further levels are medians over their sizes, with ``fixed`` as it is. Absolute residuals, so
that a disturbed size does not move the line; of logs, so that the smallest sizes count as much as the largest.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from doubles_lab.measure.statistics import CONFIDENCE, Estimate

RESAMPLES = 400
Floats = npt.NDArray[np.float64]


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


def fit(
    times: Mapping[int, Sequence[Sequence[float]]], caches: Sequence[Mapping[str, int]], seed: int = 0
) -> Fit | None:
    """The line through seconds a call by size, process and round; ``None`` for fewer than three in the first level.

    About 10 ms.
    """
    sizes = sorted(size for size, groups in times.items() if any(groups))
    levels = levels_of(sizes, caches)
    first = levels[0][1]
    if len(first) < 3:
        return None
    observed = {size: np.array([value for group in times[size] for value in group], dtype=float) for size in sizes}
    medians = np.array([[np.median(observed[size]) for size in sizes]])
    rng = np.random.default_rng(seed)
    rows = np.concatenate([medians, _resampled(times, sizes, rng)])
    count = len(first)
    fixed, slope = _line(np.array(first, dtype=float), rows[:, :count])
    slopes: list[Floats | None] = [slope]
    start = count
    for _, members in levels[1:]:
        part = rows[:, start : start + len(members)]
        slopes.append(_slopes(np.array(members, dtype=float), part, fixed) if len(members) >= 2 else None)
        start += len(members)
    found = []
    start = 0
    for (name, members), values in zip(levels, slopes):
        residuals: tuple[tuple[int, float], ...] = ()
        if values is not None:
            expected = fixed[0] + values[0] * np.array(members, dtype=float)
            off = medians[0, start : start + len(members)] / np.maximum(expected, 1e-12) - 1
            residuals = tuple((size, float(each)) for size, each in zip(members, off))
        found.append(Level(name, None if values is None else _estimate(values), residuals))
        start += len(members)
    return Fit(_estimate(fixed), tuple(found))


def _resampled(
    times: Mapping[int, Sequence[Sequence[float]]], sizes: Sequence[int], rng: np.random.Generator
) -> Floats:
    """Medians by resample and size: processes are drawn for all sizes, then rounds within them."""
    out = np.empty((RESAMPLES, len(sizes)))
    most = max(len(times[size]) for size in sizes)
    processes = rng.integers(most, size=(RESAMPLES, most))
    for column, size in enumerate(sizes):
        groups = [np.asarray(group, dtype=float) for group in times[size] if len(group)]
        rounds = min(len(group) for group in groups)
        table = np.array([group[:rounds] for group in groups])
        # A size that fewer processes were measured at draws from those.
        chosen = (processes % len(groups))[:, :, None]
        within = rng.integers(rounds, size=(RESAMPLES, most, rounds))
        out[:, column] = np.median(table[chosen, within].reshape(RESAMPLES, -1), axis=1)
    return out


def _line(sizes: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """For each row of times the fixed part and the slope, neither below 0, with the least residuals in sum.

    Of the lines through two of the points, and through one where a parameter is 0: the best line by absolute residuals
    is one of them, and by those of the logs near one.
    """
    best = np.full(len(rows), np.inf)
    fixed, slope = np.zeros(len(rows)), np.zeros(len(rows))

    def consider(candidate: Floats, gradient: Floats) -> None:
        expected = candidate[:, None] + gradient[:, None] * sizes
        cost = np.abs(np.log(np.maximum(expected, 1e-12) / rows)).sum(axis=1)
        better = (cost < best) & (candidate >= 0) & (gradient >= 0)
        best[better], fixed[better], slope[better] = cost[better], candidate[better], gradient[better]

    zeros = np.zeros(len(rows))
    for i in range(len(sizes)):
        consider(rows[:, i], zeros)
        if sizes[i]:
            consider(zeros, rows[:, i] / sizes[i])
        for j in range(i + 1, len(sizes)):
            gradient = (rows[:, j] - rows[:, i]) / (sizes[j] - sizes[i])
            consider(rows[:, i] - gradient * sizes[i], gradient)
    return fixed, slope


def _slopes(sizes: Floats, rows: Floats, fixed: Floats) -> Floats:
    """The slope of each row beyond its fixed part."""
    each = (rows - fixed[:, None]) / sizes
    found: Floats = np.maximum(np.median(each, axis=1), 0.0)
    return found


def _estimate(values: Floats) -> Estimate:
    """The first as it is, and the interval of the rest."""
    tail = (1 - CONFIDENCE) / 2 * 100
    low, high = np.percentile(values[1:], [tail, 100 - tail])
    return Estimate(float(values[0]), float(low), float(high))

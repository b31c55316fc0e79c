"""How long a call takes, what it takes beside another, who leads, and how sure each of these is.

A sample is the seconds of a call. Samples come by process, and in the order of the rounds, in each of which every
implementation gave one. The logarithm of a sample is taken to be the sum of four things:

- the *level* of the implementation, which is what is asked for;
- what the machine did to everybody in that round: the median over all implementations (a median polish) takes it out;
- what that process is like. Where its memory lies makes a process faster or slower than the next one of the same
  program by some percent, and no number of samples of one process shows it;
- noise, which the median of the samples of a process takes out.

So processes are what is counted: the level is the mean of the medians of the processes, and Student's t over the
processes gives its interval. One process alone has an interval without an end.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

CONFIDENCE = 0.95
#: Two times that differ by a smaller share are the same for whoever has to choose.
MARGIN = 0.03
#: How often the leading group is drawn. The critical values vary by about 1 % from seed to seed.
DRAWS = 4000
#: How often the medians of rounds and of implementations are taken out in turn.
POLISHES = 10

#: What a row of samples loses of its variance where rounds are taken out, in rows: 1 if it were by means. By medians it
#: is a little more, as races that are made up show.
TAKEN = 1.25

#: Half an interval of logarithms from which its ends are of no use, and soon beyond what a float holds.
BOUNDLESS = 500.0

#: Seconds a call, by process, and in the order of the rounds within each.
Samples = Sequence[Sequence[float]]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A value, and the interval that holds it: with 95 % confidence, where nothing else is said."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Level:
    """The logarithm of the seconds of a call, as far as it is known."""

    log: float
    #: The square of its standard error. Infinite for one process alone.
    variance: float
    #: The degrees of freedom that the variance is known with: one less than the processes.
    freedom: int
    #: The variance with what the machine did in each round left in: for a time that is not compared within its race.
    alone: float = math.inf

    @property
    def time(self) -> Estimate:
        """The seconds of a call."""
        return quotient([self.by_itself], [])

    @property
    def by_itself(self) -> Level:
        """The same level, to be compared with another race, in which the machine did other things."""
        return replace(self, variance=self.alone)

    def over(self, other: Level, confidence: float = CONFIDENCE) -> Estimate:
        """How many times the time of another this is: 2 if it takes twice as long."""
        if other is self:
            return Estimate(1.0, 1.0, 1.0)
        return quotient([self], [other], confidence)


def levels(race: Mapping[str, Samples]) -> dict[str, Level]:
    """The levels of implementations that were timed in the same rounds; those without a sample are left out.

    The rounds of an implementation are counted over all its processes. A round that only one of several took part in
    shows nothing of what the machine did, and stays as it is. Costs some milliseconds.
    """
    named = {name: [group for group in samples if len(group)] for name, samples in race.items()}
    named = {name: groups for name, groups in named.items() if groups}
    if not named:
        return {}
    whole = [np.log(np.concatenate([np.asarray(g, float) for g in groups])) for groups in named.values()]
    rows = _without_rounds(whole)
    # Each took part in the medians that were taken out.
    shrunk = 1.0 if len(rows) < 2 else len(rows) / (len(rows) - TAKEN)
    found = {}
    for name, row, raw in zip(named, rows, whole):
        middles, untreated = (_middles(each, list(map(len, named[name]))) for each in (row, raw))
        variance = _variance(middles) * shrunk
        alone = max(variance, _variance(untreated))
        found[name] = Level(float(np.mean(middles)), variance, len(middles) - 1, alone)
    return found


def level(samples: Samples) -> Level:
    """The level of one implementation by itself. Raises ``ValueError`` if there is no sample."""
    found = levels({"": samples})
    if not found:
        raise ValueError("no samples")
    return found[""]


def difference(samples: Samples) -> Estimate:
    """What one time is more than another, of which the samples are the differences; it may be less than nothing.

    The mean of the medians of the processes. Raises ``ValueError`` if there is no sample.
    """
    middles = [float(np.median(group)) for group in samples if len(group)]
    if not middles:
        raise ValueError("no samples")
    value = float(np.mean(middles))
    if len(middles) < 2:
        return Estimate(value, -math.inf, math.inf)
    half = _t(len(middles) - 1, CONFIDENCE) * float(np.std(middles, ddof=1)) / math.sqrt(len(middles))
    return Estimate(value, value - half, value + half)


def speedup(samples: Samples, baseline: Samples) -> Estimate:
    """How many times as fast as the baseline, which was timed in the same rounds.

    Raises ``ValueError`` if either has no sample.
    """
    found = levels({"ours": samples, "theirs": baseline})
    if "ours" not in found or "theirs" not in found:
        raise ValueError("no samples")
    return found["theirs"].over(found["ours"])


def quotient(above: Sequence[Level], below: Sequence[Level], confidence: float = CONFIDENCE) -> Estimate:
    """The product of some times over the product of others, of which each is known by itself."""
    log = sum(each.log for each in above) - sum(each.log for each in below)
    every = [*above, *below]
    return _interval(log, sum(each.variance for each in every), min(each.freedom for each in every), confidence)


def leading_group(
    race: Mapping[str, Level], margin: float = MARGIN, confidence: float = CONFIDENCE, seed: int = 0
) -> list[str]:
    """Those that are not shown to be slower than the fastest by more than ``margin``, the fastest first.

    This is Hsu's multiple comparison with the best, for times whose variances differ: an implementation is out if it is
    slower than any other by more than the margin and the noise. How much noise there may be is drawn anew for each one,
    as the largest of its differences from all others if there were none: so the truly fastest, and all within the
    margin of it, are in the group with at least this confidence each. One process alone is never shown to be slower.
    The same seed gives the same group. Costs a tenth of a second for seventy.

    Hsu, J. C. (1984): Constrained simultaneous confidence intervals for multiple comparisons with the best.
    """
    names = sorted(race, key=lambda name: race[name].log)
    known = [name for name in names if math.isfinite(race[name].variance)]
    if len(known) < 2:
        return names
    logs, variances = (np.array([getattr(race[name], what) for name in known]) for what in ("log", "variance"))
    freedoms = np.array([race[name].freedom for name in known])
    # Never quite 0, which equal samples come to.
    variances = np.maximum(variances, 1e-18)
    rng = np.random.default_rng(seed)
    errors = rng.standard_normal((DRAWS, len(known))) * np.sqrt(variances)
    squares = variances * rng.chisquare(freedoms, (DRAWS, len(known))) / freedoms
    slower = set()
    for i, name in enumerate(known):
        others = np.arange(len(known)) != i
        drawn = (errors[:, [i]] - errors[:, others]) / np.sqrt(squares[:, [i]] + squares[:, others])
        critical = np.quantile(drawn.max(axis=1), confidence)
        beyond = (logs[i] - logs[others] - math.log1p(margin)) / np.sqrt(variances[i] + variances[others])
        if beyond.max() > critical:
            slower.add(name)
    return [name for name in names if name not in slower]


def resolution(race: Mapping[str, Level]) -> float | None:
    """The smallest difference that can be shown between two of these, as a share; ``None`` if none can be.

    For two that are known as well as half of them are.
    """
    known = sorted((each for each in race.values() if math.isfinite(each.variance)), key=lambda each: each.variance)
    if not known:
        return None
    middle = known[len(known) // 2]
    half = _t(middle.freedom, CONFIDENCE) * math.sqrt(2 * middle.variance)
    return None if half > BOUNDLESS else math.expm1(half)


def _without_rounds(rows: list[Array]) -> list[Array]:
    """The rows without what each round did to all of them."""
    table = np.full((len(rows), max(map(len, rows))), np.nan)
    for place, row in zip(table, rows):
        place[: len(row)] = row
    shared = np.count_nonzero(~np.isnan(table), axis=0) >= 2
    rounds = np.zeros(table.shape[1])
    for _ in range(POLISHES):
        rest = table - np.nanmedian(table - rounds, axis=1, keepdims=True)
        rounds[shared] = np.nanmedian(rest[:, shared], axis=0)
    rounds -= np.median(rounds)
    return [row - rounds[: len(row)] for row in rows]


def _middles(row: Array, lengths: Sequence[int]) -> Array:
    """The medians of the processes."""
    return np.array([np.median(part) for part in np.split(row, np.cumsum(lengths)[:-1])])


def _variance(middles: Array) -> float:
    """The square of the standard error of their mean."""
    return math.inf if len(middles) < 2 else float(np.var(middles, ddof=1)) / len(middles)


def _t(freedom: int, confidence: float) -> float:
    """The quantile of Student's t that leaves half of the rest on each side."""
    return float(stdtrit(freedom, (1 + confidence) / 2))


def _interval(log: float, variance: float, freedom: int, confidence: float) -> Estimate:
    value = math.exp(log)
    half = _t(freedom, confidence) * math.sqrt(variance) if math.isfinite(variance) else math.inf
    # Two processes that differ much show as little as one alone.
    if half > BOUNDLESS:
        return Estimate(value, 0.0, math.inf)
    return Estimate(value, value * math.exp(-half), value * math.exp(half))

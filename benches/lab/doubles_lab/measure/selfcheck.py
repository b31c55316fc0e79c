"""Whether the lab could tell: one contender entered twice must come out equal, and one slowed by a known share slower.

The fastest contender of the race takes part more often, each time in a process of its own: as it is, as its twin, and
slowed; three times over, or more where there are few rounds. The slowed one makes 5 % more calls in each sample, which
are timed and not counted, so that it is slower by just that, whatever the clock and the machine do.

What is asked is what the race asks of two contenders: the ratio of their times within each round, its median over all
rounds, and the interval that a bootstrap over processes and then rounds gives. There are several
processes of each, or one in which something was odd would decide for all.

- *Equal*: the interval of the twin's ratio holds 1, or the ratio is within ``TOLERANCE`` of 1. (With few processes an
  interval of 95 % is missed more often than once in twenty, by differences too small to matter.)
- *Slower*: the interval of the slowed one's ratio begins above 1, and the ratio is within ``TOLERANCE`` of 1.05.
- *Sure enough*: neither interval is wider than ``WIDEST``, or both of the above would say nothing.

A run that fails either is not to be trusted with differences of that size. What is known of the machine meanwhile is
told with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from doubles_lab.measure.statistics import Estimate, speedup
from doubles_lab.results.record import CaseRecord, Conditions, Record, SelfCheck

#: The share that one is slowed by.
SLOWDOWN = 0.05
#: Two ratios that differ by less are the same: half of what must be told apart.
TOLERANCE = SLOWDOWN / 2
#: An interval that is wider cannot tell 5 % either way.
WIDEST = 2 * SLOWDOWN
#: So many samples of each are wanted over the rounds of one generation of processes. On a machine that is never quite
#: quiet, where samples are off by a twentieth as a rule, fewer do not tell 5 % every time.
SAMPLES = 50
#: The fewest threes, and the most.
THREES = (3, 5)
#: The fewest samples, over all processes, that are taken to show anything.
FEWEST_SAMPLES = 30
#: Of so many calls, a whole number is 5 %.
STEP = 20
#: The self-check is made on the beginning of an input, up to so many characters, which stay in the small caches. Where
#: a large input lies differs from process to process, which the contenders' own intervals tell.
LONGEST_PART = 1 << 14
#: A sample of the self-check takes at most so many times what one was to take.
LONGEST = 4.0
#: What the lab checks itself with where no contender of the race will do, its file, and about its seconds a character.
FALLBACK, FALLBACK_FILE, FALLBACK_SECONDS = "python-zip", "python_loops.py", 5e-8


def part(seconds: float, length: int, sample: float) -> int:
    """How much of an input of ``length`` to call on, where a call takes ``seconds``, for 20 calls to fit a sample."""
    fitting = length if seconds * STEP <= sample else int(length * sample / (seconds * STEP))
    return min(length, max(1, min(fitting, LONGEST_PART)))


def threes(rounds: int) -> int:
    """How many threes take part, each in processes of its own, in so many rounds."""
    fewest, most = THREES
    return min(max(-(-SAMPLES // max(rounds, 1)), fewest), most)


def too_few(rounds: int, processes: int) -> str:
    """Why a race of so many rounds and processes cannot check itself, whatever they come to; "" if it can."""
    count = rounds * processes * threes(rounds)
    if count >= FEWEST_SAMPLES:
        return ""
    return f"its {count} samples would be too few to tell anything; it takes {FEWEST_SAMPLES}, of more rounds"


def loops(settled: int) -> int:
    """The next number of calls that can be slowed by 5 %."""
    return -(-settled // STEP) * STEP


@dataclass(frozen=True)
class Finding:
    """What the self-check of one case came to."""

    case: str
    contender: str
    #: The time of the twin, and of the slowed one, over that of the original; ``None`` where there is none.
    twin: Estimate | None
    slowed: Estimate | None
    #: What came out otherwise than it must; nothing if the run can be trusted.
    faults: tuple[str, ...]
    #: What is known to have disturbed the run; empty where nothing failed, or nothing was tried.
    disturbances: tuple[str, ...]

    @property
    def trustworthy(self) -> bool:
        """Whether the lab could tell what it must be able to tell."""
        return not self.faults


def examine(case: CaseRecord, seed: int = 0) -> Finding | None:
    """What the self-check of a case came to; ``None`` where none was recorded."""
    check = case.selfcheck
    if check is None:
        return None
    twin = slowed = None
    faults: list[str] = []
    count = sum(map(len, check.original))
    if check.reason or not count:
        faults.append(f"the lab could not check itself: {check.reason or 'no round was finished'}")
    else:
        twin, slowed = speedup(check.original, check.twin, seed), speedup(check.original, check.slowed, seed)
        if count < FEWEST_SAMPLES:
            faults.append(f"{count} samples are too few to tell anything; it takes {FEWEST_SAMPLES}")
        if not equal(twin):
            faults.append(f"{check.contender} entered twice came out at {ratio(twin)} of itself, not at 1")
        if not slower(slowed, check.slowdown):
            faults.append(
                f"{check.contender} slowed by {check.slowdown:.0%} came out at {ratio(slowed)} of itself, "
                f"not at {1 + check.slowdown:g}"
            )
        for name, found in (("entered twice", twin), (f"slowed by {check.slowdown:.0%}", slowed)):
            if not sure(found):
                said = f"the interval of {check.contender} {name}, {ratio(found)}"
                faults.append(f"{said}, is too wide to tell {check.slowdown:.0%}")
    told = tuple(disturbances(check, case.conditions)) if faults and check.contender else ()
    return Finding(case.name, check.contender, twin, slowed, tuple(faults), told)


def findings(result: Record) -> list[Finding]:
    """The findings of a record, a case each; without those where no self-check was recorded."""
    return [found for case in result.cases if (found := examine(case, result.seed)) is not None]


def equal(twin: Estimate) -> bool:
    """Whether a twin's time is that of the original, as far as matters."""
    return twin.low <= 1 <= twin.high or abs(twin.median - 1) < TOLERANCE


def slower(slowed: Estimate, slowdown: float = SLOWDOWN) -> bool:
    """Whether one that was slowed is shown to be slower, and by about as much as it is."""
    return slowed.low > 1 and abs(slowed.median - (1 + slowdown)) < TOLERANCE


def sure(estimate: Estimate) -> bool:
    """Whether an interval is narrow enough to tell what must be told apart."""
    return estimate.high - estimate.low <= WIDEST


def ratio(estimate: Estimate) -> str:
    """A ratio near 1 with its interval."""
    return f"{estimate.median:.3f} [{estimate.low:.3f}–{estimate.high:.3f}]"


def disturbances(check: SelfCheck, conditions: Sequence[Conditions]) -> list[str]:
    """What disturbed a run, of what was measured. Never empty: that nothing shows is worth saying too."""
    found: list[str] = []
    others = _mean([(each.others, each.seconds) for each in conditions])
    if others is not None and others >= 0.1:
        found.append(f"other processes kept {others:.1f} CPUs busy during the rounds")
    stolen = _mean([(each.stolen, each.seconds) for each in conditions])
    if stolen is not None and stolen >= 0.02:
        found.append(f"the hypervisor gave {stolen:.2f} CPUs to other machines")
    loads = [load for each in conditions for load in (each.load_before, each.load_after) if load is not None]
    if loads and max(loads) >= 1.5:
        found.append(
            f"the load average was {loads[0]:.1f} before the rounds and {loads[-1]:.1f} after them, at most "
            f"{max(loads):.1f}; the lab makes 1 of it"
        )
    mhz = [value for each in conditions for value in (each.mhz_before, each.mhz_after) if value is not None]
    if mhz and max(mhz) > 1.05 * min(mhz):
        found.append(f"the CPU's frequency went from {min(mhz):,.0f} to {max(mhz):,.0f} MHz")
    medians = [median(values) for values in check.original if values]
    if medians and max(medians) > 1.05 * min(medians):
        found.append(
            f"the same work took up to {max(medians) / min(medians) - 1:.0%} longer in one process than in another"
        )
    spread = _spread(check.original)
    if spread > 0.05:
        found.append(f"half of the samples of the same work were more than {spread:.0%} off their median")
    count = sum(map(len, check.original))
    if count < 2 * FEWEST_SAMPLES:
        found.append(f"there were only {count} samples")
    return found or ["nothing that the lab watches shows why: others' CPU time, load, frequency, samples"]


def _mean(weighted: Sequence[tuple[float | None, float]]) -> float | None:
    known = [(value, weight) for value, weight in weighted if value is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None


def _spread(samples: Sequence[Sequence[float]]) -> float:
    """The median distance of samples from the median of their process, as a share of it."""
    distances = [abs(value / median(values) - 1) for values in samples if values for value in values]
    return median(distances) if distances else 0.0


def sentences(found: Finding) -> list[str]:
    """A finding for people: a line if all is well, else what failed and what disturbed it."""
    if found.trustworthy and found.twin and found.slowed:
        return [
            f"Self-check passed: {found.contender} entered twice took {ratio(found.twin)} of its time, "
            f"and slowed by {SLOWDOWN:.0%} {ratio(found.slowed)}."
        ]
    lines = [f"NOT TRUSTWORTHY, the lab failed its own check on {found.case}: {'; '.join(found.faults)}."]
    if found.disturbances:
        lines.append(f"What disturbed it: {'; '.join(found.disturbances)}.")
    return lines

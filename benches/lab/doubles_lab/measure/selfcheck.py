"""Whether the lab could tell: one contender entered twice must come out equal, and one slowed by a known share slower.

The fastest contender of the race takes part twice more, on the same input and with as many processes as any other: as
its twin, and slowed. The slowed one makes a quarter more calls in each sample, which are timed and not counted, so that
it is slower by just that, whatever the clock and the machine do.

What is asked is what the race asks of two contenders: the ratio of their times with its interval.

- *Equal*: the twin is not shown to differ by more than the margin of 3 %, at ``STRICT`` confidence.
- *Slower*: the slowed one is shown to be slower, and by no other share than it is, at ``STRICT`` confidence. Its
  interval is no wider than the share itself, downwards and upwards: one that holds nearly any ratio shows nothing.

A run that fails either is not to be trusted. One that passes says the smallest difference that it can show between two
contenders (:func:`doubles_lab.measure.statistics.resolution`). What is known of the machine meanwhile is told with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from doubles_lab.measure.statistics import MARGIN, Estimate, Level, levels, resolution
from doubles_lab.results.record import CaseRecord, Conditions, Record, SelfCheck

#: The share that one is slowed by. So much every run must be able to show; what more it can, it says.
SLOWDOWN = 0.25
#: Of so many calls, a whole number is that share.
STEP = 4
#: The confidence of the intervals that a run is judged by. At 95 % one run in ten would fail for nothing.
STRICT = 0.999
#: The fewest processes that are taken to show anything.
FEWEST_PROCESSES = 5
#: What the lab checks itself with where no contender of the race will do, and about its seconds a character.
FALLBACK, FALLBACK_SECONDS = "python-zip", 5e-8


def part(seconds: float, sample: float) -> int:
    """The characters to call on, where one takes ``seconds``, for the calls of ``STEP`` to fit a sample."""
    return max(1, int(sample / (seconds * STEP)))


def too_few(processes: int) -> str:
    """Why a race of so many processes cannot check itself, whatever they come to; "" if it can."""
    if processes >= FEWEST_PROCESSES:
        return ""
    return f"{processes} processes of each are too few to tell anything; it takes {FEWEST_PROCESSES}"


def loops(settled: int) -> int:
    """The next number of calls that can be slowed by that share."""
    return -(-settled // STEP) * STEP


@dataclass(frozen=True)
class Finding:
    """What the self-check of one case came to."""

    case: str
    contender: str
    #: The time of the twin, and of the slowed one, over that of the original; ``None`` where there is none.
    twin: Estimate | None
    slowed: Estimate | None
    #: The smallest difference between two contenders that this run can show, as a share; ``None`` if it can show none.
    resolution: float | None
    #: What came out otherwise than it must; nothing if the run can be trusted.
    faults: tuple[str, ...]
    #: What is known to have disturbed the run; empty where nothing failed, or nothing was tried.
    disturbances: tuple[str, ...]
    #: Whether the lab checked itself with a contender that is not in the race.
    foreign: bool = False

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
    found = case_levels(case)
    three = [found[name] for name in (ORIGINAL, TWIN, SLOWED) if name in found]
    if check.reason or len(three) < 3:
        faults.append(f"the lab could not check itself: {check.reason or 'no round was finished'}")
    else:
        original, *others = three
        twin, slowed = (other.over(original) for other in others)
        if too := too_few(original.freedom + 1):
            faults.append(too)
        for name, other, wanted in (
            ("entered twice", others[0], 1.0),
            (f"slowed by {check.slowdown:.0%}", others[1], 1 + check.slowdown),
        ):
            strictly = other.over(original, STRICT)
            if not holds(strictly, wanted):
                said = f"{check.contender} {name} came out at {ratio(strictly)} of itself"
                faults.append(f"{said}, not at {wanted:g}")
        said = f"{check.contender} slowed by {check.slowdown:.0%}, {ratio(slowed)}"
        if not slowed.low > 1:
            faults.append(f"{said}, is not shown to be slower")
        elif slowed.high > slowed.low * (1 + check.slowdown) ** 2:
            faults.append(f"{said}, has too wide an interval to tell anything")
    told = tuple(disturbances(check, case.conditions)) if faults and check.contender else ()
    of_rows = {name: each for name, each in found.items() if name not in (ORIGINAL, TWIN, SLOWED)}
    foreign = check.contender == FALLBACK and FALLBACK not in [row.contender for row in case.rows]
    return Finding(case.name, check.contender, twin, slowed, resolution(of_rows), tuple(faults), told, foreign)


#: What the lab's own part in a race is called among the levels. No contender's name has a space.
ORIGINAL, TWIN, SLOWED = "the original", "the twin", "the slowed one"


def case_levels(case: CaseRecord) -> dict[str, Level]:
    """The levels of all that took part in the race on a case: the timed contenders, and the lab itself."""
    samples = {row.contender: row.samples for row in case.rows if row.timed}
    check = case.selfcheck
    if check is not None:
        samples |= {ORIGINAL: check.original, TWIN: check.twin, SLOWED: check.slowed}
    return levels(samples)


def findings(result: Record) -> list[Finding]:
    """The findings of a record, a case each; without those where no self-check was recorded."""
    return [found for case in result.cases if (found := examine(case, result.seed)) is not None]


def holds(estimate: Estimate, wanted: float) -> bool:
    """Whether an interval holds a value, or comes as close as the margin to it."""
    return estimate.low / (1 + MARGIN) <= wanted <= estimate.high * (1 + MARGIN)


def ratio(estimate: Estimate) -> str:
    """A ratio near 1 with its interval."""
    return f"{estimate.value:.3f} [{estimate.low:.3f}–{estimate.high:.3f}]"


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
    if len(check.original) < 2 * FEWEST_PROCESSES:
        found.append(f"there were only {len(check.original)} processes of each")
    return found or ["nothing that the lab watches shows why: others' CPU time, load, frequency, processes"]


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
        who = f"{found.contender}, a loop of the lab's own," if found.foreign else found.contender
        lines = [
            f"Self-check passed: {who} entered twice took {ratio(found.twin)} of its time, "
            f"and {ratio(found.slowed)} when slowed by {SLOWDOWN:.0%}."
        ]
        if found.resolution is not None:
            lines.append(
                f"This run can show differences of {share(found.resolution)} between two contenders, no smaller ones."
            )
        return lines
    lines = [f"NOT TRUSTWORTHY, the lab failed its own check on {found.case}: {'; '.join(found.faults)}."]
    if found.disturbances:
        lines.append(f"What disturbed it: {'; '.join(found.disturbances)}.")
    return lines


def share(value: float) -> str:
    """A share as a percentage of two digits."""
    return f"{value:.1%}" if value < 0.1 else f"{value:.0%}"

"""Who won, by how much, and how sure that is: worked out from a record, never stored in it."""

from __future__ import annotations

from dataclasses import dataclass

from doubles_lab.implementation import CORE, THE_INPUT, Unit
from doubles_lab.measure import selfcheck
from doubles_lab.measure.statistics import MARGIN, Estimate, leading_group
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Record, Row


@dataclass(frozen=True)
class Verdict:
    """A contender's place on one case."""

    row: Row
    #: 1 for the fastest; ``None`` if it is not ranked.
    rank: int | None
    #: Seconds a call; ``None`` if it was not timed.
    time: Estimate | None = None
    fastest_sample: float | None = None
    slowest_sample: float | None = None
    #: Its time over that of the fastest ranked contender, as in the article.
    ratio: float | None = None
    #: How many times as fast as the baseline.
    speedup: Estimate | None = None
    #: Whether it is in the leading group: not shown to be slower than the fastest by more than the margin.
    leading: bool = False
    #: 10⁹ bytes of its input, as they lie in memory, a second.
    throughput: float | None = None

    @property
    def ns_per_call(self) -> float | None:
        """The time in nanoseconds."""
        return None if self.time is None else self.time.value * 1e9


ORDER = [record.RANKED, record.APART, record.WRONG, record.FAILED, record.UNAVAILABLE, record.UNMEASURED]


#: The verdicts of a record, by case.
Judged = dict[str, list["Verdict"]]


def judge(result: Record) -> Judged:
    """The verdicts of every case of a record, against its baseline."""
    return {case.name: verdicts(case, result.baseline, result.seed) for case in result.cases}


def verdicts(case: CaseRecord, baseline: str, seed: int = 0) -> list[Verdict]:
    """The verdicts of a case: ranked ones by time, then those apart by time, then the rest by name.

    Without the baseline among the timed ones there is no speedup. Costs a fifth of a second for seventy contenders.
    """
    found = selfcheck.case_levels(case)
    base = found.get(baseline)
    ranked = {row.contender: found[row.contender] for row in case.rows if row.status == record.RANKED and row.timed}
    order = sorted(ranked, key=lambda name: ranked[name].log)
    leading = leading_group(ranked, seed=seed)
    fastest = found[order[0]] if order else None
    verdicts: list[Verdict] = []
    for row in case.rows:
        level = found.get(row.contender)
        if level is None:
            verdicts.append(Verdict(row, None))
            continue
        values = [value for run in row.runs for value in run.values]
        verdicts.append(
            Verdict(
                row,
                rank=order.index(row.contender) + 1 if row.contender in ranked else None,
                time=level.time,
                fastest_sample=min(values),
                slowest_sample=max(values),
                ratio=level.over(fastest).value if fastest else None,
                speedup=base.over(level) if base is not None else None,
                leading=row.contender in leading,
                throughput=row.stored / level.time.value / 1e9 if row.stored else None,
            )
        )
    return sorted(
        verdicts,
        key=lambda v: (ORDER.index(v.row.status), v.time.value if v.time else 0.0, v.row.contender),
    )


def leaders(found: list[Verdict]) -> list[Verdict]:
    """Those that are not shown to be slower than the fastest, the fastest first."""
    return [v for v in found if v.leading]


def winner(found: list[Verdict]) -> Verdict | None:
    """The fastest ranked contender, if any is ranked."""
    return found[0] if found and found[0].rank == 1 else None


def sentence(found: list[Verdict], baseline: str) -> str:
    """Which contenders to choose from for this input, and why.

    It names the leading group and what its members have in common, what is best on the text itself where all of them
    are handed something else, and those that count another unit, where that made no difference here.
    """
    best = winner(found)
    if best is None:
        return "Nothing is ranked."
    group, ranked = leaders(found), [v for v in found if v.rank]
    times = ""
    if best.speedup is not None and best.row.contender != baseline:
        times = f"{number(best.speedup.value)} times as fast as {baseline}"
    if len(group) == 1:
        others = "the other one" if len(ranked) == 2 else f"the other {len(ranked) - 1}"
        why = f"it is faster than {others}" if len(ranked) > 1 else "nothing else is ranked"
        takes = "" if best.row.access == THE_INPUT else f" ({best.row.access})"
        text = f"For this workload, choose {best.row.contender}{takes}, because {why}"
        text += f", and {times}" if times else ""
    else:
        text = f"For this workload, choose one of the {len(group)} that lead the {len(ranked)}: {named(group)}"
        text += f". The fastest is {times}, and none" if times else ". None"
        text += f" of them is shown to be slower than the fastest by more than {MARGIN:.0%}"
        text += f"; {in_common(group)}"
        if baseline in [v.row.contender for v in group]:
            text += f". {baseline} is one of them: nothing is shown to be worth it here"
        else:
            text += ". So choose among them by what else they ask of you (doubles-lab explain ownership)"
    if all(v.row.prepared for v in group):
        text += ". Each is handed" if len(group) > 1 else ". It is handed"
        text += " what is made from the input beforehand, which is not timed"
        if on_text := next((v for v in ranked if not v.row.prepared), None):
            text += f"; if you have the input itself, the fastest is {on_text.row.contender}"
    units = [v.row.contender for v in group if v.row.unit == Unit.BYTES]
    if units and any(v.row.unit != Unit.BYTES for v in found):
        text += (
            f". By its nature {shortly(units)} counts bytes" if len(units) == 1 else f". {shortly(units)} count bytes"
        )
        text += ", which made no difference on this input"
    return text + "."


def named(group: list[Verdict]) -> str:
    """The members of a group, those that take the text itself first where there are both."""
    names = [v.row.contender for v in sorted(group, key=lambda v: v.row.prepared)]
    return listed(names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} more"])


def in_common(group: list[Verdict]) -> str:
    """What the members of a leading group have in common, which is why they are alike."""
    bindings = list(dict.fromkeys(v.row.binding for v in group if v.row.binding != "none"))
    by = f", by {shortly(bindings)}" if bindings else ""
    if all(CORE in v.row.tags for v in group):
        return f"all of them run this project's core{by}"
    languages = list(dict.fromkeys(v.row.language for v in group))
    if len(languages) == 1:
        return f"all of them are loops in {languages[0]}{by}"
    core = sum(CORE in v.row.tags for v in group)
    return f"{core} of them run this project's core" if core else f"they are loops in {listed(languages)}"


def listed(names: list[str], last: str = "and") -> str:
    """Names as a sentence lists them, with a word before the last."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def shortly(names: list[str]) -> str:
    """:func:`listed`, with the number of those beyond the third where there are more than four."""
    return listed(names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"])


def number(value: float) -> str:
    """A ratio or a throughput with three significant digits."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    if value >= 0.1:
        return f"{value:.2f}"
    return f"{value:.2g}"

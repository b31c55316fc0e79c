"""Who won, by how much, and how sure that is: worked out from a record, never stored in it."""

from __future__ import annotations

from dataclasses import dataclass

from doubles_lab.contender import Unit
from doubles_lab.measure.statistics import Estimate, Samples, estimate, speedup
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
    #: Its median over that of the fastest ranked contender, as in the article.
    ratio: float | None = None
    #: How many times as fast as the baseline.
    speedup: Estimate | None = None
    #: Whether it is as fast as the fastest, as far as this run can tell.
    tied: bool = False
    #: 10⁹ bytes of its input, as they lie in memory, a second.
    throughput: float | None = None

    @property
    def ns_per_call(self) -> float | None:
        """The median in nanoseconds."""
        return None if self.time is None else self.time.median * 1e9


ORDER = [record.RANKED, record.APART, record.WRONG, record.FAILED, record.UNAVAILABLE, record.UNMEASURED]


#: The verdicts of a record, by case.
Judged = dict[str, list["Verdict"]]


def judge(result: Record) -> Judged:
    """The verdicts of every case of a record, against its baseline."""
    return {case.name: verdicts(case, result.baseline, result.seed) for case in result.cases}


def verdicts(case: CaseRecord, baseline: str, seed: int = 0) -> list[Verdict]:
    """The verdicts of a case: ranked ones by median, then those apart by median, then the rest by name.

    Without the baseline among the timed ones there is no speedup. Costs about 20 ms a contender.
    """
    base = next((row for row in case.rows if row.contender == baseline and row.timed), None)
    times = {row.contender: estimate(row.samples, seed) for row in case.rows if row.timed}
    ranked = sorted(
        (r for r in case.rows if r.status == record.RANKED and r.timed), key=lambda r: times[r.contender].median
    )
    best = times[ranked[0].contender].median if ranked else None
    ranks = {row.contender: rank for rank, row in enumerate(ranked, 1)}
    found: list[Verdict] = []
    fastest = ranked[0].samples if ranked else []
    for row in case.rows:
        time = times.get(row.contender)
        if time is None:
            found.append(Verdict(row, None))
            continue
        values = [value for run in row.runs for value in run.values]
        found.append(
            Verdict(
                row,
                rank=ranks.get(row.contender),
                time=time,
                fastest_sample=min(values),
                slowest_sample=max(values),
                ratio=time.median / best if best else None,
                speedup=_speedup(row.samples, base.samples, seed) if base is not None else None,
                tied=row.contender in ranks and _tied(row.samples, fastest, seed),
                throughput=row.stored / time.median / 1e9 if row.stored else None,
            )
        )
    return sorted(
        found,
        key=lambda v: (ORDER.index(v.row.status), v.time.median if v.time else 0.0, v.row.contender),
    )


def _speedup(samples: Samples, baseline: Samples, seed: int) -> Estimate | None:
    try:
        return speedup(samples, baseline, seed)
    except ValueError:  # no round that both finished
        return None


def _tied(samples: Samples, fastest: Samples, seed: int) -> bool:
    against = _speedup(samples, fastest, seed)
    return against is None or against.high >= 1


def winner(found: list[Verdict]) -> Verdict | None:
    """The fastest ranked contender, if any is ranked."""
    return found[0] if found and found[0].rank == 1 else None


def sentence(found: list[Verdict], baseline: str) -> str:
    """Which contender to choose for this input, and why.

    It names those that the run cannot tell from it, what is best on the text itself where the fastest is handed
    something else, and that the fastest counts another unit, where that made no difference here.
    """
    best = winner(found)
    if best is None or best.time is None:
        return "Nothing is ranked."
    ranked = [v for v in found if v.rank]
    text = f"For this workload, choose {best.row.contender} ({best.row.access}), because "
    text += f"it is the fastest of {len(ranked)}" if len(ranked) > 1 else "nothing else is ranked"
    if best.speedup is not None and best.row.contender != baseline:
        text += f" and {number(best.speedup.median)} times as fast as {baseline}"
    ties = [v.row.contender for v in ranked[1:] if v.tied]
    if ties:
        named = ties if len(ties) <= 3 else [*ties[:2], f"{len(ties) - 2} others"]
        text += f"; this run cannot tell it from {listed(named)}, so choose among them for other reasons"
    on_text = next((v for v in ranked if not v.row.prepared), None)
    if best.row.prepared:
        text += ". It is handed what is made from the text beforehand, which is not timed"
        if on_text is not None:
            text += f"; if you have the text itself, choose {on_text.row.contender}"
    chosen = on_text if best.row.prepared and on_text is not None else best
    units = {v.row.contender: v.row.unit for v in (best, chosen) if v.row.unit == Unit.BYTES}
    if units and any(v.row.unit != Unit.BYTES for v in found):
        text += f". By its nature {listed(list(units))} counts bytes, which made no difference on this input"
    return text + "."


def listed(names: list[str]) -> str:
    """Names as a sentence lists them."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


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

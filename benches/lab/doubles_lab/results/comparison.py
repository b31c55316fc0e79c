"""Two saved runs, one against the other: for CI, and for whoever changed something and asks what it did.

The runs share no rounds, so what happened to the machine between them is in the ratio, and no interval covers that. A
ratio to a contender that nobody changed (``relative_to``) takes out what fell on both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Optional

from doubles_lab.measure import selfcheck
from doubles_lab.measure.statistics import Estimate, Level, quotient
from doubles_lab.report import document
from doubles_lab.report.document import HEADING, Cell, Part, Table
from doubles_lab.report.table import unit_of, why
from doubles_lab.results import record
from doubles_lab.results.limits import Limits
from doubles_lab.results.record import CaseRecord, Record, Row

#: Facts of a machine without which times are not to be compared, and what they are called.
SETTING = {
    "cpu_model_name": "CPU",
    "cpu_count": "number of CPUs",
    "python_implementation": "Python implementation",
    "python_version": "Python",
    "rustc_version": "Rust compiler",
    "cc_version": "C compiler",
}

ABOUT = (
    "Ratio: the time in the new run over that in the old one, with its 95 % interval (Student's t over the processes "
    "of both). Slower and faster: the whole interval is above 1, or below. –: it holds 1, so no change is shown."
)
NO_CHANGE = "–"


@dataclass(frozen=True)
class Change:
    """What became of one contender on one case."""

    case: str
    contender: str
    #: Seconds a call; ``None`` where it was not timed.
    old: float | None
    new: float | None
    #: New over old; ``None`` where the two cannot be compared, which ``note`` says why.
    ratio: Estimate | None
    note: str = ""
    #: Whether the new run found it wrong or failing, and the old one did not.
    broken: bool = False
    #: By what share it may be slower, where it has a limit of its own; ``math.inf`` for none.
    limit: float | None = None

    @property
    def lost(self) -> bool:
        """Whether the old run timed it, and nothing in the new run can be compared with that."""
        return self.old is not None and self.ratio is None

    @property
    def verdict(self) -> str:
        """What the interval says."""
        if self.ratio is None:
            return "broken" if self.broken else "not compared"
        return "slower" if self.ratio.low > 1 else "faster" if self.ratio.high < 1 else NO_CHANGE

    def limited(self, share: float | None) -> float | None:
        """The share that it may be slower by, ``share`` if it has no limit of its own; ``None`` for any."""
        limit = share if self.limit is None else self.limit
        return None if limit is None or math.isinf(limit) else limit

    def exceeds(self, share: float | None) -> bool:
        """Whether it is slower by more than its limit or ``share``, the whole interval."""
        limit = self.limited(share)
        return limit is not None and self.ratio is not None and self.ratio.low > 1 + limit


def compare(old: Record, new: Record, relative_to: str | None = None) -> list[Change]:
    """What changed, for each case and contender of either run, in the order of the new one and then of the old one.

    With ``relative_to`` a contender's time is first taken over that one's in the same run. Costs some milliseconds.
    """
    before, after = _rows(old), _rows(new)
    names = [*after, *(name for name in before if name not in after)]
    return [_change(name, before, after, relative_to) for name in names]


def compare_with(
    olds: Sequence[Record], new: Record, relative_to: str | None = None, limits: Limits | None = None
) -> list[Change]:
    """What changed since several runs: each contender's change is the median one of those that can be compared.

    Of an even number it is the smaller of the two in the middle. ``limits`` are noted in the changes.
    """
    every = [{(each.case, each.contender): each for each in compare(old, new, relative_to)} for old in olds]
    found = []
    for name in dict.fromkeys(name for changes in every for name in changes):
        known = [changes[name] for changes in every if name in changes]
        compared = sorted(
            (each for each in known if each.ratio), key=lambda each: each.ratio.value if each.ratio else 0
        )
        # One that some old run timed and none can be compared with is lost.
        lost = [each for each in known if each.lost]
        chosen = compared[(len(compared) - 1) // 2] if compared else (lost or known)[0]
        if limits is not None:
            limit = limits.of(new.problem, chosen.contender)
            chosen = replace(chosen, limit=math.inf if limit is None else limit)
        found.append(chosen)
    return found


Rows = dict[tuple[str, str], tuple[CaseRecord, Row, Optional[Level]]]


def _rows(result: Record) -> Rows:
    levels = {case.name: selfcheck.case_levels(case) for case in result.cases}
    return {
        (case.name, row.contender): (case, row, levels[case.name].get(row.contender))
        for case in result.cases
        for row in case.rows
    }


def _change(name: tuple[str, str], before: Rows, after: Rows, relative_to: str | None) -> Change:
    case, contender = name
    old, new = before.get(name), after.get(name)
    old_time, new_time = (found[2].time.value if found and found[2] else None for found in (old, new))

    def without(note: str, broken: bool = False) -> Change:
        return Change(case, contender, old_time, new_time, None, note, broken)

    if old is None or new is None:
        return without(f"is not in the {'old' if old is None else 'new'} run")
    if old[0].sha256 != new[0].sha256:
        return without("the input of this name is another one in each run")
    for which, (_, row, level) in (("old", old), ("new", new)):
        if level is None:
            broken = which == "new" and row.status in (record.WRONG, record.FAILED)
            return without(f"{which} run: {why(row.status, row.reason, row.found, row.expected)}", broken)
    if old[1].found != new[1].found:
        return without(f"gave {old[1].found} in the old run and {new[1].found} in the new one")
    assert old[2] is not None and new[2] is not None
    above, below = [new[2].by_itself], [old[2].by_itself]
    if relative_to is not None:
        then, now = (rows.get((case, relative_to)) for rows in (before, after))
        if then is None or now is None or then[2] is None or now[2] is None:
            return without(f"{relative_to} was not timed in both runs")
        # What it took beside the other, now and then.
        above, below = [new[2], then[2]], [old[2], now[2]]
    ratio = quotient(above, below) if contender != relative_to else Estimate(1.0, 1.0, 1.0)
    return Change(case, contender, old_time, new_time, ratio, _other_versions(old[1], new[1]))


def _other_versions(old: Row, new: Row) -> str:
    pairs = {
        name: (known.get(name, "none"), value)
        for known, found in ((old.versions, new.versions), (old.details, new.details))
        for name, value in found.items()
    }
    return ", ".join(f"{name} {was} → {now}" for name, (was, now) in pairs.items() if was != now)


def warnings(old: Record, new: Record) -> list[str]:
    """What makes a comparison doubtful."""
    found = []
    for key, label in SETTING.items():
        was, now = (str(result.machine.get(key, "unknown")) for result in (old, new))
        if was != now:
            found.append(f"another {label}: {was} → {now}")
    for which, result in (("old", old), ("new", new)):
        for checked in selfcheck.findings(result):
            if not checked.trustworthy:
                found.append(f"the {which} run failed its own check on {checked.case}: {'; '.join(checked.faults)}")
        if result.interrupted:
            found.append(f"the {which} run was interrupted")
    return found


COLUMNS = ("Contender", "Old", "New", "Ratio", "Change")


def cells(each: Change) -> tuple[str, ...]:
    """A change as texts, one for each of ``COLUMNS``."""
    known = [time for time in (each.old, each.new) if time is not None]
    unit = unit_of(min(known, default=0.0))

    def time(seconds: float | None) -> str:
        return "–" if seconds is None else f"{unit.of(seconds)} {unit.name}"

    said = each.verdict + (f": {each.note}" if each.note else "")
    return (
        each.contender,
        time(each.old),
        time(each.new),
        selfcheck.ratio(each.ratio) if each.ratio else "–",
        said,
    )


def summary(changes: Sequence[Change], share: float | None) -> str:
    """How many became slower or faster, and whether that is more than is allowed."""
    told = []
    for verdict in ("slower", "faster", NO_CHANGE, "not compared", "broken"):
        count = sum(each.verdict == verdict for each in changes)
        if count:
            told.append(f"{'no change shown' if verdict == NO_CHANGE else verdict}: {count}")
    text = "; ".join(told).capitalize() + "." if told else "Nothing to compare."
    shares = [limit for each in changes if (limit := each.limited(share)) is not None]
    if not shares:
        return text
    allowed = percent(shares[0]) if len(set(shares)) == 1 else "is allowed"
    beyond = [f"{each.contender} on {each.case}" for each in changes if each.exceeds(share)]
    if beyond:
        text += f" Slower by more than {allowed}: {', '.join(beyond)}."
    elif any(each.ratio for each in changes):
        text += f" None that was compared is shown to be slower by more than {allowed}."
    if any(each.lost for each in changes):
        text += f" {lost(changes)}."
    return text


def lost(changes: Sequence[Change]) -> str:
    """What the old run timed and cannot be compared, with the reasons."""
    named: dict[tuple[str, str], list[str]] = {}
    for each in changes:
        if each.lost:
            named.setdefault((each.case, each.note), []).append(each.contender)
    groups = [f"{', '.join(names)} on {case} ({note})" for (case, note), names in named.items()]
    return f"Timed in the old run and not compared: {'; '.join(groups)}"


def by_case(changes: Sequence[Change]) -> dict[str, list[Change]]:
    """The changes of each case."""
    found: dict[str, list[Change]] = {}
    for each in changes:
        found.setdefault(each.case, []).append(each)
    return found


def percent(share: float) -> str:
    """A share as a percentage."""
    return f"{share * 100:.4g} %"


def report(changes: Sequence[Change], warned: Sequence[str], share: float | None, last: bool = False) -> list[Part]:
    """A comparison: a table for each case, and what came of it, with ``last`` below them."""
    styles = {"slower": "bad", "faster": "good", "broken": "failed"}
    said: list[Part] = [Cell(f"Warning: {warning}.", "warning") for warning in warned]
    said.append(Cell(summary(changes, share), "strong"))
    shown: list[Part] = []
    for case, of_case in by_case(changes).items():
        rows = [[Cell(cell, styles.get(each.verdict, "")) for cell in cells(each)] for each in of_case]
        shown += [Cell(case, HEADING), Table("", COLUMNS, rows, (1, 2, 3))]
    shown.append(Cell(ABOUT, "quiet"))
    return [*shown, *said] if last else [*said, *shown]


def markdown(changes: Sequence[Change], warned: Sequence[str], share: float | None) -> str:
    """A comparison as Markdown for GitHub: what came of it in a box, coloured by whether the gate fails."""
    fails = any(
        each.broken or each.exceeds(share) or (each.lost and each.limited(share) is not None) for each in changes
    )
    said = summary(changes, share)
    shown = document.markdown([part for part in report(changes, warned, share) if part != said])
    return f"> [!{'CAUTION' if fails else 'NOTE'}]\n> {document.markdown([said]).strip()}\n\n{shown}"

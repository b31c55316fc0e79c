"""The cells of the atlas: how many times as fast as the reference each approach is on the largest input."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from doubles_lab import approaches
from doubles_lab.atlas import index
from doubles_lab.atlas.index import LIBRARY, Entry
from doubles_lab.measure.selfcheck import case_levels
from doubles_lab.measure.statistics import Estimate, leading_group
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Record
from doubles_lab.results.verdict import Verdict, verdicts

#: What a cell says: a speedup; or why there is none. An approach is absent where nobody wrote that problem in it.
MEASURED, FAILED, UNAVAILABLE, UNMEASURED, ABSENT = "measured", "failed", "unavailable", "unmeasured", "absent"
#: What these are called where they are explained.
MEANINGS = {FAILED: "failed, or gave a wrong result", UNAVAILABLE: "cannot run here", UNMEASURED: "not measured"}
MEANINGS[ABSENT] = "does not apply"


@dataclass(frozen=True)
class Square:
    """An approach on a problem."""

    approach: str
    status: str
    #: The fastest implementation, those that take the input itself before those that take what was made of it; or the
    #: first of those that were not timed.
    best: Verdict | None = None
    #: Whether it is not shown to be slower than the fastest of those that take the input itself.
    leading: bool = False
    #: All implementations, the fastest first.
    found: tuple[Verdict, ...] = ()

    @property
    def speedup(self) -> Estimate | None:
        """How many times as fast as the reference."""
        return self.best.speedup if self.best is not None and self.status == MEASURED else None


@dataclass(frozen=True)
class Line:
    """A problem with its squares, by approach."""

    entry: Entry
    record: Record
    case: CaseRecord
    verdicts: tuple[Verdict, ...]
    squares: Mapping[str, Square]

    @property
    def most(self) -> float:
        """The best speedup."""
        return max((each.speedup.value for each in self.squares.values() if each.speedup), default=0.0)

    def square(self, approach: str) -> Square:
        """The square of an approach."""
        return self.squares.get(approach, Square(approach, ABSENT))


@dataclass(frozen=True)
class Atlas:
    """All problems that were measured, those with the best speedup first, and the approaches of their columns."""

    lines: tuple[Line, ...]
    approaches: tuple[str, ...]


def read(directory: Path) -> Atlas:
    """The atlas in a directory.

    Raises :class:`doubles_lab.atlas.index.NotAnAtlas`, and :class:`doubles_lab.results.saved.NotAResult`.
    """
    found = [(each, index.record_of(directory, each)) for each in index.read(directory).problems]
    return atlas((entry, result) for entry, result in found if result is not None)


def atlas(found: Iterable[tuple[Entry, Record]]) -> Atlas:
    """The atlas of some problems with their runs."""
    lines = [line for entry, result in found if (line := line_of(entry, result)) is not None]
    lines.sort(key=lambda line: (-line.most, line.entry.name))
    names = {name for line in lines for name in line.squares}
    return Atlas(tuple(lines), tuple(sorted(names, key=lambda name: (-gain(name, lines), name))))


def gain(approach: str, lines: Iterable[Line]) -> float:
    """What an approach gives over all problems: the sum of the logs of its speedups, none where it does not apply."""
    found = [line.squares[approach].speedup for line in lines if approach in line.squares]
    return sum(math.log(each.value) for each in found if each)


def line_of(entry: Entry, result: Record) -> Line | None:
    """The line of a problem; ``None`` where its run did not come to the case that the heat map is about."""
    case = next((each for each in result.cases if each.name == entry.main), None)
    if case is None:
        return None
    found = verdicts(case, result.baseline, result.seed)
    levels = case_levels(case)
    plain = {v.row.contender: levels[v.row.contender] for v in found if v.rank and not v.row.prepared}
    leading = set(leading_group(plain, seed=result.seed))
    by_approach: dict[str, list[Verdict]] = {name: [] for name in entry.approaches.values()}
    for verdict in found:
        if verdict.row.contender in entry.approaches:
            by_approach[entry.approaches[verdict.row.contender]].append(verdict)
    squares = {name: square(name, of, leading) for name, of in by_approach.items()}
    return Line(entry, result, case, tuple(found), squares)


def square(approach: str, found: list[Verdict], leading: set[str]) -> Square:
    """The square of an approach with these verdicts."""
    found = sorted(found, key=lambda v: (v.time is None, v.row.prepared, v.rank is None))
    if not found:
        return Square(approach, UNMEASURED)
    best = found[0]
    if best.time is not None:
        return Square(approach, MEASURED, best, best.row.contender in leading, tuple(found))
    statuses = {v.row.status for v in found}
    status = next((to for of, to in UNTIMED.items() if of & statuses), UNAVAILABLE)
    return Square(approach, status, best, False, tuple(found))


#: What a square says of which rows without times, the first that applies.
UNTIMED = {
    frozenset({record.WRONG, record.FAILED}): FAILED,
    frozenset({record.UNMEASURED}): UNMEASURED,
}


def title(approach: str) -> str:
    """What people call an approach."""
    return "A library" if approach == LIBRARY else approaches.title(approach)

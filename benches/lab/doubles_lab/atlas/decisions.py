"""The decision table: from which size on each approach pays, and where the answer goes from one approach to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from doubles_lab.atlas.cells import Atlas, Line, title
from doubles_lab.atlas.index import LIBRARY, Sizes
from doubles_lab.folder import REFERENCE
from doubles_lab.measure.selfcheck import case_levels
from doubles_lab.measure.statistics import leading_group
from doubles_lab.questions.crossover import Change, Crossover, Times, crossover
from doubles_lab.questions.payoff import size as size_text
from doubles_lab.questions.payoff import when
from doubles_lab.report.document import Cell, Column, Table
from doubles_lab.results.record import CaseRecord
from doubles_lab.results.verdict import listed

#: Approaches that an answer names, at most.
MOST_NAMES = 4
#: The implementations on an input by size, those that take the input itself alone.
Curves = Mapping[str, Times]


@dataclass(frozen=True)
class Span:
    """The sizes at which some approaches are the answer, up to the change to the next ones."""

    #: By approach, the implementation that is not shown to be slower than the fastest at any of these sizes.
    contenders: Mapping[str, str]
    #: The first and the last size at which they were measured to be.
    first: int
    last: int
    #: The size at which they become the answer, with its interval; ``None`` for the first, and where none was found.
    since: Change | None = None

    @property
    def approaches(self) -> tuple[str, ...]:
        """The approaches, the fastest at the first size first."""
        return tuple(self.contenders)


@dataclass(frozen=True)
class Decision:
    """What to choose for an input of a problem, by size."""

    line: Line
    sizes: Sizes
    spans: tuple[Span, ...]
    #: By approach, where its best implementation and the reference lead.
    pays: Mapping[str, Crossover]


def decisions(atlas: Atlas) -> list[Decision]:
    """The decisions of all problems with inputs of several sizes."""
    return [decision(line, sizes) for line in atlas.lines for sizes in line.entry.sizes if len(sizes.cases) > 1]


def decision(line: Line, sizes: Sizes) -> Decision:
    """The decision for an input."""
    by_name = {case.name: case for case in line.record.cases}
    cases = {size: by_name[name] for size, name in sizes.cases if name in by_name}
    curves = curves_of(cases)
    pays = {}
    base = curves.get(line.record.baseline, {})
    for approach in dict.fromkeys(line.entry.approaches.values()):
        of = [name for name in curves if line.entry.approaches.get(name) == approach]
        # The one that is best at the largest size that it was measured at.
        best = min(of, key=lambda name: (-max(curves[name]), middle(curves[name])), default=None)
        found = crossover(base, curves[best]) if best is not None else None
        if found is not None:
            pays[approach] = found
    return Decision(line, sizes, tuple(spans(line, cases, curves)), pays)


def curves_of(cases: Mapping[int, CaseRecord]) -> Curves:
    """The samples of each implementation by size."""
    found: dict[str, dict[int, Sequence[Sequence[float]]]] = {}
    for size, case in cases.items():
        for row in case.rows:
            if row.timed and not row.prepared:
                found.setdefault(row.contender, {})[size] = row.samples
    return found


def middle(curve: Times) -> float:
    """A time at the largest size, by which implementations are told apart."""
    values = sorted(value for process in curve[max(curve)] for value in process)
    return values[len(values) // 2]


def spans(line: Line, cases: Mapping[int, CaseRecord], curves: Curves) -> list[Span]:
    """The answer by size. It stays what it was as long as that is not shown to be slower than the fastest."""
    found: list[Span] = []
    for size, case in sorted(cases.items()):
        levels = {name: level for name, level in case_levels(case).items() if name in curves}
        if not levels:
            continue
        group = leading_group(levels, seed=line.record.seed)
        # Plain Python where it leads: nothing else is shown to pay.
        group = [line.record.baseline] if line.record.baseline in group else group
        leading: dict[str, str] = {}
        for name in group:
            leading.setdefault(line.entry.approaches.get(name, REFERENCE), name)
        if found and (stay := {each: name for each, name in found[-1].contenders.items() if each in leading}):
            found[-1] = replace(found[-1], contenders=stay, last=size)
            continue
        since = None
        if found:
            before, after = next(iter(found[-1].contenders.values())), next(iter(leading.values()))
            crossed = crossover(curves[before], curves[after])
            since = crossed.overtakes(2) if crossed else None
        found.append(Span(leading, size, size, since))
    return found


def answer_text(decision: Decision) -> str:
    """The answer by size, in words."""
    parts: list[str] = []
    for span in decision.spans:
        names = [name_of(approach) for approach in span.approaches]
        names = names if len(names) <= MOST_NAMES else [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} more"]
        text = listed(names, "or")
        if parts:
            text += f" from {size_text(span.since.size) if span.since is not None else f'{span.first:,}'}"
        parts.append(text)
    return ", then ".join(parts)


def name_of(approach: str) -> str:
    """What people call an approach, or the reference."""
    if approach == LIBRARY:
        return "a library"
    return "plain Python" if approach == REFERENCE else title(approach)


def answers(found: Sequence[Decision]) -> Table:
    """What to choose, by shape and size."""
    rows = []
    for each in found:
        entry, sizes = each.line.entry, [size for size, _ in each.sizes.cases]
        measured = f"{each.sizes.input}, {min(sizes):,} to {max(sizes):,}"
        rows.append([Cell(entry.name), Cell(entry.shape, "quiet"), measured, Cell(answer_text(each), "strong")])
    notes = [
        "An answer names the approaches that are not shown to be slower than the fastest at any of its sizes; the size "
        "at which the next one takes over has an interval of 95 %. What is handed something made beforehand is left out"
    ]
    columns = [Column("Problem"), Column("Shape", room=2), Column("Sizes", room=3), Column("The answer, by size")]
    return Table("What to choose, by shape and size", columns, rows, notes=notes)


def payoffs(atlas: Atlas, found: Sequence[Decision]) -> Table:
    """From which size on each approach is faster than the reference."""
    columns = [Column("Problem"), Column("Input", room=3)]
    columns += [Column(title(name), number=True, room=1 + place // 5) for place, name in enumerate(atlas.approaches)]
    rows = []
    for each in found:
        cells = [Cell(each.line.entry.name), Cell(each.sizes.input, "quiet")]
        for name in atlas.approaches:
            crossed = each.pays.get(name)
            cells.append(Cell("", value=-1) if crossed is None else pay_cell(crossed))
        rows.append(cells)
    notes = ["Of each approach, the implementation that is fastest at the largest size", "Empty: does not apply"]
    return Table("From which size on each approach is faster than plain Python", columns, rows, notes=notes)


def pay_cell(found: Crossover) -> Cell:
    """The sizes at which an approach is faster than the reference."""
    text = when(found, 2)
    style = {"never": "bad", "always": "good"}.get(text, "quiet" if not found.first else "")
    if text == "no difference":
        text = "alike"
    overtakes = found.overtakes(2)
    return Cell(text, style, value=overtakes.size.value if overtakes else {"always": 0.0}.get(text, 1e18))

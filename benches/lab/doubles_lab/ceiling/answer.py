"""What the race of floors says: how many times as fast a function could be at most, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doubles_lab import approaches
from doubles_lab.ceiling.signature import Signature
from doubles_lab.ceiling.sources import BARE, FLOOR, TAKING, Function, Without
from doubles_lab.folder import REFERENCE
from doubles_lab.measure.selfcheck import case_levels
from doubles_lab.measure.statistics import MARGIN, Estimate, Level
from doubles_lab.report import cause
from doubles_lab.report.document import HEADING, ITEM, Cell, Column, Part, Table
from doubles_lab.report.table import PREPARED, interval, unit_of
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord
from doubles_lab.results.verdict import listed, number

#: A function that cannot become faster by more than this is not worth it.
WORTH = 1.5
#: The share of a function's time below which it does not matter what a floor costs: the work itself decides.
NEGLIGIBLE = 0.01
#: Another form of the arguments is worth a word where it gives so many times more.
MORE = 1.5
#: The part of a function's time above which its callbacks are what is to be looked at.
CALLING_BACK = 0.3

CALL, ARGUMENTS, RESULT, CALLBACKS = "call", "arguments", "result", "callbacks"
#: The same in a sentence.
DOING = {
    CALL: "the bare call",
    ARGUMENTS: "taking the arguments",
    RESULT: "making the result",
    CALLBACKS: "calling back",
}


@dataclass(frozen=True)
class Ceiling:
    """What a form of an approach can give at most, on an example."""

    function: Function
    floor: Level
    #: How many times as fast as the function as it is.
    most: Estimate
    bare: Level | None
    #: Seconds of a call by what they are spent on.
    parts: dict[str, float]

    @property
    def dominant(self) -> str:
        """What most of the floor is spent on."""
        return max(self.parts, key=lambda part: self.parts[part])


@dataclass(frozen=True)
class Answer:
    """The ceilings on an example, the highest first."""

    example: str
    size: int
    reference: Level | None
    ceilings: tuple[Ceiling, ...]
    #: What could not be timed, and why.
    failed: tuple[tuple[str, str], ...]

    def best(self, variant: bool = False) -> Ceiling | None:
        """The highest ceiling for the arguments as they are, or for what is made of them beforehand."""
        return next((each for each in self.ceilings if bool(each.function.variant) == variant), None)


def answer(case: CaseRecord, signature: Signature, functions: Sequence[Function], size: int) -> Answer:
    """The ceilings of a case."""
    levels = case_levels(case)
    reference = levels.get(REFERENCE)
    found = []
    for each in functions:
        floor = levels.get(each.implementation)
        if each.part != FLOOR or floor is None or reference is None:
            continue
        parts = {other.part: other for other in functions if other.approach == each.approach and beside(other, each)}
        bare, taking = (levels.get(parts[part].implementation) if part in parts else None for part in (BARE, TAKING))
        found.append(Ceiling(each, floor, reference.over(floor), bare, parts_of(each.signature, floor, bare, taking)))
    found.sort(key=lambda each: each.floor.log)
    of = {each.implementation: each.approach for each in functions}
    broken = [row for row in case.rows if row.status not in (record.RANKED, record.APART)]
    failed = tuple(dict.fromkeys((of.get(row.contender, row.contender), row.reason) for row in broken))
    return Answer(case.name, size, reference, tuple(found), failed)


def beside(part: Function, floor: Function) -> bool:
    """Whether a function makes a part of what a floor does: the bare call is one for all arguments."""
    return part.part == BARE or (part.part, part.form, part.variant) == (TAKING, floor.form, floor.variant)


def parts_of(signature: Signature, floor: Level, bare: Level | None, taking: Level | None) -> dict[str, float]:
    """The seconds of a floor by what they are spent on."""
    whole = floor.time.value
    call = min(bare.time.value, whole) if bare is not None else 0.0
    parts = {CALL: call}
    if signature.callback is not None:
        parts[CALLBACKS] = whole - call
    elif taking is not None:
        taken = min(max(taking.time.value, call), whole)
        parts |= {ARGUMENTS: taken - call, RESULT: whole - taken}
    elif signature.built and not signature.converted:
        parts[RESULT] = whole - call
    else:
        parts[ARGUMENTS] = whole - call
    return parts


def sentence(answers: Sequence[Answer], signature: Signature) -> str:
    """What to do, in a sentence: by the largest example."""
    last = largest(answers)
    if last is None or last.reference is None:
        return "No floor could be timed, so nothing is known."
    own, best, other = last.reference.time.value, last.best(), last.best(variant=True)
    on = f" on {last.example}" if len(answers) > 1 else ""
    ahead = f"pass an array instead of a list and it is {times(other)}" if other else ""
    if best is None:
        assert other is not None
        return f"Only with arrays: at most {times(other)} times as fast{on}."
    if in_callbacks(best, last.reference):
        callbacks = best.parts[CALLBACKS]
        row = signature.rows[[each.name for each in signature.rows].index(last.example)]
        return (
            f"Your time is in the callback: {row.calls:,} calls back take {spoken(callbacks)} of {spoken(own)}{on}, "
            f"so that nothing is more than {times(best)} times as fast. Batch: hand over many values at once."
        )
    if best.most.value < WORTH:
        text = (
            f"Not worth it: {signature.name} takes {spoken(own)}{on}, and {DOING[best.dominant]} alone costs "
            f"{spoken(best.parts[best.dominant])} in {title(best)}, of {spoken(best.floor.time.value)} at least"
        )
        if other and other.most.value > max(WORTH, MORE * best.most.value):
            text += f"; but {ahead} times as fast at most"
        return f"{text}."
    text = f"Worth trying: at most {times(best)} times as fast{on}, with {spoken_of(last, best)}"
    if other and other.most.value > MORE * best.most.value:
        text += f"; {ahead}, with {spoken_of(last, other)}"
    return f"{text}."


def largest(answers: Sequence[Answer]) -> Answer | None:
    """The answer on the largest example that was timed."""
    return next((each for each in reversed(answers) if each.ceilings and each.reference), None)


def worthwhile(answers: Sequence[Answer]) -> list[str]:
    """The approaches that :func:`sentence` says are worth trying, for the arguments as they are; maybe none."""
    last = largest(answers)
    best = last.best() if last else None
    if last is None or last.reference is None or best is None or best.most.value < WORTH:
        return []
    return [] if in_callbacks(best, last.reference) else leading(last, best)


def in_callbacks(ceiling: Ceiling, reference: Level) -> bool:
    """Whether calling back takes most of the time that can be saved."""
    return ceiling.parts.get(CALLBACKS, 0.0) > CALLING_BACK * reference.time.value


def smallest(answers: Sequence[Answer]) -> str:
    """From which example on an approach can win, in a sentence; "" of a single example."""
    measured = [each for each in answers if each.best() is not None]
    lost = [each for each in measured if all(c.most.high < 1 for c in each.ceilings if not c.function.variant)]
    if len(measured) < 2:
        return ""
    if not lost:
        first = measured[0].best()
        return f"Native code can win on each example: on {measured[0].example} at most {times(first)} times as fast."
    if len(lost) == len(measured):
        return "Nothing can win on any of the examples."
    after = [each.example for each in measured if each not in lost]
    return f"Nothing can win on {', '.join(each.example for each in lost)}; from {after[0]} on something can."


def title(ceiling: Ceiling) -> str:
    """What people call its approach."""
    return approaches.title(ceiling.function.approach)


def leading(found: Answer, best: Ceiling) -> list[str]:
    """The approaches with the same arguments that are not shown to be slower than the best, or hardly cost anything."""
    names: dict[str, None] = {}
    for each in found.ceilings:
        negligible = found.reference is not None and each.floor.time.value < NEGLIGIBLE * found.reference.time.value
        alike = negligible or each.floor.over(best.floor).low <= 1 + MARGIN
        if alike and bool(each.function.variant) == bool(best.function.variant):
            names[each.function.approach] = None
    return list(names)


def spoken_of(found: Answer, best: Ceiling) -> str:
    """Those of :func:`leading`, as people call them."""
    return listed([approaches.title(each) for each in leading(found, best)], "or")


def times(ceiling: Ceiling | None) -> str:
    """How many times as fast, as one would say it."""
    assert ceiling is not None
    return number(ceiling.most.value)


def spoken(seconds: float) -> str:
    """A time with its unit."""
    unit = unit_of(seconds)
    value = seconds / unit.seconds
    return f"{value:.{0 if value >= 100 else 1}f} {unit.name}"


def report(
    answers: Sequence[Answer], signature: Signature, notes: Sequence[str], without: Sequence[Without], setting: str
) -> list[Part]:
    """All of it, for a terminal or a page. ``setting`` is where and when it was measured."""
    parts: list[Part] = []
    for each in answers:
        own = spoken(each.reference.time.value) if each.reference else "not timed"
        parts.append(Cell(f"{each.example}: {signature.name} takes {own}", HEADING))
        parts += [table(each)] if each.ceilings else []
    causes: dict[str, list[str]] = {}
    for name, reason in dict.fromkeys(found for each in answers for found in each.failed):
        causes.setdefault(cause.shared(reason), []).append(name)
    parts += [Cell(f"{', '.join(names)}: {said}", ITEM) for said, names in causes.items()]
    parts += [
        Cell(f"No floor for {approaches.title(each.approach)}, {each.form}: {each.reason}", ITEM) for each in without
    ]
    parts += [Cell(f"{note}.", ITEM) for note in notes]
    if said := smallest(answers):
        parts.append(said)
    parts.append(
        Cell(
            "Floor: a call that reads all of the arguments, makes a result of the same size, and does nothing else. At "
            "most ×: how many times as fast as your function the floor is, with the 95 % interval. Bare call: one that "
            "reads nothing; it bounds a function that stops early.",
            "quiet",
        )
    )
    parts.append(Cell(setting, "quiet"))
    parts.append(Cell(sentence(answers, signature), "strong"))
    return parts


def table(found: Answer) -> Table:
    """The ceilings of an example."""
    columns = [
        Column("Approach"),
        Column("Takes", style="quiet"),
        Column("Floor", number=True),
        Column("Bare call", number=True, room=1),
        Column("At most ×", number=True),
        Column("Mostly"),
    ]
    rows = []
    for each in found.ceilings:
        style = "good" if each.most.low > WORTH else "bad" if each.most.high < 1 else ""
        rows.append(
            [
                Cell(title(each), style, f" {PREPARED}" if each.function.variant else ""),
                Cell(each.function.taken, "quiet"),
                spoken(each.floor.time.value),
                spoken(each.bare.time.value) if each.bare else "–",
                Cell(interval(each.most), style, value=each.most.value),
                each.dominant,
            ]
        )
    prepared = any(each.function.variant for each in found.ceilings)
    notes = (
        [f"{PREPARED} handed arrays that are there already: making them of the lists is not timed"] if prepared else []
    )
    return Table("", columns, rows, notes=notes)

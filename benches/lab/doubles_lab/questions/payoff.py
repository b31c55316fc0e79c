"""When native pays off: the size of the input from which one contender is faster than another."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from doubles_lab.measure.statistics import Estimate, speedup
from doubles_lab.questions import checked, curves, threads
from doubles_lab.questions.answer import Answer, Chart, Interrupted, Nothing, Question, Setting
from doubles_lab.questions.crossover import Crossover, crossover
from doubles_lab.questions.curves import Measured
from doubles_lab.report.document import Table
from doubles_lab.report.table import short_time
from doubles_lab.results.verdict import listed, number

#: The contender that stands for a loop as anybody writes it first.
NAIVE = "python-zip"


def measure(setting: Setting) -> dict[str, Any]:
    """The curves."""
    try:
        return {curves.KEY: curves.measured(setting)}
    except Interrupted as interrupt:
        raise Interrupted({curves.KEY: interrupt.data}) from None


@dataclass(frozen=True)
class Pair:
    """Two contenders, and who of them leads where."""

    one: Measured
    two: Measured
    found: Crossover

    def when(self, which: int) -> str:
        """The sizes at which contender 1 or 2 leads, as a text."""
        return when(self.found, which)


def when(found: Crossover, which: int) -> str:
    """The sizes at which contender 1 or 2 leads, as a text."""
    if not found.first:
        return "no difference"
    if not found.changes:
        return throughout(found) if found.first == which else "never"
    spans = []
    begin = "" if found.first == which else None
    for change in found.changes:
        if change.leader == which:
            begin = f"from {size(change.size)}"
        elif begin is not None:
            spans.append(f"{begin} up to {size(change.size)}".strip())
            begin = None
    if begin:
        spans.append(begin)
    return " and ".join(spans)


def throughout(found: Crossover) -> str:
    """The sizes at which the only one that leads anywhere does so."""
    if found.led_from == found.smallest:
        return "always" if found.led_up_to == found.largest else f"up to {found.led_up_to:,}"
    return f"from {found.led_from:,} " + ("on" if found.led_up_to == found.largest else f"to {found.led_up_to:,}")


def size(found: Estimate) -> str:
    """A size with its interval."""
    return f"{rounded(found.value)} [{rounded(found.low)}–{rounded(found.high)}]"


def rounded(value: float) -> str:
    """A size with two significant digits."""
    if value < 1:
        return "1"
    digits = 1 - math.floor(math.log10(value))
    return f"{round(value, min(digits, 0)):,.0f}"


def pair(one: Measured, two: Measured) -> Pair | None:
    """The pair, if both were measured at a size."""
    found = crossover(one.times, two.times)
    return None if found is None else Pair(one, two, found)


def fastest(group: Sequence[Measured]) -> Measured:
    """The one that is fastest, by the geometric mean, over all sizes that it and the others were measured at.

    Of those only that got as far as any: the others stopped early, being slow.
    """
    last = max(max(curve.times) for curve in group)
    far = [curve for curve in group if max(curve.times) == last]
    common = set.intersection(*[set(curve.times) for curve in far])

    def mean(curve: Measured) -> float:
        return sum(math.log(curve.median(each)) for each in common)

    return min(far, key=mean)


@dataclass(frozen=True)
class Field:
    """The contenders, in the roles that they have in this question."""

    #: Pure Python: the loop as anybody writes it, and the fastest.
    naive: Measured | None
    best: Measured | None
    native: list[Measured]
    #: The fastest of each binding, of those that are handed the str itself.
    of_binding: list[Measured]
    #: One thread, and several.
    threaded: list[tuple[Measured, Measured]]


def field_of(measured: Sequence[Measured]) -> Field:
    """The roles of those that have times."""
    timed = [curve for curve in measured if curve.times]
    by_name = {curve.name: curve for curve in timed}
    pure = [curve for curve in timed if curve.pure]
    native = [curve for curve in timed if not curve.pure and "threads" not in curve.tags]
    given_the_str = sorted((curve for curve in native if not curve.prepared), key=lambda curve: curve.binding)
    bindings = [list(group) for _, group in itertools.groupby(given_the_str, key=lambda curve: curve.binding)]
    threaded = [
        (by_name[one], by_name[several.name])
        for one, several in threads.BY_ONE_THREAD.items()
        if one in by_name and several.name in by_name
    ]
    slowest = max(pure, key=lambda curve: curve.median(max(curve.times)), default=None)
    return Field(
        naive=by_name.get(NAIVE, slowest),
        best=fastest(pure) if pure else None,
        native=native,
        of_binding=[fastest(group) for group in bindings],
        threaded=threaded,
    )


def answer(data: dict[str, Any]) -> Answer:
    """The answer from the data that :func:`measure` gave."""
    measured = curves.read(data[curves.KEY])
    field = field_of(measured)
    references = [each for each in (field.naive, field.best) if each is not None]
    references = list({each.name: each for each in references}.values())
    against = {each.name: _present(pair(reference, each) for reference in references) for each in field.native}
    compared = [*references, *field.of_binding]
    pairs = _present(pair(one, two) for one, two in itertools.combinations(compared, 2))
    threaded = _present(pair(one, several) for one, several in field.threaded)
    tables = []
    if references:
        tables.append(native_table(field, references, against))
    tables.append(pairs_table([each for each in pairs if not each.two.pure and not each.one.pure]))
    if threaded:
        tables.append(threads_table(threaded))
    short: list[tuple[str, ...]] = [
        (curve.name, f"{max(curve.times):,}", curve.ended) for curve in measured if curve.ended and curve.times
    ]
    if short:
        tables.append(Table("Stopped before the largest size", ("Contender", "Measured up to", "Why"), short, (1,)))
    absent = curves.missing(measured)
    if absent:
        tables.append(Table("Without a curve", ("Contender", "Why"), absent))
    found = Answer(
        sentence(field, against, pairs, threaded),
        tables,
        charts(measured, compared, pairs),
        method(data),
        curves.broken(measured),
    )
    return checked.answered(found, data[curves.KEY].get("selfchecks", {}))


def _present(pairs: Any) -> list[Pair]:
    return [each for each in pairs if each is not None]


def sentence(field: Field, against: dict[str, list[Pair]], pairs: Sequence[Pair], threaded: Sequence[Pair]) -> str:
    """The answer in a few sentences."""
    said = []
    if field.best is not None and field.native:
        name = field.best.name
        met = [each for found in against.values() for each in found if each.one.name == name]
        always = [each for each in met if each.found.last == 2 and not each.found.changes]
        later = [(change, each) for each in met if (change := each.found.overtakes(2)) is not None]
        text = f"Of {len(met)} native contenders, {len(always)} are faster than the fastest Python ({name}) at any size"
        if later:
            change, last = max(later, key=lambda each: each[0].size.value)
            text += f", and {len(later)} more from some size on, the last ({last.two.name}) from {size(change.size)}"
        said.append(f"{text}{' characters' if later else ''}.")
        never = [each.two.name for each in met if each.found.last != 2]
        if never:
            said.append(f"Not shown to be faster at the largest size compared: {listed(never)}.")
    known = [each for each in pairs if {each.one.binding, each.two.binding} == {"PyO3", "rust-cpython"}]
    for each in known:
        said.append(f"{each.one.name} leads {each.two.name}: {each.when(1)}; the other way round: {each.when(2)}.")
    for each in threaded:
        said.append(f"Two threads lead one in {each.one.binding}: {each.when(2)}.")
    return " ".join(said) or Nothing("Nothing was measured that can be compared.")


def native_table(field: Field, references: Sequence[Measured], against: dict[str, list[Pair]]) -> Table:
    """Every native contender against the naive and the best Python."""
    body: list[tuple[str, ...]] = []
    for curve in field.native:
        cells = []
        for reference in references:
            each = next((each for each in against[curve.name] if each.one.name == reference.name), None)
            if each is None:
                cells += ["–", "–"]
                continue
            largest = each.found.largest
            ratio = speedup(curve.times[largest], reference.times[largest])
            cells += [each.when(2), f"{number(ratio.value)} × at {largest:,}"]
        body.append((curve.name + ("†" if curve.prepared else ""), curve.binding, *cells))
    columns = ["Contender", "Binding"]
    for reference in references:
        columns += [f"Faster than {reference.name}", "Times as fast"]
    return Table("Against pure Python", tuple(columns), sorted(body), tuple(range(2, len(columns))))


def pairs_table(pairs: Sequence[Pair]) -> Table:
    """The fastest of each binding against that of every other."""
    body: list[tuple[str, ...]] = [
        (each.one.name, each.two.name, each.when(1), each.when(2), f"{each.found.largest:,}") for each in pairs
    ]
    columns = ("One", "Another", "One is faster", "The other is faster", "Compared up to")
    return Table("One binding against another, by the fastest contender of each", columns, body, (2, 3, 4))


def threads_table(threaded: Sequence[Pair]) -> Table:
    """One thread against several."""
    body: list[tuple[str, ...]] = []
    for each in threaded:
        largest = each.found.largest
        ratio = speedup(each.two.times[largest], each.one.times[largest])
        body.append((each.one.name, each.when(2), f"{number(ratio.value)} × at {largest:,}"))
    columns = ("Contender", f"{threads.THREADS} threads are faster", "Times as fast")
    return Table(f"One thread against {threads.THREADS}", columns, body, (1, 2))


def charts(measured: Sequence[Measured], compared: Sequence[Measured], pairs: Sequence[Pair]) -> list[Chart]:
    """Time over size, and who overtakes whom."""
    from doubles_lab.report import answer_charts

    main = {curve.name for curve in compared}
    points = [
        {
            "contender": curve.name,
            "binding": curve.binding,
            "tags": list(curve.tags),
            "main": curve.name in main,
            "characters": each,
            "seconds": curve.median(each),
            "time": short_time(curve.median(each)),
        }
        for curve in measured
        for each in sorted(curve.times)
        if each
    ]
    cells = []
    for each in pairs:
        for which, row, column in ((2, each.two, each.one), (1, each.one, each.two)):
            change = each.found.overtakes(which)
            leads = each.found.last == which
            cells.append(
                {
                    "row": row.name,
                    "column": column.name,
                    "size": None if not leads else 1 if change is None else max(1.0, change.size.value),
                    "label": _label(each.found, which),
                    "when": each.when(which),
                }
            )
    found = []
    if points:
        found.append(answer_charts.times(points))
    if cells:
        found.append(answer_charts.matrix(cells, [curve.name for curve in compared]))
    return found


def _label(found: Crossover, which: int) -> str:
    """What fits into a cell."""
    if not found.first:
        return "="
    if found.last != which:
        if not found.changes:
            return "never"
        return f"≤ {rounded(found.changes[0].size.value)}" if found.first == which else "between"
    change = found.overtakes(which)
    if change is not None:
        return f"≥ {rounded(change.size.value)}"
    return "always" if found.led_from == found.smallest else f"≥ {rounded(found.led_from)}"


def method(data: dict[str, Any]) -> str:
    """How it was measured."""
    return (
        f"{curves.method(data[curves.KEY])} A contender leads at a size where the interval of the ratio, taken within "
        "each round, leaves 1 out, and the ratio is more than 3 % off. The intervals are Student's over the processes, "
        "and all those of a pair together hold 95 %. Where the lead changes, the size is read off the line between the "
        "ratios, on log scales; its interval is where the 95 % interval of the ratio holds 1. "
        "Sizes are in characters. † is handed an array or bytes that are already there: making them is "
        "not timed."
    )


QUESTION = Question(
    name="payoff",
    number=3,
    text="When does native pay off?",
    measure=measure,
    answer=answer,
    shares=(curves.KEY,),
)

"""What it costs each approach to take and to return 1, 100 and 10,000 values of each type.

These are the floors of :mod:`doubles_lab.ceiling`, for functions of :mod:`doubles_lab.atlas.typed`: one that is only
called, one that takes its argument, and one that takes it and returns a result of its size. The differences are what
taking and returning cost.
"""

# No `from __future__ import annotations`: Python 3.9 could not evaluate the annotations again, as msgspec does.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Optional

import msgspec
from msgspec import field

from doubles_lab.approaches.build import cache_dir
from doubles_lab.atlas import plan, typed
from doubles_lab.atlas.cells import title
from doubles_lab.atlas.index import decoded
from doubles_lab.ceiling import observation, sources
from doubles_lab.ceiling.observation import Observed
from doubles_lab.ceiling.sources import BARE, FLOOR, TAKING
from doubles_lab.folder import Folder
from doubles_lab.folder import read as read_folder
from doubles_lab.given import of_input
from doubles_lab.measure import race
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.building import build
from doubles_lab.measure.schedule import QUICK, Plan
from doubles_lab.measure.selfcheck import case_levels
from doubles_lab.questions.answer import Chart
from doubles_lab.report.document import Cell, Column, Table
from doubles_lab.report.table import short_time
from doubles_lab.results import saved
from doubles_lab.results.record import Name, Record, Saved, Text

#: The directory in that of an atlas, and the index in it.
FOLDER, FILE = "conversions", "conversions.json"
FORMAT = "doubles-lab conversions 1"
#: Processes of each function, and what one sample takes.
PROCESSES, SAMPLE_MS = 3, 5.0


class Function(Saved):
    """A function that was raced."""

    implementation: Name
    approach: Name
    form: Name
    taken: Text
    part: Name


class Kind(Saved):
    """A type, with the functions that were raced for it, and the approaches that cannot express one."""

    name: Name
    about: Text
    made_of: Text
    functions: list[Function]
    without: list[tuple[Name, Text]]


class Index(Saved, tag_field="format", tag=FORMAT):
    """The types that were measured."""

    kinds: list[Kind] = field(default_factory=list)


@dataclass(frozen=True)
class Cost:
    """What a form of an approach costs, by how many values there are, in seconds beyond a bare call."""

    kind: str
    approach: str
    taken: str
    take: Mapping[int, float]
    give: Mapping[int, float]


@dataclass(frozen=True)
class Conversions:
    """All that was measured."""

    kinds: Sequence[Kind]
    costs: Sequence[Cost]
    records: Sequence[Record]


def measure(directory: Path, how: Plan, again: bool, watcher: Watcher) -> None:
    """Measures the types that are not measured yet, and saves each. Passes ``KeyboardInterrupt`` on.

    There are fewer and shorter samples than in a race: what is asked is which conversion costs many times another.
    """
    how = replace(QUICK, processes=PROCESSES, sample_ms=SAMPLE_MS, limit=how.limit, seed=how.seed)
    kept = index_of(directory)
    due: list[tuple[str, Folder, Observed, Kind]] = []
    watcher.case("conversions", len(typed.TYPES))
    for name, (function, _) in typed.TYPES.items():
        module = typed.__name__
        seen = observation.observe(
            f"{module}:{function.__name__}", [f"{module}:{typed.EXAMPLES[name]}"], how.limit, watcher.doing
        )
        place = cache_dir() / FOLDER / function.__name__
        written = sources.write(place, seen.signature, sorted(sources.with_floors()))
        folder = read_folder(place)
        found = [
            Function(each.implementation, each.approach, each.form, each.taken, each.part)
            for each in written.functions
            if not each.variant
        ]
        without = [(each.approach, each.reason) for each in written.without]
        about = (function.__doc__ or "").strip()
        kind = Kind(name, about, plan.made_of(folder, str(replace(how, seed=0))), found, without)
        old = next((each for each in kept.kinds if each.name == name), None)
        if again or old is None or old.made_of != kind.made_of or not record_file(directory, name).exists():
            due.append((name, folder, seen, kind))
        watcher.step()
    raced = {
        name: [each for each in folder.implementations if each.name in {f.implementation for f in kind.functions}]
        for name, folder, _, kind in due
    }
    build([each for found in raced.values() for each in found], how.limit, watcher)
    machine = saved.machine() if due else {}
    for name, folder, seen, kind in due:
        result = race.begun(folder, how, machine)
        for row in seen.signature.rows:
            given = of_input(folder.problem, folder.problem.input(row.name))
            given.outcomes["", ""] = seen.results[row.name]
            case = race.describe(given)
            case.about = f"{row.name} of type {name}"
            result.cases.append(case)
            race.race({given: case}, raced[name], how, watcher)
        if not any(row.timed for case in result.cases for row in case.rows):
            continue  # no approach here can express it
        saved.save(result, record_file(directory, name))
        kept.kinds = [*(each for each in kept.kinds if each.name != name), kind]
        saved.write_whole(directory / FILE, msgspec.json.format(msgspec.json.encode(kept), indent=1))


def record_file(directory: Path, name: str) -> Path:
    """The file of the run of a type."""
    return directory / f"{name}.json"


def index_of(directory: Path) -> Index:
    """The index in a directory; an empty one where there is none.

    Raises :class:`doubles_lab.atlas.index.NotAnAtlas` for any other file.
    """
    file = directory / FILE
    return decoded(file, Index) if file.exists() else Index()


def read(directory: Path) -> Optional[Conversions]:
    """What was measured in a directory; ``None`` where nothing was."""
    found = {each.name: each for each in index_of(directory).kinds}
    kinds = [found[name] for name in typed.TYPES if name in found]
    if not kinds:
        return None
    records = [saved.read(record_file(directory, each.name)) for each in kinds]
    costs = [cost for kind, result in zip(kinds, records) for cost in costs_of(kind, result)]
    return Conversions(kinds, costs, records)


def costs_of(kind: Kind, result: Record) -> list[Cost]:
    """The costs of a type: of each approach, each of its forms."""
    found: list[Cost] = []
    for floor in kind.functions:
        if floor.part != FLOOR:
            continue
        take: dict[int, float] = {}
        give: dict[int, float] = {}
        for case in result.cases:
            times = {name: level.time.value for name, level in case_levels(case).items()}
            whole = times.get(floor.implementation)
            if whole is None:
                continue
            beside = {
                (each.part, each.form if each.part == TAKING else ""): times.get(each.implementation)
                for each in kind.functions
                if each.approach == floor.approach
            }
            bare = beside.get((BARE, "")) or 0.0
            taking = beside.get((TAKING, floor.form))
            take[int(case.name)] = max(0.0, (whole if taking is None else taking) - bare)
            if taking is not None:
                give[int(case.name)] = max(0.0, whole - taking)
        if take:
            found.append(Cost(kind.name, floor.approach, floor.taken, take, give))
    return found


def tables(converted: Conversions) -> list[Table]:
    """A table for each type: what taking and returning costs."""
    counts = typed.COUNTS
    columns = [Column("Approach"), Column("Takes", style="quiet")]
    columns += [Column(f"Take {count:,}", number=True) for count in counts]
    columns += [Column(f"Return {count:,}", number=True) for count in counts]
    found = []
    for kind in converted.kinds:
        costs = sorted(
            (each for each in converted.costs if each.kind == kind.name),
            key=lambda each: each.take.get(counts[-1], 0.0),
        )
        rows = [
            [
                Cell(title(each.approach)),
                each.taken,
                *(time_cell(each.take.get(count)) for count in counts),
                *(time_cell(each.give.get(count)) for count in counts),
            ]
            for each in costs
        ]
        lost = dict.fromkeys(f"{title(approach)}: {reason}" for approach, reason in kind.without)
        found.append(Table(f"{kind.name}: {kind.about.rstrip('.')}", columns, rows, notes=list(lost), sortable=True))
    return found


def time_cell(seconds: Optional[float]) -> Cell:
    """A time; a dash where nothing was measured."""
    if seconds is None:
        return Cell("–", value=-1)
    return Cell(short_time(seconds) if seconds else "0", value=seconds)


def best(converted: Conversions) -> list[dict[str, Any]]:
    """For each type and approach, what its cheapest form costs for a value of the largest number, in nanoseconds."""
    most = typed.COUNTS[-1]
    found: list[dict[str, Any]] = []
    for direction in ("take", "return"):
        cheapest: dict[tuple[str, str], tuple[float, str]] = {}
        for cost in converted.costs:
            seconds = (cost.take if direction == "take" else cost.give).get(most)
            if seconds is not None:
                key = cost.kind, cost.approach
                cheapest[key] = min(cheapest.get(key, (seconds, cost.taken)), (seconds, cost.taken))
        found += [
            {"type": kind, "approach": title(name), "direction": direction, "ns": seconds / most * 1e9, "taken": taken}
            for (kind, name), (seconds, taken) in cheapest.items()
        ]
    return found


def charts(converted: Conversions) -> list[Chart]:
    """What a value costs, by type and approach: to take, and to return."""
    from doubles_lab.report import answer_charts

    return answer_charts.conversions(best(converted), list(typed.TYPES), typed.COUNTS[-1])

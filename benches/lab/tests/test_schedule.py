"""When processes are started and samples taken: how many of each, by what order, and on which CPU."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from conftest import UNWRITTEN, a_text, an_implementation

from doubles_lab.measure import conditions, race, schedule
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.race import Entry
from doubles_lab.measure.schedule import FULL, QUICK, OneCpu, Plan, Rounds, affordable, budgeted, one_cpu
from doubles_lab.measure.subject import Out, Subject
from doubles_lab.results.record import CaseRecord, Run

GIVEN = a_text("aab")


def entries(count: int) -> list[Entry]:
    """Implementations that are in a race."""
    return [Entry(Subject(an_implementation(f"c{i}")), GIVEN, UNWRITTEN) for i in range(count)]


def test_what_is_shipped_has_ten_processes() -> None:
    assert (FULL.processes, FULL.rounds, QUICK.processes, QUICK.rounds) == (10, 5, 10, 2)
    assert QUICK.sample_ms < FULL.sample_ms and QUICK.case_seconds < FULL.case_seconds
    assert not FULL.budgeted and not QUICK.budgeted


def test_rounds_are_cut_where_a_case_takes_long_and_processes_are_not() -> None:
    plan = Plan(processes=10, rounds=5, case_seconds=100)
    assert affordable(plan, 0.1, 1.0) == (10, 5)
    assert affordable(plan, 2.0, 1.0) == (10, 5)
    assert affordable(plan, 2.01, 1.0) == (10, 4)
    assert affordable(plan, 5.0, 1.0) == (10, 2)
    assert affordable(plan, 100.0, 1000.0) == (10, 1)
    assert affordable(plan, 0.0, 0.0) == (10, 5)
    # Asked for by --rounds.
    assert affordable(Plan(processes=3, rounds=25, case_seconds=float("inf")), 100.0, 1.0) == (3, 25)


@pytest.mark.parametrize(
    ("seconds", "round_seconds", "starting", "expected"),
    [
        # All 40, and 10 s for each: five rounds and five to start.
        (400.0, 1.0, 5.0, (40, 5)),
        (399.0, 1.0, 5.0, (39, 5)),
        (1000.0, 1.0, 5.0, (40, 5)),
        (100.0, 1.0, 5.0, (10, 5)),
        # Rounds are cut before there are fewer than ten processes.
        (99.0, 1.0, 5.0, (11, 4)),
        (60.0, 1.0, 5.0, (10, 1)),
        (59.0, 1.0, 5.0, (9, 1)),
        (30.0, 1.0, 5.0, (5, 1)),
        (5.0, 1.0, 5.0, (2, 1)),
        (0.1, 1.0, 5.0, (2, 1)),
        (200.0, 2.0, 10.0, (10, 5)),
        (100.0, 0.5, 5.0, (13, 5)),
    ],
)
def test_a_budget_is_spent_on_ten_processes_first_then_on_rounds_and_then_on_more_processes(
    seconds: float, round_seconds: float, starting: float, expected: tuple[int, int]
) -> None:
    plan = budgeted(FULL, seconds)
    assert affordable(plan, round_seconds, starting) == expected
    processes, rounds = expected
    assert processes * (rounds * round_seconds + starting) <= seconds or expected == (2, 1)


def test_a_budget_makes_a_plan() -> None:
    assert budgeted(FULL, 120.0) == Plan(processes=40, rounds=5, sample_ms=20.0, case_seconds=120.0, budgeted=True)
    assert budgeted(FULL, 119.0).sample_ms == QUICK.sample_ms
    assert budgeted(Plan(sample_ms=1.0, seed=7), 60.0) == Plan(
        processes=40, sample_ms=1.0, case_seconds=60.0, budgeted=True, seed=7
    )
    # Fewer than ten processes can be asked for; then rounds are not cut for the sake of ten.
    few = Plan(processes=3, rounds=5, case_seconds=30.0, budgeted=True)
    assert affordable(few, 1.0, 5.0) == (3, 5)


def test_first_processes_end_in_different_rounds_as_evenly_as_can_be() -> None:
    for rounds in (1, 2, 5):
        some = [entry.subject for entry in entries(23)]
        schedule.spread(some, rounds, random.Random(1))
        ends = Counter(subject.left for subject in some)
        assert set(ends) == set(range(rounds))
        assert max(ends.values()) - min(ends.values()) <= 1


def test_who_ends_when_is_drawn_by_the_seed() -> None:
    def drawn(seed: int) -> list[int]:
        some = [entry.subject for entry in entries(20)]
        schedule.spread(some, 5, random.Random(seed))
        return [subject.left for subject in some]

    assert drawn(1) == drawn(1) != drawn(2)
    assert drawn(1) != sorted(drawn(1))


class Fake:
    """A process that answers at once, and when it was ended."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended = False

    def ask(self, do: str, limit: float, **_: object) -> dict[str, object]:
        return {"ns": 1000, "counts": []}

    def end(self) -> None:
        self.ended = True


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Processes are made up; the names of those that were started, in that order."""
    names: list[str] = []

    def renew(subject: Subject, limit: float) -> None:
        subject.end()
        names.append(subject.name)
        subject.process = Fake(len(names))  # type: ignore[assignment]

    def warm_up(entry: Entry, limit: float) -> None:
        entry.row.runs.append(Run(4, [(1, 1e-6)], []))
        entry.row.status = "ranked"

    monkeypatch.setattr(Subject, "renew", renew)
    monkeypatch.setattr(Entry, "warm_up", warm_up)
    monkeypatch.setattr(conditions, "read", lambda workers: conditions.Reading(0, None, 0, 0, None, None))
    monkeypatch.setattr(OneCpu, "keep", lambda self, pids: list(pids))
    # One after another: the names are in the order in which they were asked for.
    monkeypatch.setattr(schedule, "at_once", lambda each, work, *_: [work(one) for one in each])
    return names


def raced(count: int, plan: Plan) -> CaseRecord:
    implementations = [an_implementation(f"c{i}") for i in range(count)]
    result = CaseRecord("a", "a case", "characters")
    race.race({GIVEN: result}, implementations, plan, Watcher())
    return result


@pytest.mark.parametrize(("processes", "rounds"), [(10, 5), (10, 2), (6, 1), (5, 3)])
def test_every_implementation_has_its_processes_and_a_sample_in_every_round(
    started: list[str], processes: int, rounds: int
) -> None:
    result = raced(11, Plan(processes=processes, rounds=rounds))
    assert result.selfcheck is not None and result.rounds == rounds
    everybody = [row.samples for row in result.rows] + [result.selfcheck.twin, result.selfcheck.slowed]
    for samples in everybody:
        lengths = [len(group) for group in samples]
        assert sum(lengths) == processes * rounds
        assert lengths[1:-1] == [rounds] * (len(lengths) - 2)
        assert len(lengths) == processes + (lengths[0] < rounds)
    # The first ones end in every round that they can, so that not all are renewed at once.
    assert {len(samples[0]) for samples in everybody} == set(range(1, rounds + 1))
    assert len(started) == sum(map(len, everybody))


def test_the_whole_order_depends_on_the_seed_alone(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def order(seed: int) -> list[str]:
        taken: list[str] = []

        def sample(entry: Entry, limit: float) -> None:
            entry.row.runs[-1].values.append(1e-6)
            taken.append(entry.name)

        monkeypatch.setattr(Entry, "sample", sample)
        started.clear()
        raced(5, Plan(processes=5, rounds=2, seed=seed))
        return [*started, *taken]

    assert order(1) == order(1) != order(2)


def test_a_process_ends_before_the_next_one_is_started(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    log: list[str] = []

    class Logs(Fake):
        def __init__(self, name: str) -> None:
            super().__init__(1 << 30)
            self.name = name
            log.append(f"start {name}")

        def end(self) -> None:
            if not self.ended:
                log.append(f"end {self.name}")
            super().end()

    subject = Subject(an_implementation("c"))
    Entry(subject, GIVEN, UNWRITTEN)
    monkeypatch.setattr(Entry, "verify", lambda entry, limit: None)
    monkeypatch.setattr("doubles_lab.measure.subject.load", lambda process, implementation, limit: "")
    monkeypatch.setattr(Logs, "facts", {}, raising=False)
    names = iter("abc")
    monkeypatch.setattr(Subject.start, "__defaults__", (lambda: Logs(next(names)),))
    for _ in range(3):
        subject.renew(1.0)
    subject.end()
    assert log == ["start a", "end a", "start b", "end b", "start c", "end c"]


def test_every_process_is_ended(started: list[str]) -> None:
    some = [entry.subject for entry in entries(3)]
    fakes: list[Fake] = []

    class Noted(Rounds):
        def after(self, number: int, total: int) -> None:
            fakes.extend(subject.process for subject in some)  # type: ignore[misc]

    Noted("a", some, Plan(processes=4, rounds=2), Watcher()).run()
    assert len(set(map(id, fakes))) > 3 and all(fake.ended for fake in fakes)
    assert not any(subject.process for subject in some)


def test_one_that_falls_out_is_not_renewed_and_the_others_go_on(
    started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sample(entry: Entry, limit: float) -> None:
        entry.row.runs[-1].values.append(1e-6)
        if entry.name == "c1" and len(entry.row.runs) == 2:
            raise Out("failed", "crashed")

    monkeypatch.setattr(Entry, "sample", sample)
    result = raced(4, Plan(processes=6, rounds=2))
    assert [sum(map(len, row.samples)) for row in result.rows if row.contender != "c1"] == [12] * 3
    assert started.count("c1") == 2
    assert result.rows[1].status == "failed"


def test_an_interrupt_keeps_what_was_measured(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0

    def sample(entry: Entry, limit: float) -> None:
        nonlocal taken
        taken += 1
        if taken > 20:
            raise KeyboardInterrupt
        entry.row.runs[-1].values.append(1e-6)

    monkeypatch.setattr(Entry, "sample", sample)
    result = CaseRecord("a", "a case", "characters")
    with pytest.raises(KeyboardInterrupt):
        race.race({GIVEN: result}, [an_implementation(f"c{i}") for i in range(3)], FULL, Watcher())
    assert sum(len(group) for row in result.rows for group in row.samples) > 0
    assert all(group for row in result.rows for group in row.samples)
    assert result.selfcheck is not None and result.selfcheck.twin


def test_samples_are_kept_after_many_times_what_that_takes_and_at_the_end(
    started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, kept, told = 0, [], []

    def sample(entry: Entry, limit: float) -> None:
        nonlocal taken
        taken += 1
        entry.row.runs[-1].values.append(1e-6)

    class Told(Watcher):
        def doing(self, what: str) -> None:
            told.append(what)

    saving = 0.0

    def keep() -> None:
        nonlocal saving
        kept.append(taken // 3)
        saving += 0.25

    # One implementation, its twin and the slowed one: a round a second; and a quarter of one to save.
    clock = SimpleNamespace(monotonic=lambda: taken // 3 + saving)
    monkeypatch.setattr(race, "time", clock)
    monkeypatch.setattr(schedule, "time", clock)
    monkeypatch.setattr(Entry, "sample", sample)
    implementations = [an_implementation("c0")]
    result = CaseRecord("a", "a case", "characters")
    race.race({GIVEN: result}, implementations, Plan(processes=5, rounds=4), Told(), keep=keep)
    assert kept == [1, 7, 13, 19, 20]
    rounds = [what for what in told if "round" in what]
    assert rounds == [f"c0, round {number}{' of 20' * (number > 1)}" for number in range(1, 21) for _ in range(3)]


def test_a_budget_holds_what_it_took_to_start(started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting the implementation, its twin and the slowed one takes 5 s: a minute has time for twelve of each."""
    clock = SimpleNamespace(monotonic=lambda: 100.0 + 5 * (len(started) >= 3))
    monkeypatch.setattr(schedule, "time", clock)
    result = raced(1, budgeted(FULL, 60.5))
    assert result.rounds == 5
    assert sum(map(len, result.rows[0].samples)) == 60


def test_too_few_processes_are_raced_without_a_check(started: list[str]) -> None:
    result = raced(3, Plan(processes=4, rounds=2))
    assert result.selfcheck is not None and result.selfcheck.reason.startswith("4 processes")
    assert set(started) == {"c0", "c1", "c2"}
    assert raced(3, Plan(processes=5, rounds=2)).selfcheck.reason == ""  # type: ignore[union-attr]


def orders_of(some: list[Entry], rounds: int, seed: int = 1) -> list[list[Entry]]:
    """The orders that so many rounds are run in."""
    order: list[Entry] = []
    steps: list[int] = []

    class Steps(Watcher):
        def step(self, count: int = 1) -> None:
            steps.append(count)

    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Entry, "sample", lambda entry, limit: order.append(entry))
        made_up = Rounds("a", [entry.subject for entry in some], Plan(seed=seed), Steps())
        for number in range(rounds):
            made_up._round(number, "round 1", OneCpu())
            found.append(list(order))
            order.clear()
    assert sum(steps) == len(some) * rounds
    return found


def test_everybody_has_one_turn_a_round_in_an_order_drawn_anew() -> None:
    some = entries(8)
    for entry in some:
        entry.subject.left = 7
    orders = orders_of(some, 5)
    for order in orders:
        assert {id(entry) for entry in order} == {id(entry) for entry in some} and len(order) == 8
    assert len({tuple(map(id, order)) for order in orders}) == 5
    assert [entry.subject.left for entry in some] == [2] * 8


def test_the_lab_s_own_take_turns_at_any_place() -> None:
    some = entries(4)
    places = Counter(order.index(some[-1]) for order in orders_of(some, 300))
    assert set(places) == {0, 1, 2, 3} and min(places.values()) > 20


def test_the_order_of_the_others_does_not_depend_on_who_is_out_or_joins() -> None:
    def order(out: int, joining: int) -> list[list[str]]:
        some = entries(5 + joining)
        some[out].out = True
        return [[entry.name for entry in each if entry.name < "c3"] for each in orders_of(some, 4)]

    assert order(3, 0) == order(4, 0) == order(4, 3)
    some = entries(3)
    some[1].out = True
    assert {entry.name for entry in orders_of(some, 1)[0]} == {"c0", "c2"}


@pytest.fixture
def affinities(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, set[int]]]:
    """What was asked of the system, in place of doing it; it has CPUs 2, 3 and 5."""
    asked: list[tuple[int, set[int]]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {2, 3, 5}, raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", lambda pid, cpus: asked.append((pid, set(cpus))), raising=False)
    return asked


def test_the_lab_is_kept_on_one_cpu_and_may_run_anywhere_afterwards(affinities: list[tuple[int, set[int]]]) -> None:
    with one_cpu() as cpu:
        assert affinities == [(0, {5})]
        cpu.keep([7, 8])
        assert affinities[1:] == [(7, {5}), (8, {5})]
    assert affinities[3:] == [(0, {2, 3, 5})]


def test_it_is_let_go_of_whatever_happens(affinities: list[tuple[int, set[int]]]) -> None:
    with pytest.raises(KeyboardInterrupt), one_cpu():
        raise KeyboardInterrupt
    assert affinities[-1] == (0, {2, 3, 5})


def test_processes_are_started_anywhere_and_the_lab_is_kept_again(affinities: list[tuple[int, set[int]]]) -> None:
    cpu = OneCpu()
    with cpu.let_go():
        assert affinities == [(0, {2, 3, 5})]
    assert affinities[1:] == [(0, {5})]
    with pytest.raises(ValueError, match="x"), cpu.let_go():
        raise ValueError("x")
    assert affinities[2:] == [(0, {2, 3, 5}), (0, {5})]


def test_a_process_that_is_gone_is_no_error(
    affinities: list[tuple[int, set[int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(pid: int, cpus: set[int]) -> None:
        raise ProcessLookupError

    monkeypatch.setattr(os, "sched_setaffinity", fails)
    OneCpu().keep([1, 2])


def test_where_the_system_cannot_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_setaffinity", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    with one_cpu() as cpu, cpu.let_go():
        cpu.keep([0])


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no affinity")
def test_the_affinity_of_this_process_is_restored() -> None:
    before = os.sched_getaffinity(0)
    with one_cpu() as cpu:
        assert os.sched_getaffinity(0) == {max(before)}
        with cpu.let_go():
            assert os.sched_getaffinity(0) == before
        assert os.sched_getaffinity(0) == {max(before)}
    assert os.sched_getaffinity(0) == before


def a_race(count: int, result: CaseRecord) -> race.Race:
    """A race that is not run."""
    return race.Race({GIVEN: result}, entries(count), UNWRITTEN, Plan(processes=1), Watcher(), lambda: None)


@pytest.mark.parametrize(("total", "times"), [(1, 1), (3, 3), (10, 10), (50, 10), (7, 7), (25, 9)])
def test_the_machine_is_looked_at_ten_times_a_race_and_at_the_end(
    monkeypatch: pytest.MonkeyPatch, total: int, times: int
) -> None:
    at = [0.0]
    monkeypatch.setattr(
        conditions, "read", lambda workers: conditions.Reading(at[0], 1.0, at[0], at[0], 0.0, None, *list(workers)[:0])
    )
    result = CaseRecord("a", "a case", "characters")
    raced = a_race(0, result)
    raced.joining()
    for number in range(total):
        at[0] += 1.0
        raced.after(number, total)
    assert len(result.conditions) == times
    assert sum(each.seconds for each in result.conditions) == total


def test_the_lab_s_processes_are_told_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[int]] = []

    def read(workers: Iterable[int]) -> conditions.Reading:
        asked.append(list(workers))
        return conditions.Reading(0.0, None, 0.0, 0.0, None, None)

    monkeypatch.setattr(conditions, "read", read)
    raced = a_race(3, CaseRecord("a", "a case", "characters"))
    raced.subjects[0].process, raced.subjects[2].process = Fake(11), Fake(13)  # type: ignore[assignment]
    raced.joining()
    raced.after(0, 1)
    assert asked == [[11, 13]] * 2


def test_steps_for_a_progress_bar() -> None:
    plan = Plan(processes=10, rounds=5)
    assert Rounds("a", [entry.subject for entry in entries(7)], plan, Watcher()).steps == 7 * 10 * (5 + 4)


def test_a_worker_imports_no_more_than_a_race_needs() -> None:
    """A race starts hundreds of workers, whose start takes mostly imports."""
    code = "import sys, doubles_lab.measure.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "doubles_lab.measure.timing" in loaded
    dear = (
        "importlib.metadata",
        "numpy",
        "hypothesis",
        "msgspec",
        "rich",
        "doubles_lab.ceiling",
        "doubles_lab.scaffold",
    )
    assert not [name for name in dear if name in loaded]

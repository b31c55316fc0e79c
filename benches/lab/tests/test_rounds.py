"""Rounds over the subjects of a question: ten processes of each, renewed in different rounds, on one CPU."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

import pytest
from conftest import an_implementation

from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.process import Process
from doubles_lab.measure.schedule import OneCpu, Plan, Rounds
from doubles_lab.measure.subject import MEASURED, Cell, Out, Subject, settled


class Fake:
    """A process that does nothing."""

    pid = 1 << 30

    def end(self) -> None:
        """Nothing is there to end."""


class MadeUp(Subject):
    """A subject whose processes are made up."""

    trials: list[Sample]  # type: ignore[assignment]

    def __init__(self, name: str, log: list[str], crashes: Callable[[int], bool] = lambda number: False) -> None:
        super().__init__(an_implementation("made-up"))
        self.name, self.log, self.crashes = name, log, crashes
        self.processes = 0
        for _ in range(2):
            Sample(self)

    def start(self, limit: float, process: Callable[[], Process] = Process) -> None:
        self.processes += 1
        self.process = Fake()  # type: ignore[assignment]


class Sample(Cell):
    """A trial that records the process that each sample is of."""

    def warm_up(self, limit: float) -> None:
        pass

    def sample(self, limit: float) -> None:
        subject = self.subject
        assert isinstance(subject, MadeUp)
        subject.log.append(subject.name)
        if subject.crashes(len(self.data["seconds"])) and self is subject.trials[0]:
            subject.process = None
            raise Out("failed", "crashed")
        self.data["seconds"][-1].append(float(subject.processes))


def run(subjects: list[MadeUp], seconds: float = 1e6, rounds: int = 4, budgeted: bool = False) -> Rounds:
    plan = Plan(rounds=rounds, case_seconds=seconds, budgeted=True, fewest=2 if budgeted else 10, seed=7)
    found = Rounds("made up", subjects, plan, Watcher())
    found.run()
    return found


def test_each_has_ten_processes_that_end_in_different_rounds() -> None:
    log: list[str] = []
    subjects = [MadeUp(f"s{i}", []) for i in range(8)]
    for subject in subjects:
        subject.log = log
    found = run(subjects)
    assert (found.processes, found.rounds) == (10, 4)
    for subject in subjects:
        for trial in subject.trials:
            groups = trial.data["seconds"]
            assert sum(map(len, groups)) == 40 and 10 <= len(groups) <= 11
            # A group holds the samples of one process, whose number they are.
            assert [set(group) for group in groups] == [{float(n)} for n in range(1, len(groups) + 1)]
            assert all(len(group) <= 4 for group in groups)
    assert {len(subject.trials[0].data["seconds"][0]) for subject in subjects} == {1, 2, 3, 4}
    turns = [log[at : at + 16 : 2] for at in range(0, len(log), 16)]
    assert all(sorted(turn) == sorted(subject.name for subject in subjects) for turn in turns)
    assert len({tuple(turn) for turn in turns}) > 30


def test_a_crash_puts_one_trial_out_and_the_other_has_a_new_process() -> None:
    subject = MadeUp("s", [], crashes=lambda number: number == 3)
    run([subject, MadeUp("t", [])])
    first, second = subject.trials
    assert (first.data["status"], first.data["reason"], first.data["seconds"]) == ("failed", "crashed", [])
    assert second.data["status"] == MEASURED and sum(map(len, second.data["seconds"])) == 40


def test_rounds_are_cut_before_processes_and_those_only_within_a_budget() -> None:
    found = run([MadeUp("s", [])], seconds=0.0)
    assert (found.processes, found.rounds) == (10, 1)
    found = run([MadeUp("s", [])], seconds=0.0, budgeted=True)
    assert (found.processes, found.rounds) == (2, 1)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system has no affinity")
@pytest.mark.parametrize("broken_off", [False, True])
def test_all_of_it_is_on_one_cpu_which_is_let_go_of(monkeypatch: pytest.MonkeyPatch, broken_off: bool) -> None:
    before = os.sched_getaffinity(0)
    kept: list[int] = []
    keep = OneCpu.keep

    def keeps(cpu: OneCpu, pids: Iterable[int]) -> None:
        pids = list(pids)
        kept.extend(pids)
        keep(cpu, pids)

    monkeypatch.setattr(OneCpu, "keep", keeps)
    seen: list[set[int]] = []

    class Looks(Watcher):
        def doing(self, what: str) -> None:
            if "round" in what:
                seen.append(os.sched_getaffinity(0))
                if broken_off and len(seen) == 5:
                    raise KeyboardInterrupt

    rounds = Rounds("made up", [MadeUp("s", [])], Plan(rounds=2, seed=7), Looks())
    if broken_off:
        with pytest.raises(KeyboardInterrupt):
            rounds.run()
    else:
        rounds.run()
    assert seen == [{max(before)}] * len(seen) and len(seen) >= 5
    assert os.sched_getaffinity(0) == before
    # Each of the subject's processes as well.
    assert kept.count(Fake.pid) >= 3


@pytest.mark.parametrize(("each", "calls"), [(1e-6, 1000), (1e-4, 10), (0.1, 1)])
def test_the_calls_of_a_sample_are_settled(each: float, calls: int) -> None:
    assert settled(lambda loops: loops * each, 1e-3) == calls

"""Time over size: sizes, plans, and one small race."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import pytest
from conftest import Plant

from doubles_lab import registry
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.process import Scratch
from doubles_lab.problems.count_doubles import oracle
from doubles_lab.questions import curves
from doubles_lab.questions.answer import Interrupted, Setting


def test_sizes() -> None:
    sizes = curves.sizes_up_to(1 << 26, 4)
    assert sizes[0] == 0 and sizes[1] == 1 and sizes[-1] == 1 << 26 and sizes == sorted(set(sizes))
    assert len([size for size in sizes if 1000 <= size < 10000]) == 4
    assert all(b / a > 1.25 for a, b in zip(sizes[1:], sizes[2:]))


def test_the_counts_of_prefixes_are_the_oracle_s() -> None:
    with Scratch() as scratch:
        prefixes = curves.Prefixes(5000, scratch)
        for size in (0, 1, 2, 3, 700, 5000):
            given = prefixes.get(size)
            assert given.text is not None and len(given.text) == size
            assert given.expected == oracle.count_doubles(given.text)
            request = prefixes.files.request(given)
            assert pickle.loads(Path(request["arguments"]).read_bytes()) == ((given.text,), {})
            assert prefixes.get(size) is given and prefixes.files.request(given) == request


def test_a_plan_fits_its_time() -> None:
    for seconds in (5.0, 25.0, 120.0, 600.0):
        for contenders in (1, 3, 45, 60):
            plan = curves.plan_for(seconds, contenders, 1 << 36)
            assert max(plan.sizes) == curves.LARGEST or seconds / contenders < 12
            samples = contenders * len(plan.sizes) * (plan.processes * (plan.rounds + 1) + 2)
            assert samples * plan.sample_ms / 1000 <= max(0.31 * seconds, samples * 0.3 / 1000)
            assert 0 < plan.longest <= curves.LONGEST and plan.processes == 10


def test_a_plan_fits_the_memory() -> None:
    for available in (1 << 28, 1 << 32, 1 << 36):
        for contenders in (1, 66):
            largest = max(curves.plan_for(1000.0, contenders, available).sizes)
            assert largest * contenders * curves.HELD <= available
            assert largest == curves.LARGEST or largest * contenders * curves.HELD > available / 2


SOURCE = """
def exact(val): return sum(map(eq, val, val[1:]))
from operator import eq
calls = itertools.count()
def slow(val):
    time.sleep(len(val) * 1e-4)
    return exact(val)
IMPLEMENTATIONS = [
    contender("good", exact),
    contender("slow", slow),
    contender("liar", lambda val: exact(val) + (len(val) > 50)),
    contender("tired", lambda val: exact(val) + (next(calls) > 200)),
    contender("gone", lambda val: os._exit(3) if len(val) == 10 else exact(val)),
    contender("picky", lambda val: exact(val) if val else [][0],
              divergences=(Divergence("no empty text", lambda text: None if text else Raises("IndexError")),)),
    contender("never", lambda val: [][0], divergences=(Divergence("raises", lambda text: Raises("IndexError")),)),
    contender("absent", load=lambda: (_ for _ in ()).throw(Unavailable("needs a thing"))),
]
"""


def setting(plant: Plant, watcher: Watcher | None = None) -> Setting:
    contenders = [each for file in plant(SOURCE).glob("*.py") for each in registry.implementations_in(file)]
    return Setting(contenders, 10.0, limit=5.0, watcher=watcher or Watcher())


PLAN = curves.Plan(sizes=(0, 1, 10, 100, 1000, 10_000), processes=2, rounds=3, sample_ms=0.5, longest=0.05)


def test_curves_of_planted_contenders(plant: Plant) -> None:
    given = setting(plant)
    data = json.loads(json.dumps(curves.measure(given.contenders, PLAN, given)))
    found = {curve.name: curve for curve in curves.read(data)}
    good = found["good"]
    assert sorted(good.times) == [0, 1, 10, 100, 1000, 10_000]
    assert all([len(group) for group in groups] == [3, 3] for groups in good.times.values())
    assert good.median(10_000) > good.median(0)
    assert data["processes"] == 2 and data["stopped"] == ""
    assert [len(each["slowed"]) for each in data["selfchecks"].values()] == [2, 2, 2]
    # 1,000 characters would take it 0.1 s.
    assert max(found["slow"].times) == 100 and "1,000 characters would take" in found["slow"].ended
    assert (found["liar"].status, found["liar"].times) == ("wrong", {})
    assert (found["tired"].status, found["tired"].times) == ("wrong", {})
    assert found["gone"].status == "failed" and "exit code 3" in found["gone"].reason and not found["gone"].times
    assert sorted(found["picky"].times) == [1, 10, 100, 1000, 10_000]
    assert not found["never"].times and "IndexError" in found["never"].reason
    assert (found["absent"].status, found["absent"].reason) == ("unavailable", "needs a thing")
    assert set(curves.broken(list(found.values()))) == {"liar", "tired", "gone"}
    assert {name for name, _ in curves.missing(list(found.values()))} == {"liar", "tired", "gone", "never", "absent"}


def test_an_interrupt_keeps_the_curves_so_far(plant: Plant) -> None:
    class Impatient(Watcher):
        def doing(self, what: str) -> None:
            if what.startswith("100 letters") and "round 2" in what:
                raise KeyboardInterrupt

    given = setting(plant, Impatient())
    with pytest.raises(Interrupted) as interrupt:
        curves.measure(given.contenders, PLAN, given)
    found = {curve.name: curve for curve in curves.read(interrupt.value.data)}
    assert sorted(found["good"].times) == [0, 1, 10]
    assert interrupt.value.data["processes"] == 0


def test_curves_are_measured_once(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    given = setting(plant)
    monkeypatch.setattr(curves, "plan_for", lambda *_: PLAN)
    first = curves.measured(given)
    monkeypatch.setattr(curves, "measure", None)
    assert curves.measured(given) is first


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system has no affinity")
def test_curves_are_measured_on_one_cpu_which_is_let_go_of(plant: Plant) -> None:
    before = os.sched_getaffinity(0)
    seen: list[set[int]] = []

    class Looks(Watcher):
        def doing(self, what: str) -> None:
            if "round 1" in what:
                seen.append(os.sched_getaffinity(0))
                if len(seen) == 5:
                    raise KeyboardInterrupt

    given = setting(plant, Looks())
    with pytest.raises(Interrupted):
        curves.measure(given.contenders[:2], PLAN, given)
    assert seen == [{max(before)}] * 5 and os.sched_getaffinity(0) == before


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system has no affinity")
def test_one_with_several_threads_may_run_on_every_cpu(plant: Plant) -> None:
    cpus = len(os.sched_getaffinity(0))
    source = f"""
cpus = lambda: len(os.sched_getaffinity(0))
IMPLEMENTATIONS = [
    contender("one", lambda val: right(val) if cpus() == 1 or len(val) == 0 else -1),
    contender("many", lambda val: right(val) if cpus() == {cpus} else -1, tags=("threads",)),
]
"""
    contenders = registry.implementations_in(plant(source) / "planted.py")
    plan = curves.Plan(sizes=(0, 10, 100), processes=1, rounds=1, sample_ms=0.5)
    found = curves.measure(contenders, plan, Setting(contenders, 10.0, limit=5.0))
    assert [each["status"] for each in found["contenders"]] == ["ranked", "ranked"], found["contenders"]

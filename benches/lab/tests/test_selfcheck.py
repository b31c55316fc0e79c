"""The lab's check of itself: on samples that are made up, and in races."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import SHORT, Lab, Plant
from rich.console import Console
from test_saved import a_record, a_row

from doubles_lab import registry
from doubles_lab.case import Case, Input
from doubles_lab.measure import conditions, race, selfcheck
from doubles_lab.report import chart, exports, table
from doubles_lab.results import saved
from doubles_lab.results.record import CaseRecord, Conditions, Record, Run, SelfCheck
from doubles_lab.results.verdict import judge

#: The fewest rounds after which the lab checks itself.
ENOUGH = ("--rounds", 6)
QUIET = Conditions(10.0, load_before=1.0, load_after=1.0, others=0.02, stolen=0.0, mhz_before=3000, mhz_after=3000)

#: Seconds a call of one entry in each round of a process.
Noise = Callable[[np.random.Generator, int], Any]


def quiet(rng: np.random.Generator, rounds: int) -> Any:
    """Processes 0.3 % apart, samples 1 % apart, and one in twenty up to a third slower."""
    late = (rng.random(rounds) < 0.05) * rng.random(rounds) / 3
    return 1e-6 * rng.normal(1, 0.003) * rng.normal(1, 0.01, rounds) * (1 + late)


def disturbed(rng: np.random.Generator, rounds: int) -> Any:
    """Neighbours that take what they will: samples up to three times as long."""
    return 1e-6 * rng.normal(1, 0.01, rounds) * rng.uniform(1, 3, rounds)


def checked(
    noise: Noise, seed: int = 0, processes: int = 5, rounds: int = 25, twin: float = 1.0, slowed: float = 1.05
) -> CaseRecord:
    """A case whose self-check has samples with this noise, and these ratios."""
    rng = np.random.default_rng(seed)

    def samples(ratio: float) -> list[list[float]]:
        return [list(noise(rng, rounds) * ratio) for _ in range(processes)]

    case = a_record(a_row("slow", 2e-3), a_row("fast", 1e-6)).cases[0]
    case.selfcheck = SelfCheck(
        "fast", 0.05, 6, [20] * processes, original=samples(1), twin=samples(twin), slowed=samples(slowed)
    )
    case.conditions = [QUIET] * processes
    return case


def found(case: CaseRecord) -> selfcheck.Finding:
    """What the self-check of a case came to."""
    finding = selfcheck.examine(case)
    assert finding is not None
    return finding


@pytest.mark.parametrize(("processes", "rounds"), [(5, 25), (3, 10)])
def test_a_quiet_run_passes_every_time(processes: int, rounds: int) -> None:
    for seed in range(20):
        finding = found(checked(quiet, seed, processes, rounds))
        assert finding.trustworthy, finding
        assert finding.disturbances == ()
        assert finding.twin is not None and finding.slowed is not None
        assert abs(finding.twin.value - 1) < 0.02 and finding.slowed.low > 1.01


def test_a_twin_that_differs_is_a_fault() -> None:
    for ratio in (0.96, 1.04):
        finding = found(checked(quiet, twin=ratio))
        assert not finding.trustworthy
        assert "fast entered twice came out at" in finding.faults[0]


@pytest.mark.parametrize("ratio", [1.0, 1.02, 1.09, 0.95])
def test_one_that_is_not_slowed_as_it_was_is_a_fault(ratio: float) -> None:
    finding = found(checked(quiet, slowed=ratio))
    assert [fault for fault in finding.faults if "slowed by 5%" in fault] == list(finding.faults) != []


def test_a_disturbed_run_is_flagged_nearly_every_time() -> None:
    flagged = [not found(checked(disturbed, seed, 3, 10)).trustworthy for seed in range(20)]
    assert sum(flagged) >= 18


def test_an_interval_too_wide_to_tell_anything_is_a_fault() -> None:
    def wide(rng: np.random.Generator, rounds: int) -> Any:
        return 1e-6 * rng.uniform(0.5, 1.5) * rng.normal(1, 0.01, rounds)

    flagged = [found(checked(wide, seed)) for seed in range(10)]
    assert all(any("too wide to tell 5%" in fault for fault in finding.faults) for finding in flagged)


def test_a_small_difference_is_no_fault_though_the_interval_excludes_it() -> None:
    def exact(rng: np.random.Generator, rounds: int) -> Any:
        return np.full(rounds, 1e-6)

    assert found(checked(exact, twin=1.02)).trustworthy
    assert not found(checked(exact, twin=1.03)).trustworthy


def test_too_few_samples_are_a_fault() -> None:
    finding = found(checked(quiet, processes=1, rounds=3))
    assert "3 samples are too few to tell anything; it takes 30" in finding.faults
    assert "there were only 3 samples" in finding.disturbances


def test_no_rounds_and_no_contender_are_faults() -> None:
    case = checked(quiet, rounds=0)
    assert "no round was finished" in found(case).faults[0]
    assert case.selfcheck is not None
    case.selfcheck.reason = "crashed: SIGSEGV"
    assert "could not check itself: crashed: SIGSEGV" in found(case).faults[0]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"others": 0.9}, "other processes kept 0.9 CPUs busy"),
        ({"stolen": 0.3}, "the hypervisor gave 0.30 CPUs to other machines"),
        ({"load_after": 3.5}, "the load average was 1.0 before the rounds and 3.5 after them, at most 3.5"),
        ({"mhz_after": 1500.0}, "the CPU's frequency went from 1,500 to 3,000 MHz"),
        ({}, "nothing that the lab watches shows why"),
    ],
)
def test_what_disturbed_it_is_said(facts: dict[str, float], said: str) -> None:
    case = checked(quiet, twin=1.1)
    case.conditions = [Conditions(**{**vars(QUIET), **facts})]
    told = found(case).disturbances
    assert len(told) == 1 and said in told[0]


def test_what_the_samples_show_is_said() -> None:
    case = checked(quiet, twin=1.1)
    assert case.selfcheck is not None
    case.selfcheck.original[0] = [value * 1.3 for value in case.selfcheck.original[0]]
    assert any("longer in one process than in another" in told for told in found(case).disturbances)
    noisy = checked(disturbed, twin=1.2)
    assert any("off their median" in told for told in found(noisy).disturbances)


def test_where_nothing_tells_nothing_is_claimed() -> None:
    case = checked(quiet, twin=1.1)
    case.conditions = [Conditions(1.0)]
    assert found(case).disturbances == (
        "nothing that the lab watches shows why: others' CPU time, load, frequency, samples",
    )


def a_doubtful_record() -> Record:
    result = a_record()
    result.cases = [checked(quiet, twin=1.1)]
    result.cases[0].conditions = [Conditions(10.0, others=0.9)]
    return result


def test_a_doubtful_run_says_so_everywhere() -> None:
    result = a_doubtful_record()
    judged = judge(result)
    said = "NOT TRUSTWORTHY, the lab failed its own check on case"
    console = Console(width=80, file=io.StringIO(), highlight=False)
    table.show(result, judged, console)
    shown = " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]
    assert said in shown and "other processes kept 0.9 CPUs busy" in shown
    assert said in exports.as_markdown(result, judged)
    data = json.loads(exports.as_json(result, judged))
    assert data["trustworthy"] is False
    assert data["selfchecks"][0]["faults"] and data["conditions"]["case"][0]["others"] == 0.9
    assert {row["trustworthy"] for row in csv.DictReader(io.StringIO(exports.as_csv(result, judged)))} == {"False"}
    subtitle = chart.picture(result.cases[0], judged["case"], result)["title"]["subtitle"]
    assert any(said in line for line in subtitle)


def test_a_run_that_passed_says_so() -> None:
    result = a_record()
    result.cases = [checked(quiet)]
    judged = judge(result)
    text = exports.as_markdown(result, judged)
    assert "Self-check passed: fast entered twice took 1.0" in text and "NOT TRUSTWORTHY" not in text
    assert json.loads(exports.as_json(result, judged))["trustworthy"] is True
    subtitle = chart.picture(result.cases[0], judged["case"], result)["title"]["subtitle"]
    assert not any("TRUSTWORTHY" in line for line in subtitle)


def test_what_was_saved_before_there_were_self_checks_is_shown() -> None:
    result = a_record(a_row("slow", 1e-3))
    assert selfcheck.findings(result) == []
    assert json.loads(exports.as_json(result, judge(result)))["trustworthy"] is None


@pytest.mark.parametrize(
    ("seconds", "length", "expected"),
    [(1e-6, 1000, 1000), (1e-6, 10**6, 1 << 14), (15e-3, 10**6, 10**5 // 10), (1.0, 3, 1), (0.0, 0, 0)],
)
def test_so_much_of_the_input_lets_twenty_calls_fit_a_sample(seconds: float, length: int, expected: int) -> None:
    assert selfcheck.part(seconds, length, 3e-3) == pytest.approx(expected, abs=1)


def test_calls_can_be_slowed_by_five_percent_exactly() -> None:
    for settled in (1, 19, 20, 21, 12345):
        loops = selfcheck.loops(settled)
        assert loops >= settled and loops - settled < 20
        assert round(loops * selfcheck.SLOWDOWN) == loops * 0.05 == pytest.approx(loops / 20)


def test_a_run_checks_itself_by_its_fastest(lab: Lab, plant: Plant) -> None:
    source = """
def slow(val):
    time.sleep(0.002)
    return right(val)
CONTENDERS = [contender('slow', slow), contender('fast', right)]
"""
    chosen = ("--contender", "slow", "--contender", "fast", "--case", "size-1k")
    done = lab("run", "--contenders", plant(source), *chosen, *SHORT, *ENOUGH)
    assert done.returncode == 0
    result = saved.read(lab.record_file)
    check = result.cases[0].selfcheck
    assert check is not None and check.reason == ""
    assert (check.contender, check.length) == ("fast", 1024)
    assert [[len(values) for values in each] for each in (check.original, check.twin, check.slowed)] == [[6] * 5] * 3
    assert all(loops % 20 == 0 for loops in check.loops)
    assert len(result.cases[0].conditions) == 1
    assert ("Self-check passed" in done.stdout) != ("NOT TRUSTWORTHY" in done.stdout)
    assert [row.contender for row in result.cases[0].rows] == ["slow", "fast"]


def test_where_no_contender_will_do_a_plain_loop_does(lab: Lab, plant: Plant) -> None:
    source = """
def sleepy(val):
    time.sleep(0.05)
    return right(val)
CONTENDERS = [contender('sleepy', sleepy)]
"""
    lab("run", "--contenders", plant(source), "--contender", "sleepy", "--case", "size-1k", *SHORT, *ENOUGH)
    check = saved.read(lab.record_file).cases[0].selfcheck
    assert check is not None and check.contender == "python-zip" and check.original


def test_a_race_too_short_to_check_itself_says_so_and_does_not_try(lab: Lab) -> None:
    done = lab("run", "--case", "size-1k", "--contender", "python-zip", *SHORT)
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert (
        "NOT TRUSTWORTHY, the lab failed its own check on size-1k: the lab could not check itself: "
        "its 15 samples would be too few to tell anything; it takes 30, of more rounds." in said
    )
    assert "What disturbed it" not in said
    check = saved.read(lab.record_file).cases[0].selfcheck
    assert check is not None and (check.contender, check.original) == ("", [])
    shown = lab("report", lab.record_file)
    assert shown.returncode == 0 and "its 15 samples would be too few" in " ".join(shown.stdout.split())


@pytest.mark.parametrize(
    ("rounds", "processes", "enough"), [(1, 1, False), (5, 1, False), (6, 1, True), (3, 2, True), (25, 1, True)]
)
def test_so_many_rounds_are_enough(rounds: int, processes: int, enough: bool) -> None:
    assert (selfcheck.too_few(rounds, processes) == "") == enough
    if enough:
        assert rounds * processes * selfcheck.threes(rounds) >= selfcheck.FEWEST_SAMPLES


def test_the_slowed_one_makes_more_calls_that_are_not_counted(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = plant("CONTENDERS = [contender('counts', right)]")
    (contender,) = registry.contenders_in(directory / "planted.py")
    given = Input(Case("a", "a case", lambda: "aab"))
    asked: list[int] = []

    class Clock:
        """A process whose calls take a microsecond each."""

        def ask(self, do: str, limit: float, loops: int) -> dict[str, object]:
            asked.append(loops)
            return {"ns": loops * 1000, "counts": [[1, loops]]}

    for slowdown in (0.0, selfcheck.SLOWDOWN):
        entry = race.Entry(contender, given, slowdown)
        monkeypatch.setattr(entry, "process", Clock())
        entry.row.runs.append(Run(40, [], []))
        race.sample(entry, race.FULL)
        assert entry.row.runs[-1].values == [pytest.approx(1e-6 * (1 + slowdown))]
    assert asked == [40, 42]


def test_readings_tell_other_processes_from_our_own() -> None:
    import subprocess
    import sys
    import time

    spin = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass"
    busy = subprocess.Popen([sys.executable, "-c", spin + "\ntime.sleep(100)"])
    try:
        before = conditions.read([busy.pid])
        time.sleep(1.0)
        after = conditions.read([busy.pid])
    finally:
        busy.kill()
        busy.wait()
    assert after.ours - before.ours > 0.1
    assert after.busy - before.busy > 0.1
    told = conditions.between(before, after)
    assert told.others is not None
    assert told.seconds >= 1.0

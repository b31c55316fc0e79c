"""The lab's check of itself, on samples that are made up: what it must pass, what it must find, and what it says."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from conftest import UNWRITTEN, a_text, an_implementation
from test_saved import a_record, a_row

from doubles_lab.measure import race, selfcheck
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.schedule import Plan
from doubles_lab.measure.statistics import MARGIN, Estimate
from doubles_lab.measure.subject import Subject
from doubles_lab.results.record import CaseRecord, Conditions, Record, Run, SelfCheck

QUIET = Conditions(10.0, load_before=1.0, load_after=1.0, others=0.02, stolen=0.0, mhz_before=3000, mhz_after=3000)

#: Seconds a call of one entry in each round of a process.
Noise = Callable[[np.random.Generator, int], Any]


def quiet(rng: np.random.Generator, rounds: int) -> Any:
    """Processes 0.5 % apart, samples 1 % apart, and one in twenty up to a third slower."""
    late = (rng.random(rounds) < 0.05) * rng.random(rounds) / 3
    return 1e-6 * rng.normal(1, 0.005) * rng.normal(1, 0.01, rounds) * (1 + late)


def usual(rng: np.random.Generator, rounds: int) -> Any:
    """Processes 7 % apart, as in recorded runs."""
    return 1e-6 * np.exp(rng.normal(0, 0.07)) * rng.normal(1, 0.02, rounds)


def disturbed(rng: np.random.Generator, rounds: int) -> Any:
    """Processes that take what their neighbours leave: up to six times as long."""
    return 1e-6 * rng.uniform(1, 6) * rng.normal(1, 0.01, rounds)


def exact(rng: np.random.Generator, rounds: int) -> Any:
    """No noise at all."""
    return np.full(rounds, 1e-6)


def checked(
    noise: Noise,
    seed: int = 0,
    processes: int = 10,
    rounds: int = 5,
    twin: float = 1.0,
    slowed: float = 1 + selfcheck.SLOWDOWN,
) -> CaseRecord:
    """A case whose self-check has samples with this noise, and these ratios."""
    rng = np.random.default_rng(seed)

    def samples(ratio: float) -> list[list[float]]:
        return [list(noise(rng, rounds) * ratio) for _ in range(processes)]

    case = a_record(
        *(a_row(f"other{i}", 1e-3, runs=[Run(1, [], each) for each in samples(50)]) for i in range(4))
    ).cases[0]
    case.selfcheck = SelfCheck(
        "fast",
        selfcheck.SLOWDOWN,
        6,
        [20] * processes,
        original=samples(1),
        twin=samples(twin),
        slowed=samples(slowed),
    )
    case.conditions = [QUIET]
    return case


def found(case: CaseRecord) -> selfcheck.Finding:
    """What the self-check of a case came to."""
    finding = selfcheck.examine(case)
    assert finding is not None
    return finding


def trusted(noise: Noise, trials: int = 50, **more: Any) -> float:
    """How often a run with this noise is trusted."""
    return sum(found(checked(noise, seed, **more)).trustworthy for seed in range(trials)) / trials


@pytest.mark.parametrize(("processes", "rounds"), [(5, 5), (10, 3), (10, 5)])
def test_a_quiet_run_passes_every_time(processes: int, rounds: int) -> None:
    for seed in range(20):
        finding = found(checked(quiet, seed, processes, rounds))
        assert finding.trustworthy, finding
        assert finding.faults == finding.disturbances == ()
        assert finding.twin is not None and finding.slowed is not None
        assert abs(finding.twin.value - 1) < 0.05
        assert 1.1 < finding.slowed.low < 1.27 and 1.23 < finding.slowed.high < 1.4
        assert finding.resolution is not None and 0.001 < finding.resolution < 0.06


def test_a_run_as_they_are_passes_nearly_every_time() -> None:
    assert trusted(usual) >= 0.98


@pytest.mark.parametrize("ratio", [0.7, 0.9, 1.1, 1.4])
def test_a_twin_that_differs_is_found(ratio: float) -> None:
    finding = found(checked(quiet, twin=ratio))
    (fault,) = finding.faults
    assert not finding.trustworthy
    assert finding.twin is not None and finding.twin.low < ratio < finding.twin.high
    assert fault.startswith(f"fast entered twice came out at {ratio:.1f}") and fault.endswith("of itself, not at 1")


@pytest.mark.parametrize("ratio", [0.8, 1.0, 1.1, 1.4, 2.0])
def test_one_that_is_not_slowed_as_it_was_is_found(ratio: float) -> None:
    finding = found(checked(quiet, slowed=ratio))
    assert finding.faults[0].startswith(f"fast slowed by 25% came out at {ratio:.1f}"[:-1])
    assert finding.faults[0].endswith("of itself, not at 1.25")
    assert ["is not shown to be slower" in fault for fault in finding.faults[1:]] == [True] * (ratio <= 1)
    assert trusted(quiet, 10, slowed=ratio) == 0


def test_with_the_usual_noise_one_that_is_not_slowed_is_not_shown_to_be() -> None:
    for seed in range(20):
        finding = found(checked(usual, seed, slowed=1.0))
        if finding.trustworthy:
            raise AssertionError(finding)


def test_a_run_that_could_not_show_the_slowed_one_is_not_trusted() -> None:
    flagged = [found(checked(disturbed, seed)) for seed in range(20)]
    assert sum(any("is not shown to be slower" in fault for fault in each.faults) for each in flagged) >= 14
    # The interval says so, and no fault claims more than it.
    wide = next(each for each in flagged if each.faults)
    assert wide.faults[-1].startswith("fast slowed by 25%, ") and wide.slowed is not None and wide.slowed.low <= 1


def test_slower_begins_above_one() -> None:
    """Of the interval of 95 %, the lower end decides: it is what a reader sees."""
    assert "is not shown to be slower" in found(checked(exact, slowed=1.0)).faults[1]
    for seed in range(30):
        finding = found(checked(disturbed, seed))
        assert finding.slowed is not None
        assert any("is not shown" in fault for fault in finding.faults) == (finding.slowed.low <= 1)


def test_an_interval_that_holds_nearly_anything_shows_nothing() -> None:
    """Of a noisy run whose slowed one came out at three times the time, which its interval explains by chance."""
    said = "too wide an interval"
    wide = [found(checked(disturbed, seed, slowed=2.5)) for seed in range(60)]
    wide = [each for each in wide if each.slowed is not None and each.slowed.low > 1]
    assert len(wide) > 20
    for each in wide:
        assert each.slowed is not None
        assert any(said in fault for fault in each.faults) == (each.slowed.high > 1.25**2 * each.slowed.low)
        assert not each.trustworthy
    assert not any(said in fault for seed in range(30) for fault in found(checked(usual, seed)).faults)


def test_a_difference_within_the_margin_is_none() -> None:
    for ratio, trust in ((1.029, True), (1.031, False), (1 / 1.029, True), (1 / 1.031, False)):
        assert found(checked(exact, twin=ratio)).trustworthy == trust
        assert found(checked(exact, slowed=1.25 * ratio)).trustworthy == trust


@pytest.mark.parametrize("wanted", [1.0, 1.25])
def test_an_interval_holds_what_is_wanted_or_comes_as_close_as_the_margin(wanted: float) -> None:
    beyond = 1 + MARGIN
    for low, high, holds in [
        (0.9, 1.1, True),
        (beyond * 0.999, 1.2, True),
        (beyond * 1.001, 1.2, False),
        (0.8, 1 / beyond * 1.001, True),
        (0.8, 1 / beyond * 0.999, False),
    ]:
        assert selfcheck.holds(Estimate(wanted, wanted * low, wanted * high), wanted) == holds, (low, high)
    # Just as close is close enough.
    assert selfcheck.holds(Estimate(1.03, 1 + MARGIN, 1.1), 1.0)
    assert selfcheck.holds(Estimate(0.9, 0.8, 0.9), 0.9 * (1 + MARGIN))


def test_the_check_is_strict_so_that_chance_seldom_fails_it() -> None:
    """Between two twins that differ by chance alone, one interval of 95 % in twenty leaves 1 out."""
    missed = failed = 0
    for seed in range(200):
        finding = found(checked(usual, seed))
        assert finding.twin is not None
        missed += not finding.twin.low <= 1 <= finding.twin.high
        failed += not finding.trustworthy
    assert 3 <= missed <= 20
    assert failed <= 3


def test_too_few_processes_are_a_fault_whatever_they_come_to() -> None:
    finding = found(checked(exact, processes=4))
    assert finding.faults == ("4 processes of each are too few to tell anything; it takes 5",)
    assert "there were only 4 processes of each" in finding.disturbances
    assert found(checked(exact, processes=5)).trustworthy
    assert [selfcheck.too_few(count) == "" for count in (1, 4, 5, 10)] == [False, False, True, True]


def test_no_rounds_and_no_contender_are_faults() -> None:
    case = checked(quiet, rounds=0)
    assert found(case).faults == ("the lab could not check itself: no round was finished",)
    assert found(case).twin is found(case).slowed is None
    case = checked(quiet)
    assert case.selfcheck is not None
    case.selfcheck.reason = "crashed: SIGSEGV"
    assert found(case).faults == ("the lab could not check itself: crashed: SIGSEGV",)
    case = checked(quiet)
    assert case.selfcheck is not None
    case.selfcheck.slowed = []
    assert found(case).faults == ("the lab could not check itself: no round was finished",)


def test_one_process_is_not_enough_to_say_how_little_can_be_shown() -> None:
    finding = found(checked(quiet, processes=1))
    assert not finding.trustworthy and finding.resolution is None
    assert finding.slowed is not None and math.isinf(finding.slowed.high)


def test_the_resolution_is_that_of_the_contenders_and_not_of_the_lab_s_own() -> None:
    case = checked(quiet)
    case.rows = [a_row("once", 1e-3, runs=[Run(1, [], [1e-3, 1e-3])])]
    assert found(case).trustworthy and found(case).resolution is None


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"others": 0.9}, "other processes kept 0.9 CPUs busy"),
        ({"others": 0.1}, "other processes kept 0.1 CPUs busy"),
        ({"stolen": 0.3}, "the hypervisor gave 0.30 CPUs to other machines"),
        ({"stolen": 0.02}, "the hypervisor gave 0.02 CPUs to other machines"),
        ({"load_after": 3.5}, "the load average was 1.0 before the rounds and 3.5 after them, at most 3.5"),
        ({"load_before": 1.5}, "the load average was 1.5 before the rounds and 1.0 after them, at most 1.5"),
        ({"mhz_after": 1500.0}, "the CPU's frequency went from 1,500 to 3,000 MHz"),
        ({"mhz_after": 3150.0}, "nothing that the lab watches"),
        ({"others": 0.09, "stolen": 0.019, "load_after": 1.49, "mhz_after": 2860.0}, "nothing that the lab watches"),
        ({}, "nothing that the lab watches shows why"),
    ],
)
def test_what_disturbed_it_is_said(facts: dict[str, float], said: str) -> None:
    case = checked(quiet, twin=1.2)
    case.conditions = [Conditions(**{**msgspec.structs.asdict(QUIET), **facts})]
    told = found(case).disturbances
    assert len(told) == 1 and said in told[0]


def test_what_disturbed_it_is_a_mean_over_its_time() -> None:
    case = checked(quiet, twin=1.2)
    case.conditions = [
        Conditions(30.0, load_before=1.0, load_after=2.0, others=0.0),
        Conditions(10.0, load_before=4.0, load_after=1.0, others=2.0),
        Conditions(99.0),
    ]
    told = found(case).disturbances
    assert told[0] == "other processes kept 0.5 CPUs busy during the rounds"
    assert "was 1.0 before the rounds and 1.0 after them, at most 4.0" in told[1]


def test_without_samples_nothing_is_said_of_them() -> None:
    case = checked(exact, twin=9.0)
    assert case.selfcheck is not None
    case.selfcheck.original = [[] for _ in case.selfcheck.original]
    assert not [each for each in found(case).disturbances if "off their median" in each]


def test_what_the_samples_show_is_said() -> None:
    case = checked(exact, twin=9.0)
    assert case.selfcheck is not None
    for factor, base, said in (
        (1.3, 1.0, True),
        (1.06, 1.0, True),
        (1.05, 1.0, False),
        (1.04, 1.0, False),
        (1.3, 4.0, True),
        (1.04, 0.25, False),
    ):
        case.selfcheck.original = [[base * factor] * 5, *([[base] * 5] * 9)]
        told = [each for each in found(case).disturbances if "longer in one process than in another" in each]
        assert told == [f"the same work took up to {factor - 1:.0%} longer in one process than in another"] * said
    for spread, said in ((0.06, True), (0.04, False)):
        case.selfcheck.original = [[1e-6 * (1 - spread), 1e-6 * (1 - spread), 1e-6, 1e-6 * (1 + spread), 2e-6]] * 10
        told = [each for each in found(case).disturbances if "off their median" in each]
        assert told == [f"half of the samples of the same work were more than {spread:.0%} off their median"] * said
    for enough in (10, 11):
        assert "nothing that" in found(checked(exact, processes=enough, twin=1.2)).disturbances[0]
    few = found(checked(exact, processes=9, twin=1.2)).disturbances
    assert few == ("there were only 9 processes of each",)


def test_where_nothing_tells_nothing_is_claimed() -> None:
    case = checked(quiet, twin=1.2)
    case.conditions = [Conditions(1.0)]
    assert found(case).disturbances == (
        "nothing that the lab watches shows why: others' CPU time, load, frequency, processes",
    )


def a_doubtful_record() -> Record:
    """A record that failed its own check."""
    result = a_record()
    result.cases = [checked(quiet, twin=1.2)]
    result.cases[0].conditions = [Conditions(10.0, others=0.9)]
    return result


def test_what_it_says() -> None:
    passed, failed = (
        selfcheck.sentences(found(checked(exact))),
        selfcheck.sentences(selfcheck.findings(a_doubtful_record())[0]),
    )
    assert passed == [
        "Self-check passed: fast entered twice took 1.000 [1.000–1.000] of its time, "
        "and 1.250 [1.250–1.250] when slowed by 25%.",
        "This run can show differences of 0.0% between two contenders, no smaller ones.",
    ]
    of_the_lab = checked(exact)
    of_the_lab.selfcheck.contender = selfcheck.FALLBACK  # type: ignore[union-attr]
    assert selfcheck.sentences(found(of_the_lab))[0].startswith(
        "Self-check passed: python-zip, a loop of the lab's own, entered twice took 1.000"
    )
    assert failed[0].startswith(
        "NOT TRUSTWORTHY, the lab failed its own check on case: fast entered twice came out at 1."
    )
    assert failed[1] == "What disturbed it: other processes kept 0.9 CPUs busy during the rounds."
    silent = checked(exact)
    silent.selfcheck = SelfCheck("", selfcheck.SLOWDOWN, reason="too short")
    assert selfcheck.sentences(found(silent)) == [
        "NOT TRUSTWORTHY, the lab failed its own check on case: the lab could not check itself: too short."
    ]
    assert [selfcheck.share(each) for each in (0.0312, 0.0999, 0.1, 0.25)] == ["3.1%", "10.0%", "10%", "25%"]


def test_what_was_saved_before_there_were_self_checks_has_none() -> None:
    result = a_record(a_row("slow", 1e-3))
    assert selfcheck.findings(result) == []
    assert selfcheck.examine(result.cases[0]) is None


def test_every_case_has_a_finding_of_its_own() -> None:
    result = a_record()
    result.cases = [checked(quiet, twin=1.2), checked(quiet)]
    assert [each.trustworthy for each in selfcheck.findings(result)] == [False, True]


def test_the_levels_of_a_case_leave_out_what_is_not_timed() -> None:
    case = checked(exact)
    case.rows += [a_row("liar", 1e-9, "wrong"), a_row("apart", 1e-6, "apart"), a_row("none", 1.0, runs=[])]
    assert set(selfcheck.case_levels(case)) == {
        *(f"other{i}" for i in range(4)),
        "apart",
        *(selfcheck.ORIGINAL, selfcheck.TWIN, selfcheck.SLOWED),
    }
    case.selfcheck = None
    assert len(selfcheck.case_levels(case)) == 5


def test_so_much_of_the_input_lets_four_calls_fit_a_sample() -> None:
    assert selfcheck.part(1e-6, 3e-3) == 750
    assert selfcheck.part(5e-8, 0.02) == 100_000
    assert selfcheck.part(1.0, 3e-3) == 1


def test_calls_can_be_slowed_by_that_share_exactly() -> None:
    for settled, calls in ((1, 4), (3, 4), (4, 4), (5, 8), (12345, 12348)):
        assert selfcheck.loops(settled) == calls
        assert selfcheck.loops(settled) * selfcheck.SLOWDOWN == int(selfcheck.loops(settled) * selfcheck.SLOWDOWN)


def an_entry(name: str) -> race.Entry:
    return race.Entry(Subject(an_implementation(name)), a_text("aab"), UNWRITTEN)


class Clock:
    """A process whose calls take a microsecond each."""

    pid = 1

    def __init__(self, asked: list[int]) -> None:
        self.asked = asked

    def ask(self, do: str, limit: float, of: str, loops: int) -> dict[str, object]:
        self.asked.append(loops)
        return {"ns": loops * 1000, "counts": []}

    def end(self) -> None: ...


def test_the_slowed_one_makes_a_quarter_more_calls_that_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    check = race.Itself(an_entry("counts"), 3, beside=False)
    for entry, ratio in ((check.original, 1.0), (check.twin, 1.0), (check.slowed, 1.25)):
        monkeypatch.setattr(entry.subject, "process", Clock(asked))
        entry.row.runs.append(Run(40, [], []))
        entry.sample(1.0)
        assert entry.row.runs[-1].values == [pytest.approx(1e-6 * ratio)]
    assert asked == [40, 40, 50]
    kept = check.record
    assert (kept.contender, kept.slowdown, kept.length, kept.reason, kept.loops) == ("counts", 0.25, 3, "", [40])
    for samples, ratio in ((kept.original, 1.0), (kept.twin, 1.0), (kept.slowed, 1.25)):
        ((value,),) = samples
        assert value == pytest.approx(ratio * 1e-6)


def test_one_that_fell_out_leaves_a_reason_and_no_samples() -> None:
    check = race.Itself(an_entry("counts"), 3, beside=False)
    before = check.out
    check.twin.put_out("failed", "crashed: SIGSEGV")
    assert check.out and not before
    assert (check.record.reason, check.record.original) == ("crashed: SIGSEGV", [])


def test_the_lab_checks_itself_by_the_fastest_whose_calls_are_short_enough() -> None:
    def entries(*seconds: float) -> list[race.Entry]:
        found = []
        for i, each in enumerate(seconds):
            found.append(an_entry(f"c{i}"))
            found[-1].row.runs.append(Run(1, [(1, 9.0), (1, each)], []))
        return found

    plan = Plan(sample_ms=20)
    some = entries(4e-3, 1e-3, 2e-3)
    assert race.fastest(some, plan) is some[1]
    check = race.Itself(some[1], 3, beside=True)
    assert check.original is some[1] and check.entries == [check.twin, check.slowed]
    assert race.Itself(some[1], 3, beside=False).entries[0] is some[1]
    assert (check.twin.subject.slowdown, check.slowed.subject.slowdown) == (0.0, selfcheck.SLOWDOWN)
    # Four calls are what can be slowed by a quarter.
    quick = entries(4.9e-3)
    assert race.fastest(quick, plan) is quick[0]
    for slow in (entries(5.1e-3), [], [an_entry("never-ran")]):
        assert race.fastest(slow, plan) is None
    out = entries(1e-3, 2e-3)
    out[0].put_out("failed", "crashed")
    assert race.fastest(out, plan) is out[1]


def test_a_plain_loop_stands_in_where_calls_are_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    checks: list[race.Itself] = []

    def run(raced: race.Race) -> None:
        raced.joining()
        assert raced.check is not None
        checks.append(raced.check)

    monkeypatch.setattr(race.Race, "run", run)
    given = a_text("a" * 1_000_000)
    race.race({given: CaseRecord("a", "", "")}, [an_implementation("slow")], Plan(sample_ms=20), Watcher())
    assert checks[0].original.name == selfcheck.FALLBACK
    assert checks[0].length == selfcheck.part(selfcheck.FALLBACK_SECONDS, 0.02) < 1_000_000
    assert len(checks[0].entries) == 3


@pytest.mark.parametrize("sample_ms", [20.0, 19.9999, 1.0, 1e-5])
def test_the_plain_loop_has_a_text_of_that_length_on_which_it_is_right(sample_ms: float) -> None:
    check = race.by_plain_loop(Plan(sample_ms=sample_ms), UNWRITTEN)
    length = selfcheck.part(selfcheck.FALLBACK_SECONDS, sample_ms / 1e3)
    for entry in (check.original, check.twin, check.slowed):
        assert not entry.out and entry.given.text is not None
        assert len(entry.given.text) == check.length == length
        assert not entry.apart and entry.expected.outcome == entry.given.expected

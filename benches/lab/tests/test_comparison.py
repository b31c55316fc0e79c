"""Two runs, one against the other: ratios that are known, in both directions, and what cannot be compared."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from rich.console import Console
from test_saved import a_record, a_row

from doubles_lab.measure.statistics import TAKEN, Estimate
from doubles_lab.report import document
from doubles_lab.results import comparison, record
from doubles_lab.results.record import Record, Row, Run


def a_noisy_row(name: str, seconds: float, seed: int, spread: float = 0.01, processes: int = 10) -> Row:
    """A row whose processes differ by so much, with three samples of each."""
    rng = np.random.default_rng(seed)
    runs = [
        Run(10, [(1, seconds)], (seconds * np.exp(rng.normal(0, spread)) * rng.normal(1, 0.01, 3)).tolist())
        for _ in range(processes)
    ]
    return a_row(name, seconds, runs=runs)


def an_exact_row(name: str, *logs: float) -> Row:
    """A row whose processes have these medians of logarithms."""
    return a_row(
        name, 1.0, runs=[Run(10, [], [math.exp(log - 0.5), math.exp(log), math.exp(log + 0.1)]) for log in logs]
    )


def compared(old: Row, new: Row) -> comparison.Change:
    """What became of a contender that is in both."""
    (found,) = comparison.compare(a_record(old), a_record(new))
    return found


def test_the_ratio_is_new_over_old_with_student_s_interval_over_the_processes_of_both() -> None:
    found = compared(an_exact_row("a", 0.0, 0.1, 0.5), an_exact_row("a", 0.7, 0.7, 0.7))
    assert found.old == pytest.approx(math.exp(0.2)) and found.new == pytest.approx(math.exp(0.7))
    half = 4.302653 * math.sqrt(0.07 / 3)
    assert found.ratio is not None
    assert (found.ratio.value, found.ratio.low, found.ratio.high) == pytest.approx(
        (math.exp(0.5), math.exp(0.5 - half), math.exp(0.5 + half)), rel=1e-5
    )


@pytest.mark.parametrize("factor", [1 / 3, 0.8, 0.9, 1.1, 1.25, 3.0])
def test_a_known_change_is_shown_and_within_its_interval(factor: float) -> None:
    held = 0
    for seed in range(20):
        found = compared(a_noisy_row("a", 1e-6, 2 * seed, 0.02), a_noisy_row("a", factor * 1e-6, 2 * seed + 1, 0.02))
        assert found.ratio is not None and found.ratio.high / found.ratio.low < 1.1
        assert found.verdict == ("slower" if factor > 1 else "faster")
        held += found.ratio.low <= factor <= found.ratio.high
    assert held >= 17


def test_no_change_is_seldom_taken_for_one() -> None:
    verdicts = [
        compared(a_noisy_row("a", 1e-6, 2 * seed, 0.07), a_noisy_row("a", 1e-6, 2 * seed + 1, 0.07)).verdict
        for seed in range(100)
    ]
    assert 90 <= verdicts.count(comparison.NO_CHANGE) <= 99


def test_the_interval_widens_with_either_run() -> None:
    def width(old: float, new: float) -> float:
        found = compared(a_noisy_row("a", 1e-6, 1, old), a_noisy_row("a", 1e-6, 2, new)).ratio
        assert found is not None
        return found.high - found.low

    assert width(0.1, 0.01) > 3 * width(0.01, 0.01)
    assert width(0.01, 0.1) > 3 * width(0.01, 0.01)


def a_change(low: float, value: float, high: float) -> comparison.Change:
    return comparison.Change("case", "a", 1e-6, 1e-6 * value, Estimate(value, low, high))


def test_the_ends_decide() -> None:
    assert a_change(1.001, 1.1, 1.2).verdict == "slower"
    assert a_change(0.8, 0.9, 0.999).verdict == "faster"
    for low, high in ((0.999, 1.5), (0.5, 1.001), (1.0, 1.2), (0.8, 1.0)):
        assert a_change(low, 1.0, high).verdict == comparison.NO_CHANGE
    assert comparison.Change("case", "a", 1.0, None, None).verdict == "not compared"
    assert comparison.Change("case", "a", 1.0, None, None, broken=True).verdict == "broken"


def test_only_an_interval_that_is_beyond_the_limit_exceeds_it() -> None:
    assert a_change(1.101, 1.2, 1.3).exceeds(0.1)
    assert not a_change(1.099, 1.2, 1.3).exceeds(0.1)
    assert not a_change(1.1, 1.2, 1.3).exceeds(1.1 - 1)
    assert not a_change(0.5, 0.7, 0.8).exceeds(0.1)
    assert not comparison.Change("case", "a", 1.0, None, None).exceeds(0.1)
    sure = compared(a_noisy_row("a", 1e-6, 1), a_noisy_row("a", 1.2e-6, 2))
    assert sure.exceeds(0.1) and not sure.exceeds(0.2)
    unsure = compared(a_noisy_row("a", 1e-6, 1, 0.4), a_noisy_row("a", 1.2e-6, 8, 0.4))
    assert unsure.ratio is not None and unsure.ratio.high > 1.2
    assert not unsure.exceeds(0.1)


@pytest.mark.parametrize(
    ("old", "new", "note", "broken"),
    [
        (a_row("a", 1e-6), a_row("a", 1.0, record.WRONG, reason="gives 7"), "new run: wrong: gives 7", True),
        (a_row("a", 1e-6), a_row("a", 1.0, record.FAILED, reason="crashed", runs=[]), "new run: crashed", True),
        (a_row("a", 1e-6), a_row("a", 1.0, record.UNAVAILABLE, reason="needs x", runs=[]), "new run: needs x", False),
        (a_row("a", 1.0, record.WRONG, reason="gives 7"), a_row("a", 1e-6), "old run: wrong: gives 7", False),
        (
            a_row("a", 1e-6),
            a_row("a", 1e-6, record.APART, found=2),
            "gave 3 in the old run and 2 in the new one",
            False,
        ),
        (a_row("a", 1e-6, found=2), a_row("a", 1e-6), "gave 2 in the old run and 3 in the new one", False),
        (a_row("a", 1e-6), a_row("b", 1e-6), "is not in the old run", False),
    ],
)
def test_what_cannot_be_compared_says_why(old: Row, new: Row, note: str, broken: bool) -> None:
    first = comparison.compare(a_record(old), a_record(new))[0]
    assert (first.ratio, first.note, first.broken) == (None, note, broken)


def test_another_input_of_the_same_name_is_not_compared() -> None:
    old, new = a_record(a_row("a", 1e-6)), a_record(a_row("a", 1e-6))
    new.cases[0].sha256 = "11"
    for first, second in ((old, new), (new, old)):
        (found,) = comparison.compare(first, second)
        assert found.note == "the input of this name is another one in each run" and found.ratio is None


def test_contenders_of_the_old_run_alone_come_last() -> None:
    old, new = a_record(a_row("gone", 1e-6), a_row("both", 1e-6)), a_record(a_row("both", 1e-6), a_row("new", 1e-6))
    found = comparison.compare(old, new)
    assert [each.contender for each in found] == ["both", "new", "gone"]
    assert found[2].note == "is not in the new run"


@pytest.mark.parametrize("machine", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("change", [0.7, 1.0, 1.4])
def test_relative_to_another_takes_out_what_fell_on_both(machine: float, change: float) -> None:
    """The machine is slower or faster in the new run, and one contender is besides."""

    def run(seed: int, machine: float = 1.0, change: float = 1.0) -> Record:
        rows = [a_noisy_row("slow", machine * 1e-3, seed), a_noisy_row("a", machine * change * 1e-6, seed + 1)]
        return a_record(*rows, *(a_noisy_row(f"b{i}", machine * 1e-5, seed + 2 + i) for i in range(3)))

    old, new = run(1), run(11, machine, change)
    by_time = {each.contender: each.ratio for each in comparison.compare(old, new)}
    relative = {each.contender: each for each in comparison.compare(old, new, "slow")}
    for name, factor in (("slow", 1.0), ("a", change), ("b0", 1.0)):
        time, ratio = by_time[name], relative[name].ratio
        assert time is not None and ratio is not None
        assert time.value == pytest.approx(machine * factor, rel=0.03)
        assert ratio.value == pytest.approx(factor, rel=0.03)
        assert ratio.low / 1.01 <= factor <= ratio.high * 1.01
    assert relative["a"].verdict == ("slower" if change > 1.1 else "faster" if change < 0.9 else comparison.NO_CHANGE)
    assert relative["slow"].ratio == Estimate(1.0, 1.0, 1.0)


def test_relative_to_another_is_as_unsure_as_all_four() -> None:
    """The machine's drift within a run is in the one ratio, and not in the other."""
    drift = (0.0, 0.1, 0.5)
    run = a_record(
        *(an_exact_row(name, *(log + each for each in drift)) for name, log in (("a", 1), ("b", 2), ("c", 3)))
    )
    (alone, *_), (relative, *_) = comparison.compare(run, run), comparison.compare(run, run, "b")
    assert alone.ratio is not None and relative.ratio is not None
    half = 4.302653 * math.sqrt(2 * 0.07 / 3)
    assert alone.ratio.high == pytest.approx(math.exp(half), rel=1e-5)
    assert relative.ratio.high == pytest.approx(1.0)
    # Without drift, all four are in it.
    run = a_record(an_exact_row("a", *drift), *(an_exact_row(name, 1.0, 1.0, 1.0) for name in "bcdefghijk"))
    noisy = comparison.compare(run, run, "b")[0].ratio
    steady = comparison.compare(run, run, "a")[1].ratio
    half = 4.302653 * math.sqrt(2 * 0.07 / 3 * 11 / (11 - TAKEN))
    assert noisy is not None and steady is not None
    assert noisy.high == pytest.approx(math.exp(half), rel=1e-5) == pytest.approx(steady.high)


def test_relative_to_one_that_was_not_timed_in_both_runs_is_not_compared() -> None:
    both, one = a_record(a_row("a", 1.0), a_row("slow", 1.0)), a_record(a_row("a", 1.0))
    wrong = a_record(a_row("a", 1.0), a_row("slow", 1.0, record.WRONG, reason="gives 7"))
    for old, new in ((one, both), (both, one), (one, one), (both, wrong), (wrong, both)):
        assert comparison.compare(old, new, "slow")[0].note == "slow was not timed in both runs"
        assert comparison.compare(old, new, "slow")[0].ratio is None


def test_other_versions_are_named() -> None:
    found = compared(a_row("a", 1.0, versions={"numpy": "2.0"}), a_row("a", 1.0, versions={"numpy": "2.1"}))
    assert found.note == "numpy 2.0 → 2.1"
    found = compared(
        a_row("a", 1.0, versions={"numpy": "2.1"}), a_row("a", 1.0, versions={"numpy": "2.0", "cffi": "1"})
    )
    assert found.note == "numpy 2.1 → 2.0, cffi none → 1"
    found = compared(a_row("a", 1.0, details={"backend": "avx2"}), a_row("a", 1.0, details={"backend": "avx2"}))
    assert found.note == ""


def test_another_machine_and_another_python_are_warned_of() -> None:
    old, new = a_record(a_row("a", 1.0)), a_record(a_row("a", 1.0))
    assert comparison.warnings(old, new) == []
    new.machine = {"cpu_model_name": "B CPU", "cpu_count": 2, "python_version": "3.14.0"}
    new.interrupted = True
    assert comparison.warnings(old, new) == [
        "another CPU: A CPU → B CPU",
        "another Python: unknown → 3.14.0",
        "the new run was interrupted",
    ]


def test_a_run_that_failed_its_own_check_is_warned_of() -> None:
    from test_selfcheck import a_doubtful_record

    found = comparison.warnings(a_record(a_row("slow", 1.0)), a_doubtful_record())
    assert len(found) == 1 and found[0].startswith("the new run failed its own check on case: fast entered twice")


def test_cells_are_in_the_unit_of_the_shorter_time() -> None:
    def cells(old: float | None, new: float | None, ratio: Estimate | None = None) -> tuple[str, ...]:
        return comparison.cells(comparison.Change("case", "a", old, new, ratio, "why"))

    assert cells(1.5e-6, 2e-3, Estimate(1.5, 1.25, 1.75)) == (
        "a", "1.50 µs", "2,000.00 µs", "1.500 [1.250–1.750]", "slower: why"
    )  # fmt: skip
    assert cells(None, 0.25) == ("a", "–", "250.00 ms", "–", "not compared: why")
    assert cells(1e-9, None)[1:3] == ("1.00 ns", "–") and cells(1e-10, 3.0)[1].endswith(" ns")
    assert cells(2.0, 1.0)[1:3] == ("2.00 s", "1.00 s") and cells(1e-3, 5.0)[1] == "1.00 ms"
    assert cells(None, None)[1:3] == ("–", "–")


def test_a_summary_counts_what_became_of_all() -> None:
    beyond, lost = a_change(1.2, 1.3, 1.4), comparison.Change("case", "b", 1.0, None, None, "is gone")
    changes = [
        *[beyond] * 2, *[a_change(0.7, 0.8, 0.9)] * 3, *[a_change(0.9, 1.0, 1.1)] * 4, lost,
        comparison.Change("case", "c", None, 1.0, None, "is not in the old run"),
        comparison.Change("case", "d", 1.0, None, None, "new run: crashed", broken=True),
    ]  # fmt: skip
    counts = "Slower: 2; faster: 3; no change shown: 4; not compared: 2; broken: 1."
    assert comparison.summary(changes, None) == counts
    gone = "Timed in the old run and not compared: b on case (is gone); d on case (new run: crashed)."
    assert comparison.summary(changes, 0.1) == f"{counts} Slower by more than 10 %: a on case, a on case. {gone}"
    assert comparison.summary(changes, 0.25) == (
        f"{counts} None that was compared is shown to be slower by more than 25 %. {gone}"
    )
    assert comparison.summary([lost], 0.1) == f"Not compared: 1. {gone.partition('; ')[0]}."
    assert comparison.summary([], None) == "Nothing to compare."
    assert [each.lost for each in changes] == [False] * 9 + [True, False, True]
    both = [lost, comparison.Change("case", "e", 1.0, None, None, "is gone")]
    assert comparison.lost(both) == "Timed in the old run and not compared: b, e on case (is gone)"
    assert comparison.percent(0.0333333) == "3.333 %"


def test_changes_are_told_by_case() -> None:
    old, new = (a_record(a_row("a", 1.0), a_row("b", 1.0)) for _ in range(2))
    for run in (old, new):
        run.cases.append(a_record(a_row("a", 1.0), name="other").cases[0])
    found = comparison.by_case(comparison.compare(old, new))
    assert {case: [each.contender for each in of] for case, of in found.items()} == {"case": ["a", "b"], "other": ["a"]}


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits(width: int) -> None:
    name = "[red]a-name-that-is-as-long[/red]"
    found = comparison.compare(a_record(a_row(name, 1e-6), a_row("b", 2.0)), a_record(a_row(name, 2e-6)))
    console = Console(width=width, file=io.StringIO(), highlight=False)
    document.show(comparison.report(found, ["another CPU: A → B"], 0.1, last=True), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, text.splitlines())) <= width
    assert "Warning: another CPU: A → B." in text
    assert "2.000" in text
    assert f"Slower by more than 10 %: {name} on case." in " ".join(text.split())
    markdown = document.markdown(comparison.report(found, ["x"], None))
    assert "| 2.000" in markdown and "Slower: 1; not compared: 1." in markdown

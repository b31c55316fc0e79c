"""Who leads, by how much, and what is advised: on noise with known truth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from test_saved import a_record, a_row

from doubles_lab.implementation import CORE, THE_INPUT
from doubles_lab.measure.statistics import TAKEN
from doubles_lab.results import record, verdict
from doubles_lab.results.record import CaseRecord, Row, Run
from doubles_lab.results.verdict import Verdict, judge, leaders, sentence, verdicts, winner


def noisy(name: str, seconds: float, rng: np.random.Generator, spread: float = 0.02, **more: Any) -> Row:
    """A row of ten processes that differ by so much, of three samples each."""
    runs = [Run(10, [], list(seconds * np.exp(rng.normal(0, spread)) * rng.normal(1, 0.01, 3))) for _ in range(10)]
    return a_row(name, seconds, runs=runs, **more)


def exact(name: str, *times: float, **more: Any) -> Row:
    """A row of a process for each of these times."""
    return a_row(name, times[0], runs=[Run(10, [], [time] * 3) for time in times], **more)


def case_of(*rows: Row) -> CaseRecord:
    return a_record(*rows).cases[0]


def by_name(found: list[Verdict]) -> dict[str, Verdict]:
    return {v.row.contender: v for v in found}


TRUTH = {"base": 20.0, "a": 1.0, "b": 1.0, "near": 1.01, "c": 1.3, "d": 2.0}


def test_ranks_ratios_speedups_and_leaders_are_those_of_the_truth() -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        found = by_name(verdicts(case_of(*(noisy(name, time * 1e-6, rng) for name, time in TRUTH.items())), "base"))
        assert [v.rank for v in found.values()] == [1, 2, 3, 4, 5, 6]
        assert list(found)[3:] == ["c", "d", "base"]
        assert {name for name, v in found.items() if v.leading} == {"a", "b", "near"}
        for name, truth in TRUTH.items():
            v = found[name]
            assert v.time is not None and v.ratio is not None and v.speedup is not None
            assert v.time.value == pytest.approx(truth * 1e-6, rel=0.04)
            assert v.time.low < v.time.value < v.time.high
            assert v.ratio == pytest.approx(truth, rel=0.04) and v.ratio >= 1
            assert v.speedup.value == pytest.approx(20 / truth, rel=0.04)
            assert v.speedup.low / 1.02 <= 20 / truth <= v.speedup.high * 1.02
            assert v.ns_per_call == v.time.value * 1e9
        assert (found["base"].speedup.low, found["base"].speedup.high) == (1.0, 1.0)  # type: ignore[union-attr]


def test_the_intervals_of_a_verdict_are_those_of_the_table() -> None:
    logs = (0.0, 0.1, 0.5)
    rows = [exact("noisy", *(math.exp(each) for each in logs)), *(exact(name, *[math.e**2] * 3) for name in "abc")]
    found = by_name(verdicts(case_of(*rows), "a"))
    half = 4.302653 * math.sqrt(0.07 / 3 * 4 / (4 - TAKEN))
    for estimate, log in ((found["noisy"].time, 0.2), (found["noisy"].speedup, 1.8)):
        assert estimate is not None
        assert (estimate.value, estimate.low, estimate.high) == pytest.approx(
            (math.exp(log), math.exp(log - half), math.exp(log + half)), rel=1e-5
        )


def test_one_that_cannot_be_told_from_the_fastest_leads_whether_it_came_out_before_or_behind() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        found = by_name(verdicts(case_of(*(noisy(name, 1e-6, rng, 0.07) for name in "abcd")), "a"))
        assert sum(v.leading for v in found.values()) >= 3
        assert next(iter(found.values())).leading


def test_a_wide_interval_alone_makes_no_leader() -> None:
    """It is the comparison with the fastest that counts: one whose interval reaches down may still be behind."""
    rng = np.random.default_rng(1)
    found = by_name(
        verdicts(case_of(noisy("a", 1e-6, rng), noisy("b", 3e-6, rng, 0.3), noisy("c", 1.3e-6, rng, 0.2)), "a")
    )
    assert [name for name, v in found.items() if v.leading] == ["a"] or found["c"].leading
    assert not found["b"].leading


def test_only_the_ranked_lead_and_are_what_others_are_measured_by() -> None:
    apart = {"status": record.APART, "reason": "counts bytes, not characters"}
    rows = [
        exact("slow", 4.0, 4.0), exact("fast", 2.0, 2.0), exact("apart", 1.0, 1.0, **apart),
        exact("liar", 0.1, 0.1, status=record.WRONG), a_row("gone", 1.0, record.FAILED, runs=[]),
    ]  # fmt: skip
    found = verdicts(case_of(*rows), "slow")
    assert [(v.row.contender, v.rank, v.leading) for v in found] == [
        ("fast", 1, True),
        ("slow", 2, False),
        ("apart", None, False),
        ("liar", None, False),
        ("gone", None, False),
    ]
    told = by_name(found)
    assert [v.ratio for v in found] == [pytest.approx(1.0), pytest.approx(2.0), pytest.approx(0.5), None, None]
    assert told["apart"].speedup is not None and told["apart"].speedup.value == pytest.approx(4.0)
    assert told["liar"].time is told["gone"].time is None and told["gone"].ns_per_call is None
    assert (told["fast"].fastest_sample, told["fast"].slowest_sample) == (2.0, 2.0)
    assert winner(found) is found[0] and leaders(found) == [found[0]]
    assert winner(found[2:]) is None and winner([]) is None


def test_the_others_are_sorted_by_time_and_then_by_name() -> None:
    rows = [
        exact("z", 3.0, 3.0, status=record.APART), exact("y", 1.0, 1.0, status=record.APART),
        a_row("b", 1.0, record.UNMEASURED, runs=[]), a_row("c", 1.0, record.UNAVAILABLE, runs=[]),
        a_row("a", 1.0, record.UNMEASURED, runs=[]), a_row("w", 1.0, record.WRONG), exact("r", 9.0, 9.0),
    ]  # fmt: skip
    assert [v.row.contender for v in verdicts(case_of(*rows), "r")] == ["r", "y", "z", "w", "c", "a", "b"]


def test_samples_and_throughput() -> None:
    row = a_row("a", 1.0, runs=[Run(1, [], [2.0, 4.0, 3.0]), Run(1, [], [3.0, 9.0, 1.0])], stored=6_000_000_000)
    nothing = exact("b", 3.0, 3.0, stored=0)
    found = by_name(verdicts(case_of(row, nothing), "a"))
    assert found["a"].time is not None
    assert (found["a"].fastest_sample, found["a"].slowest_sample) == (1.0, 9.0)
    assert found["a"].throughput == 6 / found["a"].time.value and found["b"].throughput is None


def test_without_the_baseline_there_is_no_speedup() -> None:
    rows = [exact("a", 1.0, 1.0), exact("liar", 1.0, 1.0, status=record.WRONG)]
    for baseline in ("absent", "liar"):
        assert [v.speedup for v in verdicts(case_of(*rows), baseline)] == [None, None]


def test_every_case_is_judged_by_its_own() -> None:
    result = a_record(exact("slow", 4.0, 4.0), exact("fast", 1.0, 1.0))
    other = a_record(exact("slow", 1.0, 1.0), exact("fast", 4.0, 4.0), name="other").cases[0]
    result.cases.append(other)
    assert {name: found[0].row.contender for name, found in judge(result).items()} == {"case": "fast", "other": "slow"}


def said(*rows: Row, baseline: str = "slow") -> str:
    return sentence(verdicts(case_of(*rows), baseline), baseline)


def test_one_that_leads_alone_is_advised() -> None:
    assert said(exact("slow", 8.0, 8.0), exact("fast", 2.0, 2.0, access="in place")) == (
        "For this workload, choose fast (in place), because it is faster than the other one, "
        "and 4.00 times as fast as slow."
    )
    assert said(exact("slow", 8.0, 8.0), exact("z", 9.0, 9.0), exact("fast", 2.0, 2.0, access=THE_INPUT)).startswith(
        "For this workload, choose fast, because it is faster than the other 2, "
    )
    assert said(exact("slow", 1.0, 1.0)) == (
        "For this workload, choose slow (iterates), because nothing else is ranked."
    )
    assert said(exact("slow", 1.0, 1.0, status=record.WRONG)) == "Nothing is ranked."
    assert "times as fast" not in said(exact("fast", 2.0, 2.0), exact("other", 8.0, 8.0))
    assert "times as fast" not in said(exact("slow", 2.0, 2.0), exact("other", 8.0, 8.0))
    assert "4.00 times as fast as slow" in said(exact("slow", 8.0, 8.0), exact("z", 2.0, 2.0))


def test_among_equals_none_is_advised() -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        rows = [noisy(name, 1e-6, rng, tags=[CORE], binding=name.upper()) for name in "ab"]
        text = said(*rows, noisy("slow", 1e-4, rng))
        assert text.startswith("For this workload, choose one of the 2 that lead the 3: ")
        assert "choose a (" not in text and "choose b (" not in text
        assert " times as fast as slow, and none of them is shown to be slower than the fastest by more than 3%" in text
        assert "; all of them run this project's core, by " in text
        assert "So choose among them by what else they ask of you" in text


def a_verdict(name: str, **more: Any) -> Verdict:
    return Verdict(a_row(name, 1.0, **more), 1)


def test_what_a_group_has_in_common() -> None:
    def common(*more: dict[str, Any]) -> str:
        return verdict.in_common([a_verdict(f"c{i}", **each) for i, each in enumerate(more)])

    core, loop = {"tags": [CORE], "binding": "PyO3", "language": "Rust"}, {"binding": "NumPy", "language": "Python"}
    other = {"binding": "by hand", "language": "C"}
    assert common(core, {**core, "binding": "SWIG"}) == "all of them run this project's core, by PyO3 and SWIG"
    assert common(loop, {**loop, "binding": "Numba"}) == "all of them are loops in Python, by NumPy and Numba"
    assert common({"binding": "a"}, {"binding": "z"}) == "all of them are loops in Python, by a and z"
    assert common({}, {}) == "all of them are loops in Python"
    assert common(core, loop, core) == "2 of them run this project's core"
    assert common(loop, other) == "they are loops in Python and C"


def test_names_are_few_and_those_that_take_the_text_come_first() -> None:
    group = [a_verdict("p", prepared=True), *(a_verdict(name) for name in "abcde")]
    assert verdict.named(group) == "a, b, c, d, e and p"
    assert verdict.named(group[:3]) == "a, b and p"
    assert verdict.named([*group, a_verdict("f")]) == "a, b, c, d, e and 2 more"
    assert verdict.shortly(list("abcd")) == "a, b, c and d"
    assert verdict.shortly(list("abcde")) == "a, b, c and 2 more"
    assert verdict.shortly(list("abcdef")) == "a, b, c and 3 more"
    assert verdict.listed(["a"]) == "a" and verdict.listed([]) == ""


def test_what_is_made_beforehand_is_said_where_all_of_the_group_are_handed_it() -> None:
    slow, text = exact("slow", 8.0, 8.0), exact("text", 4.0, 4.0)
    one, two = exact("one", 1.0, 1.0, prepared=True), exact("two", 1.0, 1.0, prepared=True)
    assert (
        ". It is handed what is made from the input beforehand, which is not timed; if you have the input itself, "
        in (said(slow, text, one))
    )
    assert said(slow, text, one, two).endswith(
        ". Each is handed what is made from the input beforehand, which is not timed; if you have the input itself, "
        "the fastest is text."
    )
    assert said(one, baseline="one").endswith("beforehand, which is not timed.")
    assert "beforehand" not in said(slow, one, exact("three", 1.0, 1.0))


def test_those_that_count_bytes_are_named() -> None:
    slow = exact("slow", 8.0, 8.0)
    one, two = exact("one", 1.0, 1.0, unit="bytes"), exact("two", 1.0, 1.0, unit="bytes")
    assert said(slow, one).endswith(". By its nature one counts bytes, which made no difference on this input.")
    assert said(slow, one, two).endswith(". one and two count bytes, which made no difference on this input.")
    assert "bytes" not in said(one, baseline="one")
    assert "bytes" not in said(slow, exact("fast", 1.0, 1.0), exact("late", 4.0, 4.0, unit="bytes"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234.5, "1,234"),
        (100.0, "100"),
        (99.95, "100.0"),
        (10.0, "10.0"),
        (9.999, "10.00"),
        (0.1, "0.10"),
        (0.0123, "0.012"),
    ],
)
def test_a_number_has_three_digits(value: float, text: str) -> None:
    assert verdict.number(value) == text

"""Who lets go of the GIL: told by construction for planted contenders, and the answer from made-up data."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Plant

from doubles_lab import registry
from doubles_lab.questions import gil
from doubles_lab.questions.answer import Answer, Setting

PLANTED = """
def lets_go(val):
    time.sleep(0.02)
    return right(val)

def wrong(val):
    return right(val) + 1

def crashes(val):
    os.kill(os.getpid(), signal.SIGSEGV)

def hangs_in_a_thread(val):
    import threading
    if threading.current_thread() is not threading.main_thread():
        while True:
            time.sleep(1)
    return right(val)

def states_an_exception(val):
    raise ValueError(val)

IMPLEMENTATIONS = [
    contender('sleeper', lets_go),
    contender('holder', right),
    contender('liar', wrong),
    contender('crasher', crashes),
    contender('hanger', hangs_in_a_thread),
    contender('raiser', states_an_exception, divergences=(Divergence('never', lambda text: Raises('ValueError')),)),
    contender('absent', load=lambda: (_ for _ in ()).throw(Unavailable('needs luck'))),
]
"""


def row(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The row of a contender."""
    return next(each for each in data["rows"] if each["contender"] == name)


def test_what_is_measured_of_planted_contenders(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gil, "LEAST", gil.BASE)
    monkeypatch.setattr(gil, "MOST", 2 * gil.BASE)
    contenders = registry.implementations_in(plant(PLANTED) / "planted.py")
    data = json.loads(json.dumps(gil.measure(Setting(contenders, seconds=1, limit=5)), allow_nan=False))
    assert [each["contender"] for each in data["rows"]] == [each.name for each in contenders]
    for size in ("short", "long"):
        assert row(data, "sleeper")["sizes"][size]["lets_go"] is True
        assert row(data, "holder")["sizes"][size]["lets_go"] is False
        for found in (row(data, "sleeper")["sizes"][size], row(data, "holder")["sizes"][size]):
            assert set(found["throughput"]) == {str(count) for count in data["threads"]}
            processes = 10 if found["lets_go"] else 1
            assert all([len(each) for each in groups] == [1] * processes for groups in found["throughput"].values())
            assert all(each["ticks"] > 0 and each["longest"] > 0 for each in found["alone"])
    assert row(data, "holder")["sizes"]["long"]["length"] % gil.BASE == 0
    assert (row(data, "liar")["status"], row(data, "liar")["sizes"]) == ("wrong", {})
    assert (row(data, "crasher")["status"], row(data, "crasher")["reason"]) == ("failed", "crashed: SIGSEGV")
    assert (row(data, "hanger")["status"], row(data, "hanger")["reason"]) == ("failed", "hung: no answer within 5 s")
    assert row(data, "raiser")["status"] == "apart" and "as it states: never" in row(data, "raiser")["reason"]
    assert (row(data, "absent")["status"], row(data, "absent")["reason"]) == ("unavailable", "needs luck")
    answered = gil.answer(data)
    assert "(sleeper) lets go of the GIL" in answered.sentence
    assert [line[0] for line in answered.tables[-1].rows] == ["liar", "crasher", "hanger", "raiser", "absent"]


def test_a_thread_count_for_any_machine() -> None:
    assert gil.thread_counts(1) == [1]
    assert gil.thread_counts(2) == [1, 2]
    assert gil.thread_counts(5) == [1, 2, 3, 4, 5]
    assert gil.thread_counts(256)[-1] == 256


def found(lets_go: bool, gain: float, call: float, stall: float, **more: Any) -> dict[str, Any]:
    """What was measured on one size, made up."""
    one = [9e8, 1e9, 1.1e9] * 4
    return {
        "length": 1000,
        "gil": True,
        "interval": 0.005,
        "lets_go": lets_go,
        "throughput": {"1": [[value] for value in one], "2": [[value * gain] for value in one]},
        "call": [call] * 12,
        "alone": [{"ticks": 1e7, "longest": 1e-5}] * 12,
        "meanwhile": [{"ticks": 5e6, "longest": stall}] * 12,
        **more,
    }


def made_up(threads: list[int], busy: float | None = 0.0, **contenders: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {
            "contender": name,
            "language": "Rust",
            "binding": "PyO3",
            "access": "in place",
            "status": "measured",
            "reason": "",
            "sizes": {
                "long": {**each, "throughput": _of(each, threads)},
                "short": {**each, "throughput": _of(each, threads)},
            },
        }
        for name, each in contenders.items()
    ]
    return {"cpus": threads[-1], "busy": busy, "threads": threads, "rows": rows}


def _of(each: dict[str, Any], threads: list[int]) -> dict[str, Any]:
    return {str(count): each["throughput"][str(count)] for count in threads}


def check(answered: Answer) -> None:
    """What holds of any answer."""
    for table in answered.tables:
        assert all(len(line) == len(table.columns) for line in table.rows)
    for drawn in answered.charts:
        json.dumps(drawn.spec, allow_nan=False)
        assert drawn.alternative


def test_the_answer_from_made_up_data() -> None:
    data = made_up(
        [1, 2],
        free=found(True, 1.9, 0.003, 1e-4),
        holding=found(False, 1.0, 0.05, 0.05),
        python=found(False, 0.9, 0.05, 0.006),
        quick=found(False, 1.0, 1e-6, 0.006),
    )
    answered = gil.answer(data)
    check(answered)
    assert "On long text 1 of 4 (free) lets go of the GIL" in answered.sentence
    assert "2 threads get clearly more done than one with free: 1.90 [1.90–1.90] times as much." in answered.sentence
    assert "The longest stall of another thread was 50.0 ms, beside holding" in answered.sentence
    assert "cannot be told" not in answered.sentence
    long = answered.tables[0]
    gils = {line[0]: line[long.columns.index("GIL")] for line in long.rows}
    assert gils == {"free": "lets go", "holding": "holds it", "python": "hands over", "quick": "holds it"}
    assert long.rows[0][long.columns.index("The other's progress")] == "50% [50%–50%]"
    assert len(answered.charts) == 2


def test_one_processor_cannot_tell() -> None:
    answered = gil.answer(made_up([1], free=found(True, 1.0, 0.003, 1e-4)))
    check(answered)
    assert "With one processor it cannot be told" in answered.sentence
    assert len(answered.charts) == 1  # no chart of threads, where there is one


def test_a_busy_machine_cannot_tell() -> None:
    contender = found(True, 1.9, 0.003, 1e-4)
    answered = gil.answer(made_up([1, 2], busy=0.9, free=contender))
    check(answered)
    assert "cannot be told from this run: other programs took 90% of the processors' time" in answered.sentence
    assert "clearly more" not in answered.sentence
    assert "with free: 1.90" in gil.answer(made_up([1, 2], busy=None, free=contender)).sentence


def test_one_that_holds_the_gil_gets_no_more_done_by_threads() -> None:
    data = made_up([1, 2], free=found(True, 1.0, 0.003, 1e-4), holding=found(False, 1.5, 0.05, 0.05))
    assert "With none of those did 2 threads" in gil.answer(data).sentence


def test_the_share_that_others_take_is_a_share() -> None:
    share = gil.busy_share(0.05)
    assert share is None or 0 <= share <= 1


def test_no_progress_alone_is_no_share() -> None:
    starved = found(True, 1.0, 0.003, 1e-4, alone=[{"ticks": 0, "longest": 0.05}] * 12)
    answered = gil.answer(made_up([1, 2], starved=starved))
    check(answered)
    long = answered.tables[0]
    assert long.rows[0][long.columns.index("The other's progress")] == "not told"


def test_one_process_alone_has_no_interval() -> None:
    one = {"1": [[1e9]], "2": [[1e9]]}
    alone = found(False, 1.0, 0.003, 1e-4, alone=[{"ticks": 1e7, "longest": 1e-5}], throughput=one)
    answered = gil.answer(made_up([1, 2], alone=alone))
    check(answered)
    (line,) = answered.tables[0].rows
    assert "1.00" in line and "50%" in line


def test_without_a_gil_that_is_said() -> None:
    answered = gil.answer(made_up([1, 2], free=found(True, 1.9, 0.003, 1e-4, gil=False)))
    check(answered)
    assert answered.sentence.startswith("This Python runs without a GIL.")


def test_nothing_measured_is_an_answer() -> None:
    data = made_up([1, 2])
    assert gil.answer(data).sentence == "Nothing could be measured."
    absent = {"contender": "x", "binding": "", "status": "unavailable", "reason": "needs luck", "sizes": {}}
    answered = gil.answer({**data, "rows": [absent]})
    assert answered.sentence == "Nothing could be measured."
    assert [table.rows for table in answered.tables] == [[("x", "unavailable: needs luck")]]

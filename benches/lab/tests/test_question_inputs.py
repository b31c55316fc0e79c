"""What other input costs: planted contenders that copy, refuse, miscount and crash; the answer from made-up data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Plant

from doubles_lab import registry
from doubles_lab.measure import with_forms
from doubles_lab.problems.count_doubles import oracle
from doubles_lab.questions import inputs
from doubles_lab.questions.answer import Answer, Setting

PLANTED = """
import operator

def in_place(val):
    if isinstance(val, str):
        return sum(map(operator.eq, val, itertools.islice(val, 1, None)))
    view = memoryview(val)
    return sum(map(operator.eq, view, view[1:]))

def copies(val):
    view = memoryview(bytearray(val))
    return sum(map(operator.eq, view, view[1:]))

def crashes(val):
    if isinstance(val, bytearray):
        os.kill(os.getpid(), signal.SIGSEGV)
    return in_place(val)

def miscounts(val):
    return in_place(val) + isinstance(val, bytearray)

def lies_late(val):
    return in_place(val) + (len(val) > 2)

def takes_arrays(val):
    raise TypeError("takes an array")

IMPLEMENTATIONS = [
    contender('made-for-arrays', takes_arrays, takes_bytes=True, variant="array"),
    contender('in-place', in_place, takes_bytes=True),
    contender('copier', copies, takes_bytes=True),
    contender('crasher', crashes, takes_bytes=True),
    contender('miscounter', miscounts, takes_bytes=True),
    contender('late-liar', lies_late, takes_bytes=True),
    contender('no-bytes', in_place),
]
"""


def cell(data: dict[str, Any], name: str, kind: str) -> dict[str, Any]:
    """What was measured of a contender with one kind of input."""
    return next(row for row in data["rows"] if (row["contender"], row["input"]) == (name, kind))


def test_what_is_measured_of_planted_contenders(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "KINDS", {kind: with_forms.KINDS[kind] for kind in ("bytes", "bytearray", "list")})
    contenders = registry.implementations_in(plant(PLANTED) / "planted.py")
    data = json.loads(json.dumps(inputs.measure(Setting(contenders, seconds=13, limit=30)), allow_nan=False))
    assert {row["contender"] for row in data["rows"]} == {
        *("made-for-arrays", "in-place", "copier", "crasher", "miscounter", "late-liar")
    }
    for name, kind in (("in-place", "bytes"), ("in-place", "bytearray"), ("copier", "list"), ("crasher", "bytes")):
        row = cell(data, name, kind)
        assert row["status"] == "measured", row["reason"]
        for groups in (row["few"], row["many"]):
            # One that crashed with other input has had one process more.
            assert len(groups) >= data["processes"] == 10 and sum(map(len, groups)) == 10 * data["rounds"]
    assert cell(data, "in-place", "list")["status"] == "refused"
    assert cell(data, "in-place", "list")["reason"].startswith("TypeError: memoryview: a bytes-like object is required")
    assert cell(data, "crasher", "bytearray")["reason"] == "crashed: SIGSEGV"
    assert cell(data, "miscounter", "bytearray")["status"] == "miscounts"
    assert cell(data, "late-liar", "bytes")["status"] == "wrong"
    if Path("/proc/self/clear_refs").exists():
        for kind in ("bytes", "bytearray"):
            assert cell(data, "in-place", kind)["memory"] < 0.15
            assert 0.8 < cell(data, "copier", kind)["memory"] < 1.2
    else:
        assert cell(data, "copier", "bytes")["memory"] is None and cell(data, "copier", "bytes")["memory_reason"]
    found = data["selfchecks"]["inputs"]
    assert found["contender"] == "in-place" and not found["reason"]
    assert all(sum(map(len, found[name])) == 10 * data["rounds"] for name in ("original", "twin", "slowed"))
    check(inputs.answer(data))


def test_in_a_short_time_one_of_each_binding_is_measured(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "KINDS", {"bytes": bytes})
    contenders = registry.implementations_in(plant(PLANTED) / "planted.py")[1:]
    data = inputs.measure(Setting(contenders, seconds=0.5, limit=30, budgeted=True))
    assert {row["contender"] for row in data["rows"]} == {"in-place"}
    assert data["left_out"] == ["copier", "crasher", "miscounter", "late-liar"]
    assert 2 <= data["processes"] < 10
    assert "too short for copier, crasher" in inputs.answer(data).method


@pytest.mark.parametrize("kind", with_forms.KINDS)
def test_every_kind_holds_the_same_items(kind: str) -> None:
    items = b"aabbbcxyzzz"
    assert oracle.count_items([*with_forms.KINDS[kind](items)]) == oracle.count_items(items)
    assert len(with_forms.KINDS[kind](items)) == len(items)


def test_items_are_repeated_with_their_seam(tmp_path: Path) -> None:
    class Scratch:
        def write(self, data: bytes) -> str:
            file = tmp_path / str(len(data))
            file.write_bytes(data)
            return str(file)

    given = inputs.Inputs(Scratch(), 3)  # type: ignore[arg-type]
    for items in (inputs.FEW, inputs.BASE, 2 * inputs.BASE):
        request = given.request(items)
        data = Path(request["path"]).read_bytes() * request["times"]
        assert (len(data), oracle.count_items(data)) == (items, given.expected(items))


def made_up(contender: str, kind: str, call: float, item: float, memory: float | None, **more: Any) -> dict[str, Any]:
    """A cell, made up."""
    items = inputs.BASE * inputs.MORE
    return {
        "contender": contender,
        "language": "Rust",
        "binding": "PyO3",
        "prepared": False,
        "access": "in place",
        "input": kind,
        "status": "measured",
        "reason": "",
        "items": items,
        "few": [[call] * 3] * 10,
        "many": [[call + item * (items - inputs.FEW)] * 3] * 10,
        "memory": memory,
        "memory_reason": "" if memory is not None else "no such file",
        **more,
    }


def check(answered: Answer) -> None:
    """What holds of any answer."""
    for table in answered.tables:
        assert all(len(line) == len(table.columns) for line in table.rows)
    for drawn in answered.charts:
        json.dumps(drawn.spec, allow_nan=False)
        assert drawn.alternative


def test_the_answer_from_made_up_data() -> None:
    gone: dict[str, Any] = {"few": [], "many": []}
    rows = [
        made_up("mine", "bytes", 40e-9, 0.02e-9, 0.001),
        made_up("mine", "mmap", 80e-9, 0.5e-9, 1.0),
        made_up("mine", "list", 0, 0, None, status="refused", reason="TypeError: no", **gone),
        made_up("mine", "NumPy float64", 0, 0, None, status="refused", reason="TypeError: no", **gone),
        made_up("other", "bytes", 1e-6, 30e-9, None, binding="none"),
        made_up("other", "mmap", 0, 0, None, status="miscounts", reason="gives 0 and must give 1", **gone),
    ]
    answered = inputs.answer({"few": inputs.FEW, "rounds": 3, "rows": rows})
    check(answered)
    assert answered.sentence == (
        "With mine a call takes 40.0 ns (bytes) to 80.0 ns (mmap), and an item takes longest in mmap (0.50 ns); it "
        "takes as much memory as a copy of mmap; it refuses list and NumPy float64. 1 of 1 contenders take as much "
        "memory as a copy, or more, with some input: mine. Some input that they do not say they take is miscounted, "
        "without an error, by other."
    )
    ours, others, refused = answered.tables
    assert ours.rows == [
        ("mine", "bytes", "40.0 [40.0–40.0]", "0.0200 [0.0200–0.0200]", "no"),
        ("mine", "mmap", "80.0 [80.0–80.0]", "0.50 [0.50–0.50]", "×1.00"),
    ]
    assert [line[-1] for line in others.rows] == ["not told"]
    assert refused.rows == [
        ("mine", "list, NumPy float64", "refused: TypeError: no"),
        ("other", "mmap", "miscounts: gives 0 and must give 1"),
    ]
    assert "Memory that could not be told here: no such file." in answered.method
    assert "mine with mmap" in answered.charts[0].alternative


def test_nothing_measured_is_an_answer() -> None:
    answered = inputs.answer({"few": inputs.FEW, "rounds": 0, "rows": []})
    assert (answered.sentence, answered.charts) == ("None of the contenders that were chosen takes bytes.", [])
    gone = made_up("x", "bytes", 0, 0, None, status="unavailable", reason="needs luck", few=[], many=[])
    answered = inputs.answer({"few": inputs.FEW, "rounds": 0, "rows": [gone]})
    check(answered)
    assert answered.sentence == "Nothing could be measured."

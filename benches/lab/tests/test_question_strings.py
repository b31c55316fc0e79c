"""What a string costs: what is kept is told for each way, wrong ones are caught, and the answer from made-up data."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from conftest import Plant

from doubles_lab import registry
from doubles_lab.folder import bundled, read
from doubles_lab.measure import with_texts
from doubles_lab.questions import strings
from doubles_lab.questions.answer import Answer, Setting

#: The ways to get at a str are Python's own here, so that it is known what each of them keeps.
PLANTED = """
import dataclasses
from doubles_lab.measure import with_texts

ask = with_texts.length_of_utf8()

def in_place(val):
    return right(val)

def asks(val):
    ask(val)
    return oracle.count_bytes(val)

calls = itertools.count()

def lies_later(val):
    ask(val)
    return oracle.count_bytes(val) + (next(calls) > 12)

def rust(name, function, binding='none', flags='', **more):
    return dataclasses.replace(contender(name, function, **more), language='Rust', binding=binding, flags=flags)

IMPLEMENTATIONS = [
    rust('in-place', in_place, access='the str, in place', takes_bytes=True),
    rust('asks', asks, access='&str (UTF-8 conversion)', unit=Unit.BYTES),
    rust('later', lies_later, access='&str (UTF-8 conversion)', unit=Unit.BYTES, binding='other'),
    rust('native', asks, access='&str (UTF-8 conversion)', unit=Unit.BYTES, flags='-C target-cpu=native'),
    contender('python', in_place, access='the str, in place'),
]
"""


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that plain Python counts quickly."""
    monkeypatch.setattr(strings, "LONG", 2000)
    monkeypatch.setattr(strings, "SHORT", 20)
    monkeypatch.setattr(strings, "LENGTHS", (2000, 20))
    monkeypatch.setattr(strings, "TURN", 1 << 13)


def find(data: dict[str, Any], way: str, kind: str) -> dict[str, Any]:
    """The row of a way and a kind of text."""
    return next(
        row for row in data["rows"] if (row["access"], row["kind"]) == (way, kind) and row["binding"] != "other"
    )


def test_what_is_measured_of_planted_contenders(plant: Plant, short: None) -> None:
    contenders = registry.implementations_in(plant(PLANTED) / "planted.py")
    data = json.loads(json.dumps(strings.measure(Setting(contenders, seconds=1, limit=30)), allow_nan=False))
    assert {row["contender"] for row in data["rows"]} == {"in-place", "asks", "later", strings.CPYTHON}
    utf8 = {"ASCII": 0, "UCS-2": 3 * 2000 + 1}
    for kind in strings.KINDS:
        for way in (strings.IN_PLACE, strings.ENCODE_32, strings.ENCODE, strings.AS_STR, strings.ASK_ALONE):
            row = find(data, way, kind)
            if kind == "lone surrogates" and way not in (strings.IN_PLACE, strings.ENCODE_32):
                assert row["status"] == "refused" and row["reason"].startswith("UnicodeEncodeError: ")
                continue
            assert row["status"] == "measured", row["reason"]
            groups = row["first"]["2000"]
            assert len(groups) >= data["processes"] == 10 and sum(map(len, groups)) == 10 * data["rounds"]
            assert strings.is_confirmed(row, 2000)
            keeps = way in (strings.AS_STR, strings.ASK_ALONE) and kind != "ASCII"
            assert (strings.kept(row, 2000) > 2000) == keeps
            if keeps and kind in utf8:
                assert strings.kept(row, 2000) == utf8[kind]
    assert {row["status"] for row in data["rows"] if row["contender"] == "later"} == {"wrong", "refused"}
    assert data["selfchecks"]["strings"]["contender"] == "in-place" and len(data["selfchecks"]["strings"]["twin"]) >= 10
    check(strings.answer(data))


def test_the_real_bindings_keep_what_they_say(short: None) -> None:
    """&str leaves UTF-8 on the str and in place leaves nothing, in both bindings that are installed."""
    names = ["pyo3-count-doubles", "pyo3-once", "rust-cpython-count-doubles", "rust-cpython-once"]
    contenders = [each for each in registry.find(read(bundled())) if each.name in names]
    data = strings.measure(Setting(contenders, seconds=1, limit=30))
    assert data["left_out"] == []
    for row in data["rows"]:
        if row["status"] == "measured":
            keeps = row["access"] in (strings.AS_STR, strings.ASK_ALONE) and row["kind"] != "ASCII"
            assert (strings.kept(row, 2000) > 0) == keeps and strings.is_confirmed(row, 2000)
        else:
            assert row["kind"] == "lone surrogates" and row["status"] == "refused"


@pytest.mark.parametrize("text", ["aab", "éé", "中中", "😀😀", "\ud800\ud800中"])
def test_fresh_texts_are_of_their_own_and_keep_nothing(text: str) -> None:
    one, two = with_texts.fresh(text, 2)
    assert one == two == text and one is not two and one is not text
    bare = sys.getsizeof(one)
    if "\ud800" not in text:
        assert with_texts.length_of_utf8()(one) == len(text.encode())
        assert sys.getsizeof(one) - bare == (0 if text.isascii() else len(text.encode()) + 1)
    assert sys.getsizeof(two) == bare


def row(way: str, kind: str, first: float, later: float, kept: int = 0, **more: Any) -> dict[str, Any]:
    """A row, made up: nanoseconds a character."""
    times: dict[str, Any] = {
        key: {str(length): [[value * length * 1e-9] * 3] * 2 for length in strings.LENGTHS}
        for key, value in (("first", first), ("later", later))
    }
    sizes = {
        str(length): {"size": 2 * length, "said": kept * length, "traced": kept * length + 28}
        for length in strings.LENGTHS
    }
    return {
        "contender": f"pyo3-{way}",
        "binding": "PyO3",
        "access": way,
        "kind": kind,
        "counts": "characters",
        "status": "measured",
        "reason": "",
        **times,
        "kept": sizes,
        **more,
    }


def refused(way: str, kind: str) -> dict[str, Any]:
    """A row of what is refused, made up."""
    empty: dict[str, Any] = {str(length): [] for length in strings.LENGTHS}
    more = {"status": "refused", "reason": "UnicodeEncodeError: no", "first": empty, "later": empty, "kept": {}}
    return {**row(way, kind, 1, 1), **more}


def check(answered: Answer) -> None:
    """What holds of any answer."""
    for table in answered.tables:
        assert all(len(line) == len(table.columns) for line in table.rows)
    for drawn in answered.charts:
        json.dumps(drawn.spec, allow_nan=False)
        assert drawn.alternative


def made_up(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"lengths": list(strings.LENGTHS), "processes": 10, "rounds": 6, "left_out": [], "rows": list(rows)}


def test_the_answer_from_made_up_data() -> None:
    answered = strings.answer(
        made_up(
            row(strings.IN_PLACE, "UCS-2", 0.5, 0.25),
            row(strings.IN_PLACE, "lone surrogates", 0.5, 0.25),
            row(strings.AS_STR, "ASCII", 0.75, 0.75),
            row(strings.AS_STR, "UCS-2", 4, 1, kept=3),
            row(strings.ENCODE, "UCS-2", 3, 2),
            refused(strings.AS_STR, "lone surrogates"),
        )
    )
    check(answered)
    assert answered.sentence == (
        "Text that is not ASCII, 1,048,576 characters of it, takes &str 4.00 ns a character in the first call and 1.00 "
        "ns in later ones, since the str keeps the UTF-8 and is then 2.50 times as large. ASCII is UTF-8 as it is: "
        "0.75 ns, then 0.75 ns. Reading it in place takes 0.50 ns in the first call, 0.25 ns in later ones, with any "
        "text, and keeps nothing. Encoding it first takes 2.00 ns in every call, where it is not ASCII. Lone "
        "surrogates are refused by &str, and taken by in place."
    )
    long, short, not_taken = answered.tables
    assert ("UCS-2", "&str", "pyo3-&str", "4.00 [4.00–4.00]", "1.00 [1.00–1.00]", "3.00") in long.rows
    assert ("UCS-2", "&str", "pyo3-&str", "400 [400–400]", "100.0 [100.0–100.0]", "300") in short.rows
    assert not_taken.rows == [("lone surrogates", "&str", "pyo3-&str", "refused: UnicodeEncodeError: no")]
    assert "UCS-2 by &str (PyO3): 3.00" in answered.charts[1].alternative


def test_two_accounts_that_differ_are_said() -> None:
    odd = row(strings.AS_STR, "UCS-2", 4, 1, kept=3)
    odd["kept"][str(strings.LONG)]["traced"] = 0
    answered = strings.answer(made_up(odd))
    check(answered)
    assert answered.sentence.endswith("not what the allocators say: see the table.")
    assert answered.tables[0].rows[0][-1] == "3.00 (tracemalloc: 0 bytes in all)"


def test_nothing_measured_is_an_answer() -> None:
    left = [{"contender": "x", "status": "unavailable", "reason": "needs luck"}]
    answered = strings.answer({**made_up(), "left_out": left})
    check(answered)
    assert (answered.sentence, answered.charts) == ("Nothing could be measured.", [])
    assert [table.rows for table in answered.tables] == [[("–", "–", "x", "unavailable: needs luck")]]

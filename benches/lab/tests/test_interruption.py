"""A question that is broken off keeps what it has, wherever that is, and what it has can be shown."""

from __future__ import annotations

import json

import pytest
from conftest import Plant

from doubles_lab import registry
from doubles_lab.measure.at_once import Watcher
from doubles_lab.questions import gil, inputs, strings
from doubles_lab.questions.answer import Interrupted, Question, Setting

PLANTED = """
import dataclasses

IMPLEMENTATIONS = [
    dataclasses.replace(contender(name, right, access='the str, in place', takes_bytes=True), language='Rust')
    for name in ('one', 'two')
]
"""


class Impatient(Watcher):
    """Breaks off when it has been told so often what runs."""

    def __init__(self, patience: int) -> None:
        self.patience = patience

    def doing(self, what: str) -> None:
        self.patience -= 1
        if self.patience < 0:
            raise KeyboardInterrupt


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that plain Python counts quickly."""
    monkeypatch.setattr(strings, "LONG", 2000)
    monkeypatch.setattr(strings, "SHORT", 20)
    monkeypatch.setattr(strings, "LENGTHS", (2000, 20))
    monkeypatch.setattr(strings, "TURN", 1 << 13)
    monkeypatch.setattr(inputs, "BASE", 1 << 10)
    monkeypatch.setattr(inputs, "WATCHED", 1 << 12)
    monkeypatch.setattr(gil, "LEAST", gil.BASE)
    monkeypatch.setattr(gil, "MOST", gil.BASE)


@pytest.mark.parametrize("question", [strings.QUESTION, inputs.QUESTION, gil.QUESTION], ids=lambda each: each.name)
@pytest.mark.parametrize("patience", [0, 3, 5, 7])
def test_what_was_measured_is_kept(question: Question, patience: int, plant: Plant, short: None) -> None:
    contenders = registry.implementations_in(plant(PLANTED) / "planted.py")
    setting = Setting(contenders, seconds=1, limit=30, watcher=Impatient(patience))
    try:
        data = question.measure(setting)
        assert setting.watcher.patience >= 0  # type: ignore[attr-defined]
    except Interrupted as interrupt:
        data = interrupt.data
    answer = question.answer(json.loads(json.dumps(data, allow_nan=False)))
    assert answer.sentence
    if patience == 0:
        assert answer.sentence == "Nothing could be measured."

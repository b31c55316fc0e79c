"""The check of the lab by itself, in the data of a question and in its answer: what a race has, for questions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from doubles_lab.contender import Contender
from doubles_lab.measure import selfcheck
from doubles_lab.measure.subject import Subject
from doubles_lab.questions.answer import Answer
from doubles_lab.results.record import CaseRecord, SelfCheck

Groups = Sequence[Sequence[float]]


def itself(contender: Contender, worker: str) -> list[Subject]:
    """The twin of a contender, and one slowed by a known share."""
    return [Subject(contender, worker), Subject(contender, worker, selfcheck.SLOWDOWN)]


def data_of(contender: str, original: Groups, twin: Groups, slowed: Groups, reason: str = "") -> dict[str, Any]:
    """What is saved: seconds a call, by process and round, of a contender, its twin, and one slowed by a known share.

    ``reason`` is why there is no check, "" if there is one.
    """
    kept = [[list(group) for group in groups if group] for groups in (original, twin, slowed)]
    check = SelfCheck(contender, selfcheck.SLOWDOWN, reason=reason, original=kept[0], twin=kept[1], slowed=kept[2])
    return asdict(check)


def answered(answer: Answer, data: dict[str, Any] | None) -> Answer:
    """The answer with what the check came to: before all else if it failed. ``None`` is data from before there was one.

    Raises ``TypeError`` or ``ValueError`` for what :func:`data_of` did not give.
    """
    if data is None or answer.empty:
        return answer
    check = SelfCheck(**data)
    for group in (*check.original, *check.twin, *check.slowed):
        if not all(0 < float(value) < math.inf for value in group):
            raise ValueError("a time is not above 0")
    found = selfcheck.examine(CaseRecord("this question", "", "", selfcheck=check))
    assert found is not None
    said = " ".join(selfcheck.sentences(found))
    if found.trustworthy:
        return replace(answer, method=f"{answer.method} {said}")
    return replace(answer, sentence=f"{said} {answer.sentence}")

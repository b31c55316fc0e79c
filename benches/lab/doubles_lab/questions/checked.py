"""The check of the lab by itself, in the data of a question and in its answer: what a race has, for questions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from doubles_lab.implementation import Implementation
from doubles_lab.measure import selfcheck
from doubles_lab.measure.subject import Subject
from doubles_lab.questions.answer import Answer
from doubles_lab.results.record import CaseRecord, SelfCheck

Groups = Sequence[Sequence[float]]


def itself(contender: Implementation) -> list[Subject]:
    """The twin of a contender, and one slowed by a known share."""
    return [Subject(contender), Subject(contender, selfcheck.SLOWDOWN)]


def data_of(contender: str, three: Iterable[Groups], reason: str = "") -> dict[str, Any]:
    """What is saved: seconds a call, by process and round, of a contender, its twin, and one slowed by a known share.

    ``reason`` is why there is no check, "" if there is one.
    """
    kept = [[list(group) for group in groups if group] for groups in three]
    check = SelfCheck(contender, selfcheck.SLOWDOWN, reason=reason, original=kept[0], twin=kept[1], slowed=kept[2])
    return msgspec.structs.asdict(check)


def answered(answer: Answer, checks: Mapping[str, Any]) -> Answer:
    """The answer with what the checks came to, by what they were of: before all else where one failed.

    Raises ``TypeError`` or ``ValueError`` for what :func:`data_of` did not give.
    """
    found = []
    for name, data in checks.items():
        check = SelfCheck(**data)
        for group in (*check.original, *check.twin, *check.slowed):
            if not all(0 < float(value) < math.inf for value in group):
                raise ValueError("a time is not above 0")
        found.append(selfcheck.examine(CaseRecord(name, "", "", selfcheck=check)))
    if not found or answer.empty:
        return answer
    failed = [" ".join(selfcheck.sentences(each)) for each in found if each is not None and not each.trustworthy]
    if failed:
        return replace(answer, sentence=" ".join([*failed, answer.sentence]))
    first = " ".join(selfcheck.sentences(found[0])) if found[0] is not None else ""
    others = f" So did {', '.join(list(checks)[1:])}." if len(found) > 1 else ""
    return replace(answer, method=f"{answer.method} {first}{others}")

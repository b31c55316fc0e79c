"""Asks the questions, and keeps what was measured in a file of its own.

The file holds, for each question that was asked, the data that it measured. It is written anew after each question,
whole or not at all.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import doubles_lab.questions
from doubles_lab import registry, saved
from doubles_lab.answer import Answer, Question, Setting

FORMAT = "doubles-lab explain 1"


class NotAnExplanation(Exception):
    """A file that ``doubles-lab explain`` did not save. Its text says what is wrong."""


@dataclass
class Explanation:
    """The data of every question that was asked, by its name."""

    date: str
    machine: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    data: dict[str, dict[str, Any]] = field(default_factory=dict)


def find_questions() -> list[Question]:
    """Every question, by number."""
    files = registry.modules_of(doubles_lab.questions)
    found: list[Question] = [registry.load_file(file).QUESTION for file in files]
    return sorted(found, key=lambda question: question.number)


def explain(questions: Sequence[Question], setting: Setting, file: Path | None) -> Explanation:
    """Asks each question, which shares the setting's seconds evenly, and saves to ``file`` after each."""
    result = Explanation(
        date=datetime.datetime.now().isoformat(sep=" ", timespec="seconds"),
        machine=saved.machine(),
        seed=setting.seed,
    )
    each = replace(setting, seconds=setting.seconds / max(1, len(questions)))
    for question in questions:
        result.data[question.name] = question.measure(each)
        if file is not None:
            saved.write_whole(file, dumps(result))
    return result


def dumps(result: Explanation) -> str:
    """The text of a saved explanation."""
    body = {
        "format": FORMAT,
        "date": result.date,
        "machine": result.machine,
        "seed": result.seed,
        "data": result.data,
    }
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def read(file: Path) -> Explanation:
    """The explanation that a file holds. Raises :class:`NotAnExplanation` for any other file."""
    try:
        body = json.loads(file.read_text(encoding="utf-8"))
        if body["format"] != FORMAT:
            raise NotAnExplanation(f"{file}: has the format {body['format']!r}, not {FORMAT!r}")
        return Explanation(
            date=str(body["date"]), machine=dict(body["machine"]), seed=int(body["seed"]), data=dict(body["data"])
        )
    except OSError as error:
        raise NotAnExplanation(f"{file}: {error.strerror or error}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnExplanation(
            f"{file}: is not what doubles-lab explain saved ({type(error).__name__}: {error})"
        ) from None


def answers(result: Explanation) -> list[tuple[Question, Answer]]:
    """The answers that an explanation's data give, by number."""
    asked = [question for question in find_questions() if question.name in result.data]
    return [(question, question.answer(result.data[question.name])) for question in asked]

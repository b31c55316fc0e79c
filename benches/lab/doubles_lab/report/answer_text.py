"""Answers as a report. Charts are for the page, unless they are drawn beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from doubles_lab.questions.answer import Answer, Question
from doubles_lab.questions.explain import Explanation
from doubles_lab.report.document import HEADING, Cell, Part, Picture

Answers = Sequence[tuple[Question, Answer]]


def setting(result: Explanation) -> list[str]:
    """Where and when an explanation was made, a line each."""
    facts = result.machine
    python = str(facts.get("python_version", "?")).partition(" ")[0]
    cpu = f"{facts.get('cpu_model_name', '?')}, {facts.get('cpu_count', '?')} CPUs"
    lines = [f"{cpu}; Python {python}; {result.date}; seed {result.seed}"]
    for name, asked in result.apart.items():
        lines.append(f"Asked apart: {name}, {asked.get('date', '?')}; seed {asked.get('seed', '?')}")
    if result.interrupted:
        lines.append("Interrupted: this is what had been measured by then.")
    return lines


def report(result: Explanation, answers: Answers, pictures: Mapping[str, Sequence[str]] | None = None) -> list[Part]:
    """The answers. ``pictures`` are the files of the charts of each question, if they were drawn."""
    parts: list[Part] = []
    for question, answer in answers:
        parts += [Cell(f"{question.number}. {question.text}", HEADING), Cell(answer.sentence, "strong"), ""]
        parts += answer.tables
        drawn = zip(answer.charts, (pictures or {}).get(question.name, ()))
        parts += [Picture(chart.alternative, file) for chart, file in drawn]
        parts += [Cell(answer.method, "quiet"), ""]
    return [*parts, *(Cell(line, "quiet") for line in setting(result))]

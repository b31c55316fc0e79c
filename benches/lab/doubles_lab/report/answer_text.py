"""Answers as text: in the terminal, and as Markdown. Charts are for the report, unless they are drawn beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.rule import Rule
from rich.table import Table as RichTable
from rich.text import Text

from doubles_lab.questions.answer import Answer, Question, Table
from doubles_lab.questions.explain import Explanation
from doubles_lab.report.exports import escape

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


def show(result: Explanation, answers: Answers, console: Console) -> None:
    """Prints the answers."""
    for question, answer in answers:
        console.print(Rule(Text(f"{question.number}. {question.text}", "bold"), align="left", characters="─"))
        console.print(Text(answer.sentence, "bold"))
        for table in answer.tables:
            console.print()
            if table.title:
                console.print(Text(table.title))
            console.print(_shown(table))
        if answer.method:
            console.print()
            console.print(Text(answer.method, "dim"))
        console.print()
    for line in setting(result):
        console.print(Text(line, "dim"))


def _shown(table: Table) -> RichTable:
    shown = RichTable(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for index, column in enumerate(table.columns):
        right = index in table.numbers
        shown.add_column(Text(column), justify="right" if right else "left", overflow="fold", no_wrap=index == 0)
    for row in table.rows:
        shown.add_row(*[Text(cell) for cell in row])
    return shown


def as_markdown(result: Explanation, answers: Answers, pictures: Mapping[str, Sequence[str]] | None = None) -> str:
    """The answers as Markdown. ``pictures`` are the files of the charts of each question, if they were drawn."""
    lines: list[str] = []
    for question, answer in answers:
        lines += [f"## {question.number}. {escape(question.text)}", "", f"**{escape(answer.sentence)}**", ""]
        for table in answer.tables:
            if table.title:
                lines += [f"### {escape(table.title)}", ""]
            lines += [_row([escape(column) for column in table.columns])]
            lines += [_row(["--:" if index in table.numbers else "---" for index in range(len(table.columns))])]
            lines += [_row([escape(" ".join(cell.split())) for cell in row]) for row in table.rows]
            lines += [""]
        for chart, picture in zip(answer.charts, (pictures or {}).get(question.name, ())):
            lines += [f"![{escape(chart.alternative)}]({picture})", ""]
        if answer.method:
            lines += [part for each in answer.method.split("\n\n") for part in (escape(each), "")]
    lines += [f"{escape(line)}  " for line in setting(result)]
    return "\n".join([*lines, ""])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"

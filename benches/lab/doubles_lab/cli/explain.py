"""``doubles-lab explain``: answers the other questions."""

from __future__ import annotations

import datetime
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.text import Text

from doubles_lab.cli import exits, files, options, progress
from doubles_lab.cli.exits import Command
from doubles_lab.questions import explain
from doubles_lab.questions.answer import Answer, Question, Setting
from doubles_lab.report import answer_text, document, terminal
from doubles_lab.results import saved


@click.command(
    "explain",
    cls=Command,
    epilog="\b\nExamples:\n"
    "  doubles-lab explain                           every question, some twenty minutes\n"
    "  doubles-lab explain --quick                   the same in five, less exactly\n"
    "  doubles-lab explain payoff --tag best         when native pays off, for the best of each approach\n"
    "  doubles-lab explain calls --budget 90s        what a call costs\n"
    "  doubles-lab explain ownership --budget 40m --add results/2026-01-01T12-00-00.explain.json\n"
    "  doubles-lab explain --show results/2026-01-01T12-00-00.explain.json",
)
@click.argument("questions", nargs=-1, metavar="[QUESTION]...")
@options.contender_options
@click.option("--charts", is_flag=True, help="Draw each chart into a file, as SVG.")
@click.option("--quick", is_flag=True, help="A fifth of the time.")
@click.option(
    "--budget",
    type=options.Duration(),
    help="Measure for so long in all, as 90s or 5m. [default: 1m a question, 4m for operations, 10m for ownership]",
)
@options.timeout_option(60.0, "a call")
@options.seed_option
@options.output_option
@options.no_files_option
@click.option("--add", "before", type=click.Path(path_type=Path), help="Keep what this file has of other questions.")
@click.option("--show", "file", type=click.Path(path_type=Path), help="Show what was saved in this file again.")
def command(
    questions: Sequence[str],
    contenders: options.Contenders,
    quick: bool,
    budget: float | None,
    timeout: float,
    seed: int | None,
    output: Path,
    no_files: bool,
    charts: bool,
    before: Path | None,
    file: Path | None,
) -> None:
    """Answer questions about what was chosen: what a call costs, when native pays off, and more.

    Each QUESTION is a word that the answers are headed by; without one, all are asked. What was measured is saved
    after each as <time>.explain.json, and the answers as <time>.explain.md. Charts are for the report, or with --charts
    each in a file of its own.
    """
    chosen = explain.choose(questions)
    if file is not None:
        show_explanation(file, [question.name for question in chosen])
        return
    asked_of = contenders.checked(options.folder_at(), timeout)
    seconds = sum(question.seconds for question in chosen) * (explain.QUICK if quick else 1)
    drawn = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    out = terminal.out()
    with files.stem_in(None if no_files else output, datetime.datetime.now().isoformat(timespec="seconds")) as stem:
        with progress.Bar(terminal.errors()) as bar:
            facts = options.warned()
            setting = Setting(
                asked_of, budget or seconds, limit=timeout, seed=drawn, watcher=bar, budgeted=budget is not None
            )
            command = files.published(sys.argv[1:], drawn)
            to = stem and stem.with_name(f"{stem.name}.explain.json")
            try:
                result = explain.explain(chosen, setting, to, command, explain.read(before) if before else None, facts)
            except explain.NotAnExplanation as error:
                terminal.complain(error)
                sys.exit(exits.NOTHING)
        found = explain.answers(result)
        if result.interrupted and not found:
            terminal.complain("interrupted before anything was measured")
        else:
            document.show(answer_text.report(result, found), out)
        if stem is not None and found:
            pictures = draw(found, stem) if charts else None
            markdown = document.markdown(answer_text.report(result, found, pictures))
            saved.write_whole(stem.with_name(f"{stem.name}.explain.md"), markdown)
            for suffix in ("json", "md"):
                out.print(Text(str(stem.with_name(f"{stem.name}.explain.{suffix}")), "dim"), soft_wrap=True)
    asked = {question.name for question in chosen}
    sys.exit(exit_code_of_answers(result, [each for each in found if each[0].name in asked]))


def draw(found: Sequence[tuple[Question, Answer]], stem: Path) -> dict[str, list[str]]:
    """Draws the charts of answers, and gives their files' names by question."""
    from doubles_lab.report import chart

    pictures: dict[str, list[str]] = {}
    for question, answer in found:
        for number, drawn in enumerate(answer.charts, 1):
            file = stem.with_name(f"{stem.name}.{question.name}-{number}.svg")
            saved.write_whole(file, chart.svg_of(drawn.spec))
            pictures.setdefault(question.name, []).append(file.name)
    return pictures


def show_explanation(file: Path, names: Sequence[str]) -> None:
    """Shows the answers to these questions that a saved file holds."""
    try:
        result = explain.read(file)
        found = [(question, answer) for question, answer in explain.answers(result) if question.name in names]
    except explain.NotAnExplanation as error:
        terminal.complain(error)
        sys.exit(exits.NOTHING)
    if not found:
        terminal.complain(f"{file}: holds no answer to {', '.join(names)}")
        sys.exit(exits.NOTHING)
    document.show(answer_text.report(result, found), terminal.out())
    sys.exit(told_of_empty(found))


def exit_code_of_answers(result: explain.Explanation, found: Sequence[tuple[Question, Answer]]) -> int:
    """The exit code of an explanation."""
    if result.interrupted:
        return exits.INTERRUPTED
    if not result.data:
        return exits.NOTHING
    if result.failed or any(answer.broken for _, answer in found):
        return exits.WRONG
    return told_of_empty(found)


def told_of_empty(found: Sequence[tuple[Question, Answer]]) -> int:
    """The exit code for answers, of which those that nothing was measured for are told of."""
    empty = [question.name for question, answer in found if answer.empty]
    if empty:
        terminal.complain(f"nothing was measured for {', '.join(empty)}")
        return exits.NOTHING
    return 0

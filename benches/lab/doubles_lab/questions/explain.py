"""Asks the questions, and keeps what was measured in a file of its own.

The file holds, for each question that was asked, the data that it measured. It is written anew after each question,
whole or not at all.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

import doubles_lab.questions
from doubles_lab import registry
from doubles_lab.questions.answer import Answer, Interrupted, Question, Setting
from doubles_lab.results import saved, untrusted

FORMAT = "doubles-lab explain 1"
#: Of the time that a question is meant to have, what a quick run takes.
QUICK = 0.2


class NotAnExplanation(Exception):
    """A file that ``doubles-lab explain`` did not save. Its text says what is wrong."""


class Explanation(Struct, tag_field="format", tag=FORMAT):
    """The data of every question that was asked, by its name."""

    date: str
    machine: dict[str, Any] = {}
    seed: int = 0
    data: dict[str, dict[str, Any]] = {}
    #: The questions that could not be answered, with the reason.
    failed: dict[str, str] = {}
    interrupted: bool = False
    #: What was asked for, for others to repeat: no directory is in it.
    command: str = ""
    #: For the questions that were asked at another time than the rest: date, seed, command and revision.
    apart: dict[str, dict[str, str]] = {}

    def command_of(self, question: str) -> str:
        """The command that asked a question."""
        return self.apart.get(question, {}).get("command", self.command)

    def asked(self, question: str) -> tuple[str, str]:
        """When a question was asked, and of which revision of the sources."""
        apart = self.apart.get(question, {})
        return apart.get("date", self.date), apart.get("revision", str(self.machine.get("revision", "?")))


def find_questions() -> list[Question]:
    """Every question, by number."""
    files = registry.modules_in(map(Path, doubles_lab.questions.__path__))
    modules = (registry.load_file(file) for file in files)
    found: list[Question] = [module.QUESTION for module in modules if hasattr(module, "QUESTION")]
    return sorted(found, key=lambda question: question.number)


def choose(names: Sequence[str]) -> list[Question]:
    """The questions of these names, by number; all if there are none. Raises ``registry.NotFound`` for another name."""
    every = find_questions()
    for name in names:
        if name not in {question.name for question in every}:
            raise registry.NotFound(registry.no_such("question", name, [question.name for question in every]))
    return [question for question in every if not names or question.name in names]


#: What two explanations must share to stand in one file.
SAME = ("cpu_model_name", "cpu_count", "python_version", "platform")


def explain(
    questions: Sequence[Question],
    setting: Setting,
    file: Path | None,
    command: str = "",
    before: Explanation | None = None,
    facts: Mapping[str, str] | None = None,
) -> Explanation:
    """Asks each question, and saves to ``file`` after each, with what was measured ``before`` for other questions.

    ``facts`` of the machine are kept with those that the lab collects itself.
    They share the setting's seconds as they are meant to have them; what one leaves, the others have. One that fails is
    kept as a reason.
    Stops at a ``KeyboardInterrupt`` with what has been measured by then.
    """
    result = Explanation(
        date=datetime.datetime.now().isoformat(sep=" ", timespec="seconds"),
        machine={**saved.machine(), **(facts or {})},
        seed=setting.seed,
        command=command,
    )
    if before is not None:
        result = continued(before, result, [question.name for question in questions])
    end = time.monotonic() + setting.seconds
    for number, question in enumerate(questions):
        waiting = questions[number:]
        left = max(end - time.monotonic(), 0.2 * setting.seconds)
        # What is measured for several questions has the time of all of them.
        users = [other for other in waiting if other is question or set(other.shares) & set(question.shares)]
        share = left * sum(other.seconds for other in users) / sum(other.seconds for other in waiting)
        try:
            result.data[question.name] = question.measure(dataclasses.replace(setting, seconds=share))
        except Interrupted as interrupt:
            result.data[question.name] = interrupt.data
            result.interrupted = True
        except KeyboardInterrupt:
            result.interrupted = True
        except Exception as error:
            result.failed[question.name] = f"{type(error).__name__}: {error}".partition("\n")[0]
        if file is not None and (result.data or result.failed):
            # Should this process be killed, the file says that it is not all.
            waits = number + 1 < len(questions)
            saved.write_whole(file, dumps(replace(result, interrupted=result.interrupted or waits)))
        if result.interrupted:
            break
    return result


def continued(before: Explanation, now: Explanation, names: Sequence[str]) -> Explanation:
    """The earlier explanation, with these questions still to be asked.

    Raises :class:`NotAnExplanation` if it was made on another machine.
    """
    for key in SAME:
        if str(before.machine.get(key)) != str(now.machine.get(key)):
            raise NotAnExplanation(
                f"the other answers were measured with {key} {before.machine.get(key)}, and here it is "
                f"{now.machine.get(key)}"
            )
    apart = {
        "date": now.date,
        "seed": str(now.seed),
        "command": now.command,
        "revision": str(now.machine.get("revision", "?")),
    }
    return replace(
        before,
        data={name: data for name, data in before.data.items() if name not in names},
        failed={name: reason for name, reason in before.failed.items() if name not in names},
        apart={**before.apart, **dict.fromkeys(names, apart)},
        interrupted=False,
    )


def dumps(result: Explanation) -> str:
    """The text of a saved explanation. What questions share is in it once."""
    shares = {question.name: question.shares for question in find_questions()}
    shared: dict[str, Any] = {}
    data: dict[str, dict[str, Any]] = {}
    for name, measured in result.data.items():
        data[name] = dict(measured)
        for key in shares.get(name, ()):
            if key in measured and shared.setdefault(key, measured[key]) == measured[key]:
                del data[name][key]
    body = {**msgspec.to_builtins(replace(result, data={})), "shared": shared, "data": data}
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def read(file: Path) -> Explanation:
    """The explanation that a file holds. Raises :class:`NotAnExplanation` for any other file."""
    try:
        body = untrusted.parsed(untrusted.text_of(file))
        result = msgspec.convert(body, Explanation)
        shared = msgspec.convert(body.get("shared", {}), dict[str, Any])
    except OSError as error:
        raise NotAnExplanation(f"{file}: {error.strerror or error}") from None
    except (ValueError, msgspec.MsgspecError) as error:
        raise NotAnExplanation(
            f"{file}: is not what doubles-lab explain saved ({type(error).__name__}: {untrusted.shortly(error)})"
        ) from None
    for question in find_questions():
        for key in question.shares if question.name in result.data else ():
            if key in shared:
                result.data[question.name].setdefault(key, shared[key])
    return result


def answers(result: Explanation) -> list[tuple[Question, Answer]]:
    """The answers that an explanation's data give, by number; for a question that failed, one that says why.

    Raises :class:`NotAnExplanation` for data that its question did not measure.
    """
    found = []
    for question in find_questions():
        if question.name in result.failed:
            found.append((question, Answer(f"Not answered: {result.failed[question.name]}", [], [], "")))
        elif question.name in result.data:
            try:
                answer = question.answer(result.data[question.name])
                _check(answer)
            except Exception as error:  # whatever a file may hold
                raise NotAnExplanation(
                    f"the data of the question {question.name!r} are not what doubles-lab explain saved "
                    f"({type(error).__name__}: {untrusted.shortly(error)})"
                ) from error
            found.append((question, answer))
    return found


def _check(answer: Answer) -> None:
    """Raises ``TypeError`` unless all that is shown is text."""
    cells = (cell for table in answer.tables for row in table.rows for cell in row)
    for text in [answer.sentence, answer.method, *cells]:
        if not isinstance(text, str):
            raise TypeError(f"{text!r} is not a text")

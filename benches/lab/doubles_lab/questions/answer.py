"""A question that the lab answers besides the race, and what an answer is made of.

A file in ``questions/`` declares one. Measuring gives plain data, which is saved as it is; tables, charts and sentences
are worked out from that data each time they are shown, so that a saved file can be shown again.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from doubles_lab.implementation import Implementation
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.schedule import Plan
from doubles_lab.measure.subject import MEASURED
from doubles_lab.report.document import Table


class Interrupted(KeyboardInterrupt):
    """Raised by ``measure`` in place of a ``KeyboardInterrupt``, with the data that it has by then."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__()
        self.data = data


def keeping(fill: Callable[[Setting, dict[str, Any]], None]) -> Callable[[Setting], dict[str, Any]]:
    """What measures, of what fills data as it goes: a ``KeyboardInterrupt`` becomes :class:`Interrupted`."""

    @functools.wraps(fill)
    def measure(setting: Setting) -> dict[str, Any]:
        data: dict[str, Any] = {}
        try:
            fill(setting, data)
        except KeyboardInterrupt:
            raise Interrupted(data) from None
        return data

    return measure


@dataclass(frozen=True)
class Setting:
    """What a question is given to measure with."""

    #: The contenders that were chosen, as the discovery found them.
    contenders: Sequence[Implementation]
    #: About how long it may measure, in seconds, builds apart.
    seconds: float
    #: Seconds for one call; then the contender has hung.
    limit: float = 60.0
    #: The seed of every order that is drawn.
    seed: int = 0
    watcher: Watcher = field(default_factory=Watcher)
    #: Whether that is all the time that there is: then there may be fewer than ten processes.
    budgeted: bool = False
    #: What one question measured and others need as well, by its name: see ``Question.shares``.
    shared: dict[str, dict[str, Any]] = field(default_factory=dict)

    def plan(self, begun: float, share: float = 1.0) -> Plan:
        """How to measure in what is left of a share of the time."""
        left = max(0.0, self.seconds * share - (time.monotonic() - begun))
        fewest = Plan.fewest if self.budgeted else Plan.processes
        return Plan(case_seconds=left, budgeted=True, fewest=fewest, limit=self.limit, seed=self.seed, brief=True)


def by_process(samples: Sequence[Any]) -> list[Any]:
    """Samples by process. Files from before there were several have the samples of one alone."""
    return list(samples) if samples and isinstance(samples[0], list) else [list(samples)]


def unmeasured(rows: Iterable[Mapping[str, Any]], *keys: str) -> Iterator[tuple[tuple[str, ...], list[str], str]]:
    """The rows without times: these ``keys`` of them, the inputs for which they have the same reason, and that."""
    inputs: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        if row["status"] != MEASURED:
            key = (*(str(row[key]) for key in keys), f"{row['status']}: {row['reason']}")
            inputs.setdefault(key, []).append(row["input"])
    for (*found, why), values in inputs.items():
        yield tuple(found), values, why


def rounds_of(data: dict[str, Any]) -> str:
    """How many processes and rounds there were, and what intervals hold."""
    rounds = data.get("rounds")
    if isinstance(rounds, dict):
        rounds = ", ".join(f"{many} for {name}" for name, many in rounds.items())
    return (
        f"{data.get('processes', '?')} processes of each, renewed in different rounds; rounds in each: "
        f"{rounds or '?'}, in an order drawn anew each time, on one CPU. A time is the mean of the medians "
        "of the processes, and intervals are of 95 %, by Student's t over the processes."
    )


@dataclass(frozen=True)
class Chart:
    """A Vega-Lite specification, with a text for those who cannot see it."""

    title: str
    spec: dict[str, Any]
    alternative: str


class Nothing(str):
    """The sentence of an answer that nothing was measured for."""


UNANSWERED = Nothing("Nothing could be measured.")


@dataclass(frozen=True)
class Answer:
    """What is shown of a question."""

    #: The answer in a sentence or two, from the data.
    sentence: str
    tables: list[Table]
    charts: list[Chart]
    #: How it was measured, and what to keep in mind.
    method: str
    #: The contenders that broke what they state while it was measured.
    broken: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was measured for it."""
        return isinstance(self.sentence, Nothing)


@dataclass(frozen=True)
class Question:
    """A question with the way to its answer.

    ``measure`` returns plain data (what JSON holds: no NaN, no tuples). What cannot be measured here is data as well,
    with its reason. ``answer`` works on data that was read from a file, and raises nothing for data that ``measure``
    gave.
    """

    #: One word, as the command line takes it.
    name: str
    #: Its place in the report. The race itself is 1.
    number: int
    text: str
    measure: Callable[[Setting], dict[str, Any]]
    answer: Callable[[dict[str, Any]], Answer]
    #: The keys of its data that other questions have too. They are measured once, which is what ``Setting.shared`` is
    #: for, with the time of all the questions that share them, and saved once.
    shares: tuple[str, ...] = ()
    #: Seconds that it is meant to have, builds apart; of a budget it has its part by these.
    seconds: float = 60.0

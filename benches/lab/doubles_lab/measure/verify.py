"""Checks contenders before anything is timed, and shows where they differ."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

from doubles_lab.case import Input
from doubles_lab.contender import LONGEST, Contender, Outcome, Raises
from doubles_lab.measure.process import Gone, Process, Scratch
from doubles_lab.results.findings import Finding

#: Seconds that a contender may take to import and build what it needs.
BUILD_LIMIT = 1800.0


@dataclass(frozen=True)
class Expectation:
    """What a contender must give for one input by its own account, and the statement that makes it so ("" if none)."""

    outcome: Outcome
    statement: str


class NotForThis(Exception):
    """The contender does not take this input. Its text is the reason."""


def expectation(contender: Contender, given: Input) -> Expectation:
    """What ``contender`` must give for ``given``. Raises :class:`NotForThis` if it does not take such input."""
    if given.text is None:
        if not contender.takes_bytes:
            raise NotForThis("needs text, and this input is not UTF-8")
        return Expectation(given.bytes, "")
    of_unit = given.count(contender.unit)
    try:
        outcome, statement = contender.stated(given.text, of_unit)
    except Exception as error:  # it is the contender's own function
        raise NotForThis(f"what it states cannot be worked out: {type(error).__name__}: {error}") from None
    if not statement and outcome != given.expected:
        statement = f"counts {contender.unit}, not {given.reference}"
    return Expectation(outcome, statement)


def outcome_of(reply: dict[str, object]) -> Outcome:
    """The outcome that a worker's reply to a call tells."""
    if "count" in reply:
        count = reply["count"]
        assert isinstance(count, int)
        return count
    return Raises(str(reply["raised"]))


def verify(contender: Contender, inputs: Sequence[Input], paths: Sequence[str], limit: float) -> list[Finding]:
    """What ``contender`` does with every input, in a process of its own, and a new one after each that ends it.

    ``paths`` are files that hold the inputs' bytes, and ``limit`` is in seconds, for one call.
    """
    findings: list[Finding] = []
    process: Process | None = None
    unavailable = ""

    def finding(given: Input, found: Outcome | None, stated: Outcome | None, reason: str, broken: bool) -> None:
        said = reason[:LONGEST]
        findings.append(Finding(contender.name, contender.unit, given.name, found, stated, said, broken))

    try:
        for given, path in zip(inputs, paths):
            if unavailable:
                finding(given, None, None, unavailable, False)
                continue
            try:
                expected = expectation(contender, given)
            except NotForThis as refusal:
                finding(given, None, None, str(refusal), False)
                continue
            if process is None:
                process = Process()
                try:
                    unavailable = load(process, contender, limit)
                except Gone as end:
                    unavailable = f"{end}, while it was loaded"
                    finding(given, None, expected.outcome, unavailable, True)
                    continue
                if unavailable:
                    finding(given, None, None, unavailable, False)
                    continue
            try:
                reply = process.ask("input", limit, path=path, is_text=given.text is not None)
                if "raised" not in reply:
                    reply = process.ask("call", limit)
            except Gone as end:
                finding(given, None, expected.outcome, str(end), True)
                process.end()
                process = None
                continue
            found = outcome_of(reply)
            reason, broken = expected.statement, found != expected.outcome
            if broken:
                said = f", which it does not state: {reply['message']}" if isinstance(found, Raises) else ""
                reason = f"must give {expected.outcome}{said}"
            finding(given, found, expected.outcome, reason, broken)
    finally:
        if process is not None:
            process.end()
    return findings


def load(process: Process, contender: Contender, limit: float) -> str:
    """Loads the contender in its process; returns why it is unavailable, "" if it is not.

    One that compiles is given longer than ``limit``. Raises :class:`Gone` if the process ends.
    """
    if contender.compiled:
        limit = max(limit, BUILD_LIMIT)
    reply = process.ask("load", limit, file=contender.file, name=contender.name)
    process.facts = reply
    if "raised" in reply:
        return f"cannot be loaded: {reply['raised']}: {reply['message']}"
    return str(reply.get("unavailable", ""))


def verify_all(
    contenders: Sequence[Contender],
    inputs: Sequence[Input],
    limit: float,
    busy: Callable[[str], AbstractContextManager[object]] = contextlib.nullcontext,
) -> Iterator[list[Finding]]:
    """The findings of each contender, in turn; as many at once as there are processors.

    ``busy`` gets the name of each, and is entered while that one is verified.
    """

    def one(contender: Contender) -> list[Finding]:
        with busy(contender.name):
            return verify(contender, inputs, paths, limit)

    with Scratch() as scratch:
        paths = [scratch.write(given.data) for given in inputs]
        for given in inputs:
            _ = (given.characters, given.bytes)  # once here, not once in every thread
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            yield from pool.map(one, contenders)


def broken(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in which a contender broke what it states."""
    return [finding for finding in findings if finding.broken]

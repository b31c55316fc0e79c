"""Checks implementations before anything is timed, and shows where they differ."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

from doubles_lab.folder import REFERENCE, bundled
from doubles_lab.given import Given, NotForThis, expectation
from doubles_lab.implementation import LONGEST, Implementation, Raises
from doubles_lab.measure.examples import GONE, Examples
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Gone, Hung, Process, Scratch
from doubles_lab.problem import exact
from doubles_lab.results.findings import Finding, told

#: Seconds that an implementation may take to import and build what it needs.
BUILD_LIMIT = 1800.0
#: The inputs of one size that it is tried with whether results are kept, at most.
MOST_KEPT = 3


#: The first call with an input takes so many times what the second one with equal arguments does, where results are
#: kept.
KEPT = 20
#: What is said of a function that is not written yet, and how the message of Rust's ``todo!()`` begins.
UNWRITTEN, TODO = "not written yet", "not yet implemented"
#: How a process is started.
Start = Callable[[], Process]
#: The nanoseconds that a first call takes at least for that to be told from what a first call costs anyway.
TELLING = 20_000


def load(process: Process, implementation: Implementation, limit: float) -> str:
    """Loads an implementation in its process; returns why it is unavailable, "" if it is not.

    One that compiles is given longer than ``limit``. Raises :class:`Gone` if the process ends.
    """
    if implementation.compiled:
        limit = max(limit, BUILD_LIMIT)
    folder = implementation.folder or str(bundled())
    reply = process.ask("load", limit, folder=folder, file=implementation.file, name=implementation.name)
    process.facts = reply
    if "raised" in reply:
        return f"cannot be loaded: {reply['raised']}: {reply['message']}"
    return str(reply.get("unavailable", ""))


def verify(
    implementation: Implementation,
    inputs: Sequence[Given],
    files: Files,
    limit: float,
    start: Start = Process,
    examples: Examples | None = None,
) -> list[Finding]:
    """What an implementation does with every input, in a process of its own, and a new one after each that ends it.

    One that hangs is tried no further. ``limit`` is in seconds, for one call. ``start`` starts a process. What is right
    on every input is tried on the generated ``examples`` as well.
    """
    findings: list[Finding] = []
    process: Process | None = None
    unavailable = ""

    def finding(given: Given, found: Any, stated: Any, reason: str, broken: bool, failed: bool = False) -> None:
        name, unit, said = implementation.name, str(implementation.unit), reason[:LONGEST]
        findings.append(Finding(name, unit, given.name, told(found), told(stated), said, broken, failed))

    try:
        for given in inputs:
            if unavailable:
                finding(given, None, None, unavailable, False)
                continue
            try:
                expected = expectation(implementation, given)
                path = files.expected(expected.outcome)
            except NotForThis as refusal:
                finding(given, None, None, str(refusal), False)
                continue
            if process is None:
                process = start()
                try:
                    unavailable = load(process, implementation, limit)
                except Gone as end:
                    unavailable = f"{end}, while it was loaded"
                    finding(given, None, expected.outcome, unavailable, True, failed=True)
                    continue
                if unavailable:
                    finding(given, None, None, unavailable, False)
                    continue
            try:
                reply = process.ask("give", limit, **files.request(given), expected=path)
                if "raised" in reply and implementation.variant:
                    said = f"has no form {implementation.variant}: {reply['raised']}: {reply['message']}"
                    finding(given, None, None, said, False)
                    continue
                if "raised" not in reply:
                    reply = process.ask("call", limit)
            except Gone as end:
                finding(given, None, expected.outcome, str(end), True, failed=True)
                process.end()
                process = None
                if isinstance(end, Hung):
                    unavailable = f"is not tried, since it hung on {given.name}"
                continue
            if (said := unwritten(reply)) and str(expected.outcome) != reply["raised"]:
                finding(given, Raises(reply["raised"]), expected.outcome, said, True)
                unavailable = "is not tried, since it is not written yet"
                continue
            if "raised" in reply:
                found: Any = Raises(str(reply["raised"]))
                right = exact(found, expected.outcome)
                wrong = "" if right else found.instead_of(expected.outcome, reply["message"])
            else:
                wrong = reply["counts"][0][0] if reply["counts"] else ""
                found = reply["found"] if wrong else expected.outcome
            finding(given, found, expected.outcome, wrong or expected.statement, bool(wrong))
        if process is not None and not unavailable and (said := kept(process, implementation, inputs, limit, start)):
            finding(inputs[-1], None, None, said, True)
        if process is not None and not unavailable and examples is not None and not broken(findings):
            differs = examples.difference(implementation, process, lambda: _loaded(implementation, start, limit), limit)
            if differs is not None:
                given, failed = differs.example.given, differs.way == GONE
                finding(given, differs.found, differs.stated, differs.said, True, failed)
    except Gone as end:
        finding(inputs[-1], None, None, str(end), True, failed=True)
    finally:
        if process is not None:
            process.end()
    return findings


def unwritten(reply: Mapping[str, Any]) -> str:
    """What a reply says of a function that is not written yet, by ``NotImplementedError`` or Rust's ``todo!()``.

    "" for every other reply.
    """
    said = str(reply.get("message", ""))
    if reply.get("raised") == "NotImplementedError":
        return said if said.startswith(UNWRITTEN) else f"{UNWRITTEN}: {said}" if said else UNWRITTEN
    if reply.get("raised") == "PanicException" and said.startswith(TODO):
        return f"{UNWRITTEN}{said[len(TODO) :]}"
    return ""


def _loaded(implementation: Implementation, start: Start, limit: float) -> Process:
    """A new process with an implementation loaded. Raises :class:`Gone`."""
    process = start()
    load(process, implementation, limit)
    return process


def kept(process: Process, implementation: Implementation, inputs: Sequence[Given], limit: float, start: Start) -> str:
    """What shows that an implementation keeps its results, so that later calls do nothing; "" if nothing does.

    A first call may be slow for other reasons, the very first one above all: so each of two inputs or more must show
    it, and in another process once more, since this one may have been disturbed.
    """
    problem = inputs[0].problem
    own = [each for each in problem.inputs if not implementation.only or each.name in implementation.only]
    calls: list[tuple[str, int | None]] = []
    calls += [(each.name, None) for each in own if not each.sizes][:MOST_KEPT]
    calls += [(each.name, size) for each in own for size in each.sizes]
    if implementation.name == REFERENCE or not calls:
        return ""
    said = ""
    for attempt in range(2):
        reply = process.ask("keeps", limit, calls=[calls[0], *calls])
        telling = [first / max(second, 1) for first, second in reply.get("took", [])[2:] if first > TELLING]
        if len(telling) < 2 or min(telling) <= KEPT:
            return ""
        said = f"keeps its results: the second call with equal arguments takes 1/{min(telling):,.0f} of the first"
        if not attempt:
            process = start()
            if load(process, implementation, limit):
                return ""
    process.end()
    return said


def verify_all(
    implementations: Sequence[Implementation],
    inputs: Sequence[Given],
    limit: float,
    busy: Callable[[str], AbstractContextManager[object]] = contextlib.nullcontext,
    examples: Examples | None = None,
) -> Iterator[list[Finding]]:
    """The findings of each implementation, in turn; as many at once as there are processors.

    ``busy`` gets the name of each, and is entered while that one is verified. ``examples`` are generated inputs to
    verify on besides. Where the work is broken off, every process is ended.
    """
    started: list[Process] = []
    ended = False

    def start() -> Process:
        process = Process()
        started.append(process)
        if ended:
            process.end()
        return process

    def one(implementation: Implementation) -> list[Finding]:
        with busy(implementation.name):
            return verify(implementation, inputs, files, limit, start, examples)

    with Scratch() as scratch:
        files = Files(scratch)
        for given in inputs:
            _ = given.expected, files.request(given)  # once here, not once in every thread
        if examples is not None:
            examples.start = start
            examples.gather(limit)
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            try:
                yield from pool.map(one, implementations)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                ended = True
                for process in started:
                    process.end()
                raise
            finally:
                if examples is not None:
                    examples.end()


def broken(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in which an implementation broke what it states."""
    return [finding for finding in findings if finding.broken]

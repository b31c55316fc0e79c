"""The race: every contender verified, then timed in rounds.

1. Every contender gets a process of its own, loads, takes its argument, and is called once. What it gives must be what
   it states. This part runs on all processors; the rest on one at a time.
2. It is warmed up: until a sample of it takes about as long as was asked for, and is no longer quicker than the one
   before.
3. Rounds, as :mod:`doubles_lab.measure.schedule` has them: every contender gives one sample a round. The result of
   every call is checked again, outside the clock.

The lab races itself along: the fastest contender takes part twice more, as its twin and slowed by a known share. See
:mod:`doubles_lab.measure.selfcheck` for what becomes of that.

A contender that raises, crashes, hangs or gives a wrong count is out from there on, as a row that says so.
"""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from doubles_lab.folder import Folder, bundled, read
from doubles_lab.given import Expectation, Given, NotForThis, expectation, of_input
from doubles_lab.implementation import LONGEST, Implementation, Raises
from doubles_lab.measure import conditions, selfcheck
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.files import Files
from doubles_lab.measure.process import Scratch
from doubles_lab.measure.schedule import FULL, Plan, Rounds
from doubles_lab.measure.subject import Out, Subject, Trial
from doubles_lab.measure.verify import unwritten
from doubles_lab.problem import Input, exact
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Record, Row, Run, SelfCheck
from doubles_lab.results.untrusted import is_whole

#: What was measured is kept again after so many times the seconds that it took the last time, and these at least.
KEEP_AFTER, KEEP_LEAST = 20.0, 0.2
#: How often the machine is looked at.
LOOKS = 10


class Entry(Trial):
    """A contender on an input, and the row of what it gave."""

    def __init__(self, subject: Subject, given: Given, files: Files, plan: Plan = FULL, of: str = "") -> None:
        """``of`` is what its process calls the input, where it has several."""
        super().__init__(subject)
        self.given, self.files, self.plan, self.of = given, files, plan, of
        implementation = subject.implementation
        self.row = Row(
            contender=implementation.name,
            unit=str(implementation.unit) or given.reference,
            language=implementation.language,
            binding=implementation.binding,
            access=implementation.access,
            origin=implementation.origin,
            prepared=implementation.prepared,
            flags=implementation.flags,
            tags=list(implementation.tags),
        )
        #: Calls in a sample, where each is cold.
        self.cold_calls = 1
        self.out = False
        self.expected = Expectation(None, "")
        try:
            self.expected = expectation(implementation, given)
            self.request = {**files.request(given), "expected": files.expected(self.expected.outcome)}
        except NotForThis as reason:
            self.put_out(record.UNAVAILABLE, str(reason))
        if is_whole(given.expected):
            self.row.expected = given.expected

    @property
    def name(self) -> str:
        """What it is called."""
        return self.row.contender

    @property
    def measured(self) -> bool:
        """Whether it is still in the race."""
        return not self.out

    @property
    def apart(self) -> bool:
        """Whether it must give something else than the reference, by its own account."""
        return bool(self.expected.statement)

    def stop(self) -> None:
        """Ends its process: the work is broken off."""
        self.subject.stop()

    def again(self, slowdown: float = 0.0) -> Entry:
        """The same once more, as another contender."""
        return Entry(Subject(self.subject.implementation, slowdown), self.given, self.files, self.plan, self.of)

    def ask(self, do: str, limit: float, meanwhile: str = "", **request: Any) -> dict[str, Any]:
        """The reply of its process to a request about this input. Raises :class:`Out`."""
        return self.subject.ask(do, limit, meanwhile, of=self.of, **request)

    def put_out(self, status: str, reason: str) -> None:
        """Out of the race, with the reason that its row shows."""
        self.row.status, self.row.reason = status, reason[:LONGEST]
        self.out = True

    def verify(self, limit: float) -> None:
        """Gives the process its arguments and has it called."""
        self.row.versions = said(self.subject.facts.get("versions", {}))
        self.row.details = said(self.subject.facts.get("details", {}))
        reply = self.ask("give", limit, **self.request)
        if "raised" not in reply:
            self.row.stored = int(reply["stored"])
            reply = self.ask("call", limit)
        self.row.status = record.APART if self.apart else record.RANKED
        self.row.reason = self.expected.statement
        self.check(reply)

    def check(self, reply: dict[str, Any]) -> None:
        """Raises :class:`Out` where a reply to a call, or to samples, has anything but what it must give."""
        if "raised" in reply:
            found = Raises(str(reply["raised"]))
            if self.apart and exact(found, self.expected.outcome):
                raise Out(record.APART, f"raises {found}, as it states: {self.expected.statement}")
            raise Out(record.FAILED, unwritten(reply) or f"raises {found}: {reply['message']}")
        if "found" in reply:
            self.row.found = reply["found"]
        if reply["counts"]:
            told, times = reply["counts"][0]
            calls = reply.get("calls", 1)
            raise Out(record.WRONG, told + (f" in {times:,} of {calls:,} calls" if times < calls and calls > 2 else ""))

    def warm_up(self, limit: float) -> None:
        """Warms up, and settles the calls in a sample."""
        if self.plan.brief and self.loops:
            self.row.runs.append(Run(self.loops, [], []))
            self.sample(limit)
            self.row.runs[-1].values.clear()
            return
        target = int(self.plan.sample_ms * 1e6)
        reply = self.ask("warm_up", limit, ", while it warmed up", target_ns=target)
        if "raised" in reply:
            self.check(reply)
        for calls, _, counts in reply["samples"]:
            self.check({"counts": counts, "calls": calls})
        loops = self.cold_calls if self.plan.cold else int(reply["loops"])
        run = Run(
            loops=selfcheck.loops(loops) if self.subject.slowdown else loops,
            warmups=[(calls, ns / calls / 1e9) for calls, ns, _ in reply["samples"]],
            values=[],
            date=datetime.datetime.now().isoformat(sep=" ", timespec="seconds"),
            load=os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0,
        )
        self.loops = run.loops
        self.row.runs.append(run)

    def sample(self, limit: float) -> None:
        """Takes one sample, which is checked."""
        run = self.row.runs[-1]
        calls = self.subject.calls(run.loops)
        if self.plan.cold:
            reply = self.ask("cold", limit, loops=calls, walk=self.plan.cold)
        else:
            reply = self.ask("sample", limit, loops=calls)
        self.check({"calls": calls, **reply})
        run.values.append(max(int(reply["ns"]), 1) / run.loops / 1e9)


class Itself:
    """The lab in its own race: the twin of an entry, and one slowed by making more calls, beside the entry itself.

    Each has processes of its own, like all others, and a sample in every round.
    """

    def __init__(self, original: Entry, length: int, beside: bool) -> None:
        self.original, self.length = original, length
        self.twin, self.slowed = original.again(), original.again(selfcheck.SLOWDOWN)
        #: Those that take part for this alone.
        self.entries = [*([] if beside else [original]), self.twin, self.slowed]

    @classmethod
    def cold(cls, entry: Entry, length: int) -> Itself:
        """The check for calls that are cold: of one call nothing can be added a share, so that each sample has some."""
        check = cls(entry.again(), length, beside=False)
        for each in check.entries:
            each.cold_calls = selfcheck.STEP
        return check

    @property
    def out(self) -> bool:
        """Whether one of them is out, so that nothing is to be learnt from the others."""
        return any(entry.out for entry in (self.original, self.twin, self.slowed))

    @property
    def record(self) -> SelfCheck:
        """What was measured so far."""
        found = SelfCheck(self.original.name, selfcheck.SLOWDOWN, self.length)
        threes = (self.original, self.twin, self.slowed)
        if self.out:
            found.reason = next(entry.row.reason for entry in threes if entry.out)
            return found
        for samples, entry in zip((found.original, found.twin, found.slowed), threes):
            samples += [list(run.values) for run in entry.row.runs if run.values]
        found.loops = [run.loops for run in self.slowed.row.runs if run.values]
        return found


def fastest(entries: Sequence[Entry], plan: Plan) -> Entry | None:
    """The fastest entry, if it can be slowed by whole calls within a sample."""
    timed = [entry for entry in entries if not entry.out and entry.row.runs]
    found = min(timed, key=lambda entry: entry.row.runs[-1].warmups[-1][1], default=None)
    if plan.cold:
        return found
    if found is None or found.row.runs[-1].warmups[-1][1] * selfcheck.STEP >= plan.sample_ms / 1e3:
        return None
    return found


def by_plain_loop(plan: Plan, files: Files) -> Itself:
    """The check by a loop in plain Python, on as much text as lets it be called often enough in a sample."""
    folder = read(bundled())
    length = selfcheck.part(selfcheck.FALLBACK_SECONDS, plan.sample_ms / 1e3)
    text = Input("text", lambda: "ab" * (length // 2) + "b" * (length % 2))
    given = of_input(folder.problem, text)
    return Itself(Entry(Subject(folder.implementation(selfcheck.FALLBACK)), given, files, plan), length, beside=False)


class Race(Rounds):
    """The rounds of a race, which fill a record for each input as they go.

    The lab checks itself on the first input. ``keep`` is called every now and then, for what was measured to be saved.
    """

    def __init__(
        self,
        results: Mapping[Given, CaseRecord],
        entries: Sequence[Entry],
        files: Files,
        plan: Plan,
        watcher: Watcher,
        keep: Callable[[], None],
    ) -> None:
        self.given, *others = results
        name = self.given.problem.name if others else self.given.name
        super().__init__(name, list(dict.fromkeys(entry.subject for entry in entries)), plan, watcher)
        self.results, self.entries, self.files, self._keep = results, entries, files, keep
        self.check: Itself | None = None
        self.kept = self.took = 0.0
        self.looked = 0
        for given, result in results.items():
            result.rows = [entry.row for entry in entries if entry.given is given]
            result.rounds = plan.rounds

    def joining(self) -> Sequence[Subject]:
        """The lab itself: by its fastest, or by a plain loop where none can be slowed by so little within a sample."""
        self.kept, self.before = time.monotonic(), self.reading()
        if too_few := selfcheck.too_few(self.plan.processes):
            self.results[self.given].selfcheck = SelfCheck("", selfcheck.SLOWDOWN, reason=too_few)
            return ()
        quick = fastest([entry for entry in self.entries if entry.given is self.given], self.plan)
        if quick is None:
            self.check = by_plain_loop(self.plan, self.files)
        elif self.plan.cold:
            self.check = Itself.cold(quick, self.given.length)
        else:
            self.check = Itself(quick, self.given.length, beside=True)
        return [entry.subject for entry in self.check.entries]

    def after(self, number: int, total: int) -> None:
        """Looks at the machine, and keeps what there is, both now and then and at the end."""
        for result in self.results.values():
            result.rounds = self.rounds
        last = number + 1 == total
        if last or (number + 1 - self.looked) * LOOKS >= total:
            now = self.reading()
            self.results[self.given].conditions.append(conditions.between(self.before, now))
            self.before, self.looked = now, number + 1
        self.settle()
        now_is = time.monotonic()
        if last or now_is > self.kept + max(KEEP_LEAST, KEEP_AFTER * self.took):
            self._keep()
            self.kept = time.monotonic()
            self.took = self.kept - now_is

    def reading(self) -> conditions.Reading:
        """What the machine does, its own processes apart."""
        return conditions.read(each.process.pid for each in self.subjects if each.process is not None)

    def settle(self) -> None:
        """Records the check so far."""
        if self.check is not None:
            self.results[self.given].selfcheck = self.check.record

    def run(self) -> None:
        """Runs it. The record is complete as far as it goes, whatever happened."""
        try:
            super().run()
        finally:
            self.settle()
            for entry in self.entries:
                entry.row.runs = [run for run in entry.row.runs if run.values]
                if not entry.out and not entry.row.runs:
                    entry.put_out(record.UNMEASURED, "not measured yet when the run was interrupted")


def race(
    results: Mapping[Given, CaseRecord],
    implementations: Sequence[Implementation],
    plan: Plan,
    watcher: Watcher,
    out: Mapping[str, tuple[str, str]] = {},
    keep: Callable[[], None] = lambda: None,
    takes: Callable[[Implementation, Given], bool] = lambda implementation, given: True,
) -> None:
    """Runs every implementation on inputs of a problem and fills the record of each as it goes; see :class:`Race`.

    A process has all the inputs that its implementation ``takes``. Those that compile must have done so: see
    :func:`doubles_lab.measure.subject.build`. ``out`` are those that take no part, each with its status and the reason.
    The records hold what has been measured so far at any moment; a ``KeyboardInterrupt`` is passed on. Raises
    :class:`doubles_lab.given.NotForThis` where the reference gives nothing that can be compared.
    """
    with Scratch() as scratch:
        files = Files(scratch)
        for given in results:
            if isinstance(given.expected, Raises):
                raise NotForThis(f"the reference raises {given.message or given.expected}, on {given.name}")
            files.expected(given.expected)
        entries = [
            Entry(subject, given, files, plan, given.name if len(results) > 1 else "")
            for subject in map(Subject, implementations)
            for given in results
            if takes(subject.implementation, given)
        ]
        for entry in entries:
            if entry.name in out and not entry.out:  # what does not take the input says so
                entry.put_out(*out[entry.name])
        Race(results, entries, files, plan, watcher, keep).run()


def said(facts: Mapping[str, object]) -> dict[str, str]:
    """What a contender said about itself, as far as a row has room for it."""
    return {str(name)[:LONGEST]: str(value)[:LONGEST] for name, value in facts.items()}


def begun(
    problem: Folder,
    plan: Plan,
    machine: Mapping[str, str | int | float],
    command: str = "",
    budget: float | None = None,
    baseline: str = "",
) -> Record:
    """The record of a run before anything was measured: when, where and how, and the command that made it.

    The ``baseline`` is the problem's own, unless another one is named.
    """
    return Record(
        date=datetime.datetime.now().isoformat(sep=" ", timespec="seconds"),
        seed=plan.seed,
        processes=plan.processes,
        rounds=plan.rounds,
        sample_ms=plan.sample_ms,
        budget=budget,
        cold=plan.cold > 0,
        baseline=baseline or problem.baseline,
        machine=dict(machine),
        command=command,
        problem=problem.problem.name,
    )


def describe(given: Given) -> CaseRecord:
    """The record of an input before anything was measured. Takes the time of the reference."""
    digest = given.sha256 if given.text is not None or given.is_bytes else ""
    return CaseRecord(given.name, given.about, given.reference, given.lengths, given.counts, digest)

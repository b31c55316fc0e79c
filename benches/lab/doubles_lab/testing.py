"""What the fixture of the pytest plug-in gives: a race in a test, and its result."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import click
import pytest
from rich.console import Console

from doubles_lab import registry, temporary
from doubles_lab.cli import files, options
from doubles_lab.cli import run as running
from doubles_lab.cli.verify import verified_on
from doubles_lab.folder import FILE, REFERENCE, Folder, ProblemError, read
from doubles_lab.implementation import Implementation
from doubles_lab.measure import race, selfcheck
from doubles_lab.measure import verify as verification
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.building import build
from doubles_lab.measure.examples import EXAMPLES, Examples
from doubles_lab.measure.schedule import QUICK, budgeted
from doubles_lab.measure.statistics import Estimate
from doubles_lab.problem import Problem
from doubles_lab.pytest_plugin import NAME, TIMED
from doubles_lab.report import document, table
from doubles_lab.report.document import Cell
from doubles_lab.results import record, saved
from doubles_lab.results.findings import Finding
from doubles_lab.results.record import Record
from doubles_lab.results.verdict import Judged, Verdict, judge, leaders, verdicts

#: Variables by which tools that measure coverage get into every new process, whose times would be of no use.
COVERAGE = re.compile("COV_CORE_|COVERAGE_PROCESS_")
#: Why a function must be one that can be imported.
OWN_PROCESS = "each implementation runs in a process of its own, which imports it by name"


class Measured(float):
    """A figure with its interval of 95 %, from ``low`` to ``high``."""

    low: float
    high: float

    @classmethod
    def of(cls, estimate: Estimate) -> Measured:
        """An estimate as a number."""
        made = cls(estimate.value)
        made.low, made.high = estimate.low, estimate.high
        return made

    def __repr__(self) -> str:
        return table.interval(Estimate(float(self), self.low, self.high))


@dataclass
class Session:
    """What all races of a run of pytest share."""

    #: Why nothing is timed; "" if it is.
    untimed: str
    #: Seconds for each race; ``None`` for a quick race as the command has it.
    budget: float | None
    output: Path | None
    asked_seed: int | None
    #: The races that were timed, with the tests they are in.
    races: list[tuple[str, Record, Judged]] = field(default_factory=list)
    #: What the files of each race that was saved are called, and the main one of each.
    names: list[str] = field(default_factory=list)
    saved: list[Path] = field(default_factory=list)
    #: What disturbs measurements on this machine.
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seed = options.seeded(self.asked_seed)

    @cached_property
    def disturbances(self) -> dict[str, str]:
        """The warnings, as a fact of the machine; found out before the first race."""
        return options.warned(self.warnings.append)


class Result:
    """What came of a race: every implementation that could run is right, and times if they were taken."""

    def __init__(self, untimed: str, unavailable: Mapping[str, str], result: Record, judged: Judged) -> None:
        self._untimed, self._record, self._judged = untimed, result, judged
        #: Why each implementation that could not run here could not.
        self.unavailable = dict(unavailable)

    @property
    def timed(self) -> bool:
        """Whether anything was timed."""
        return not self._untimed

    @property
    def cases(self) -> list[str]:
        """The inputs that were timed, such as ``prices-10000``."""
        return list(self._judged)

    @property
    def trustworthy(self) -> bool:
        """Whether the lab's check of itself passed on every input."""
        self._need_times()
        found = selfcheck.findings(self._record)
        return len(found) == len(self._judged) and all(each.trustworthy for each in found)

    def speedup(self, name: str, case: str | None = None, *, over: str | None = None) -> Measured:
        """How many times as fast an implementation is as the reference, or as the one that ``over`` names.

        On the last input unless another ``case`` is named: the largest where there are sizes. A number with the ends of
        its 95 % interval: ``speedup("pyo3").low > 2`` holds where the whole interval is above 2. Skips the rest of the
        test where nothing is timed; fails it where one of the two was not timed.
        """
        case, found = self._verdict(name, case)
        if over is not None:
            self._verdict(over, case)
            of_case = next(each for each in self._record.cases if each.name == case)
            found = next(each for each in verdicts(of_case, over, self._record.seed) if each.row.contender == name)
        if found.speedup is None:
            fail(f"{over or self._record.baseline} was not timed on {case}: {self._reason(over or REFERENCE, case)}")
        return Measured.of(found.speedup)

    def time(self, name: str, case: str | None = None) -> Measured:
        """The seconds that a call of an implementation takes; otherwise as :meth:`speedup`."""
        _, found = self._verdict(name, case)
        assert found.time is not None
        return Measured.of(found.time)

    def leading(self, case: str | None = None) -> list[str]:
        """The implementations that are not shown to be slower than the fastest, the fastest first."""
        return [each.row.contender for each in leaders(self._judged[self._case(case)])]

    def _need_times(self) -> None:
        if self._untimed:
            pytest.skip(f"not timed: {self._untimed}")

    def _case(self, case: str | None) -> str:
        self._need_times()
        if case is not None and case not in self._judged:
            fail(registry.no_such("case", case, self.cases))
        return self.cases[-1] if case is None else case

    def _verdict(self, name: str, case: str | None) -> tuple[str, Verdict]:
        case = self._case(case)
        names = [each.row.contender for each in self._judged[case]]
        if name not in names:
            fail(registry.no_such("implementation", name, names))
        found = next(each for each in self._judged[case] if each.row.contender == name)
        if found.time is None:
            fail(f"{name} was not timed on {case}: {self._reason(name, case)}")
        return case, found

    def _reason(self, name: str, case: str) -> str:
        return next((each.row.reason for each in self._judged[case] if each.row.contender == name), "is not there")


class Races:
    """The fixture: verifies and times the implementations of a problem."""

    def __init__(self, item: Any, session: Session) -> None:
        self._item, self._session = item, session

    def race(
        self,
        problem: str | Path | Problem,
        implementations: Mapping[str, Callable[..., Any] | str] | None = None,
        *,
        contenders: Sequence[str] = (),
        cases: Sequence[str] = (),
        examples: int = EXAMPLES,
        budget: float | None = None,
        timeout: float = 60.0,
    ) -> Result:
        """Verifies every implementation of a problem, and times those that are right.

        ``problem`` is a folder with a ``problem.py``, relative to the directory of the test, or a
        ``doubles_lab.Problem`` that is a global of a module. ``implementations`` are functions to race besides those
        in the folder, by name: each is a global of a module that can be imported, or ``"module:function"``.
        ``contenders`` and ``cases`` are names or globs: only these are raced. ``examples`` is the number of generated
        inputs, ``budget`` the seconds to measure for, and ``timeout`` the seconds that one call may take.

        The test fails where an implementation is wrong, with the arguments that show it; then nothing is timed. It
        fails too where one of ``implementations`` cannot run here, or none but the reference can. Any other that
        cannot run is in ``unavailable`` of the result.
        """
        __tracebackhide__ = True
        with temporary.of_this_run(), importable():
            try:
                folder, raced = self._chosen(problem, implementations or {}, contenders)
                return self._raced(folder, raced, set(implementations or ()), cases, examples, budget, timeout)
            except (click.ClickException, registry.NotFound, registry.Clash, ProblemError) as error:
                said = error.message if isinstance(error, click.ClickException) else str(error)
        return fail(said)

    def _chosen(
        self, problem: str | Path | Problem, more: Mapping[str, Callable[..., Any] | str], patterns: Sequence[str]
    ) -> tuple[Folder, list[Implementation]]:
        """The folder of a problem, and the implementations that are raced, the baseline among them."""
        if isinstance(problem, Problem):
            spec = self._spec(problem, f"the problem {problem.name}")
            path = Path(tempfile.mkdtemp()) / problem.name
            path.mkdir()
            source = f"from doubles_lab.registry import value_of\n\nPROBLEM = value_of({spec!r})\n"
            (path / FILE).write_text(source, encoding="utf-8")
        else:
            path = self._item.path.parent / problem
        folder = read(path)
        chosen = options.Contenders(names=patterns).chosen(folder)
        own = folder.implementation(folder.baseline)
        chosen = chosen if own in chosen else [own, *chosen]
        for name, function in more.items():
            spec = function if isinstance(function, str) else self._spec(function, f"the implementation {name}")
            if not registry.is_function(spec):
                fail(f"the implementation {name} is {spec!r}, which is no module:function")
            made = registry.function_implementation(spec, name=name)
            chosen.append(replace(made, folder=str(folder.path)))
        names = [each.name for each in chosen]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise registry.Clash(f"two implementations are called {twice!r}")
        return folder, chosen

    def _spec(self, value: Any, what: str) -> str:
        """Where a value can be imported from, as ``module:name``."""
        own = sys.modules.get(getattr(value, "__module__", None) or "")
        for module in (own, getattr(self._item, "module", None), *sys.modules.values()):
            if not isinstance(module, ModuleType) or module.__name__ == "__main__":
                continue
            for name, each in list(vars(module).items()):
                if each is value:
                    return f"{module.__name__}:{name}"
        return fail(f"{what} is not a global of any module: {OWN_PROCESS}")

    def _raced(
        self,
        folder: Folder,
        raced: list[Implementation],
        needed: set[str],
        cases: Sequence[str],
        examples: int,
        budget: float | None,
        timeout: float,
    ) -> Result:
        __tracebackhide__ = True
        session, watcher = self._session, Watcher()
        chosen, _ = options.Cases(cases=cases).chosen(folder, ["default"])
        checked = running.verifying(folder)
        checked += [each for each in chosen if each.name not in [other.name for other in checked]]
        plan = replace(QUICK, limit=timeout, seed=session.seed)
        budget = session.budget if budget is None else budget
        if budget is not None:
            plan = budgeted(plan, budget / len(chosen))
        build(raced, timeout, watcher)
        found = verified_on(checked, raced, timeout, watcher, Examples(folder, checked, session.seed, examples))
        if wrong := verification.broken(found.findings):
            fail(told(wrong, session.seed))
        unavailable = missing(found.findings, raced)
        self._check_there(raced, unavailable, needed)
        command = shlex.join(["pytest", self._item.nodeid, "--doubles-lab-seed", str(session.seed)])
        machine = {**saved.machine(), **({} if session.untimed else session.disturbances)}
        result = race.begun(folder, plan, machine, command, budget)
        self._item.user_properties.append((NAME, session.untimed or TIMED))
        if session.untimed:
            return Result(session.untimed, unavailable, result, {})
        running.measure(folder, raced, chosen, plan, watcher, result, found, lambda: None)
        judged = judge(result)
        broke = [
            (case, row) for case in result.cases for row in case.rows if row.status in (record.WRONG, record.FAILED)
        ]
        if broke:
            fail("\n".join([WRONG, *(f"  {row.contender}: on {case.name} it {row.reason}" for case, row in broke)]))
        session.races.append((self._item.nodeid, result, judged))
        if session.output is not None:
            name, dot, test = self._item.nodeid.partition(".py::")
            session.names.append(f"{name}-{test}" if dot else name)
            stem = session.output / files.labels(session.names)[-1]
            session.saved.append(files.write_files(result, judged, stem, False, found)[0])
        return Result("", unavailable, result, judged)

    def _check_there(self, raced: Sequence[Implementation], unavailable: Mapping[str, str], needed: set[str]) -> None:
        """Fails the test where what must run cannot, or nothing can but the baseline."""
        must = {*needed, raced[0].name} if unavailable.keys() & {raced[0].name} else needed
        if lost := [f"  {name}: {why}" for name, why in unavailable.items() if name in must]:
            fail("\n".join(["doubles-lab: an implementation cannot run here:", *lost, f"  ({OWN_PROCESS})"]))
        if len(raced) > 1 and len(unavailable) == len(raced) - 1:
            lost = [f"  {name}: {why}" for name, why in unavailable.items()]
            fail("\n".join(["doubles-lab: no implementation can run here, so none was verified:", *lost]))


WRONG = "doubles-lab: not every implementation is right:"


def fail(said: str) -> NoReturn:
    """Fails the test with a text and no traceback."""
    __tracebackhide__ = True
    pytest.fail(said, pytrace=False)


def told(wrong: Sequence[Finding], seed: int) -> str:
    """What is wrong with each implementation, on the arguments that show it."""
    lines = [f"  {each.contender}: on {each.case} it {each.reason}" for each in wrong]
    return "\n".join([WRONG, *lines, f"(the same inputs again: --doubles-lab-seed {seed})"])


def missing(findings: Sequence[Finding], raced: Sequence[Implementation]) -> dict[str, str]:
    """The implementations that gave nothing on any input, with the reason."""
    # A result may be None, and then nothing is said of it.
    gave = {each.contender for each in findings if each.found is not None or not each.reason}
    reasons = {each.contender: each.reason for each in reversed(findings)}
    return {each.name: reasons.get(each.name, "") for each in raced if each.name not in gave}


@contextlib.contextmanager
def importable() -> Iterator[None]:
    """Has new processes find the modules that this one finds, and none of them measure coverage."""
    kept = [name for name in os.environ if COVERAGE.match(name)]
    path = list(sys.path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(str(Path(each).absolute()) for each in path))
        for name in kept:
            patch.delenv(name)
        try:
            yield
        finally:
            sys.path[:] = path


def show(session: Session, console: Console) -> None:
    """Prints every race, and how they were measured."""
    parts: list[document.Part] = []
    for test, result, judged in session.races:
        parts += [Cell(test, "strong"), *table.cases(result, judged, last=True)]
    parts += [*table.about(session.races[-1][1]), *(Cell(each, "warning") for each in session.warnings)]
    parts += [Cell(f"Saved: {file}", "quiet") for file in session.saved]
    document.show(parts, console)

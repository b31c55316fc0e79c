"""What a call costs, by calling convention and by binding library, timed directly.

A binding library chooses the convention by which CPython calls its functions. The functions of
``doubles_conventions`` use the C API alone, once by each convention, over the same core: where a library's
function takes another time than the one of its own convention, that is the library's doing. Those of
``doubles_empty_*`` do nothing, through a library: without an argument, with one, and with one as a ``&str``.

``python -m doubles_lab.questions.calling ROUNDS CALLS SEED`` times every function in this process and prints the
samples as JSON.
"""

from __future__ import annotations

import ctypes
import functools
import importlib
import platform
import random
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Union

import msgspec
import numpy as np
from msgspec import Struct

from doubles_lab.approaches import build
from doubles_lab.implementation import Unavailable
from doubles_lab.measure import selfcheck, statistics
from doubles_lab.measure.at_once import Watcher
from doubles_lab.measure.schedule import one_cpu
from doubles_lab.measure.statistics import Estimate
from doubles_lab.problems.count_doubles.existing import CONVENTIONS, conventions
from doubles_lab.questions import checked
from doubles_lab.report.document import Cell, Part, Table
from doubles_lab.report.table import bounded

#: The conventions, as in the names of the functions, and their flags without "METH_".
#: The same as CPython numbers them.
FLAGS = {
    0x04: "noargs",
    0x08: "o",
    0x80: "fastcall",
    0x82: "fastcall_keywords",
    0x01: "varargs",
    0x03: "varargs_keywords",
}
TEXT = "abb"
#: The "library" of the functions that use none, and of those that CPython has.
RAW, PYTHON = "none", "CPython"
#: The "library" of the lab's own rows: ``len`` once more, its twin, and slowed, with the loop around the calls.
ITSELF = "the lab"
#: Seconds that one process may take, of which the first one builds.
LIMIT = 900.0

ABOUT = (
    f'ns per call on "{TEXT}", the loop around it subtracted: the mean of the medians of the processes '
    "[its 95 % interval]. "
    "The ratio is to count_* of the same convention without a library, where VARARGS are read by PyArg_Parse*. "
    "empty_* takes the argument that its name tells, those without a library the str, and gives 0; "
    "bare_* does not look at it, and empty has none."
)

#: The binding libraries, by the modules of their functions: those that count, and those that do nothing.
LIBRARIES = {
    "PyO3": ("doubles_pyo3", "doubles_empty_pyo3", "benches/lab/empty/pyo3"),
    "rust-cpython": ("doubles_cpython", "doubles_empty_cpython", "benches/lab/empty/cpython"),
}
COUNTING = ("count_doubles", "count_doubles_once")
DOING_NOTHING = ("empty", "empty_any", "empty_str")


@functools.cache
def doing_nothing(library: str) -> ModuleType:
    """The module ``doubles_empty_*`` of a library, built if it has to be."""
    _, module, crate = LIBRARIES[library]
    return build.cargo_module(crate, module)


class Failed(Exception):
    """The process that times ended without a result. Its text says how."""


class Row(Struct):
    """One function of the table."""

    name: str
    library: str
    expected: int
    #: The convention that the function says it has, or "" if it says none that is known.
    convention: str = ""
    #: Why there is no function, or that it gave something else.
    reason: str = ""
    wrong: bool = False
    #: ns per call without the loop around it, by process and round. Where the loop was disturbed, one is below 0.
    samples: list[list[float]] = []

    @property
    def takes_nothing(self) -> bool:
        """Whether it is called without an argument."""
        return self.name == "empty"

    @property
    def time(self) -> Estimate | None:
        """ns per call."""
        return statistics.difference(self.samples) if any(self.samples) else None

    def times(self, other: Row) -> Estimate | None:
        """Its time over that of another, both timed in the same processes.

        ``None`` where either was not timed, or took no longer than the loop around it in one of the processes.
        """
        ours, theirs = ([[float(np.median(group))] for group in row.samples if group] for row in (self, other))
        if not ours or not theirs or min(*ours, *theirs)[0] <= 0:
            return None
        return statistics.speedup(theirs, ours)

    def ratio(self, rows: Sequence[Row]) -> Estimate | None:
        """Its time over that of the function among ``rows`` that counts by the same convention without a library."""
        for raw in rows:
            same = raw.convention == self.convention and raw.library == RAW and raw.name.startswith("count_")
            if same and (times := self.times(raw)) is not None:
                return times
        return None


#: A row, and the function if there is one that is right.
Found = tuple[Row, Union[Callable[..., Any], None]]


def convention_of(function: Callable[..., Any]) -> str:
    """The convention by which CPython calls a built-in function, or ""."""
    if type(function) is not type(len):
        return ""
    get = ctypes.pythonapi.PyCFunction_GetFlags
    get.argtypes, get.restype = [ctypes.py_object], ctypes.c_int
    return FLAGS.get(get(function), "")


def find_rows() -> list[Found]:
    """Every function of the table, each called once and checked."""

    def raw(name: str) -> Callable[[Any], Any]:
        return getattr(conventions(), name)  # type: ignore[no-any-return]

    def nothing(library: str, name: str) -> Callable[..., Any]:
        return getattr(doing_nothing(library), name)  # type: ignore[no-any-return]

    def bound(module: str, name: str) -> Callable[[Any], Any]:
        return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]

    loads: list[tuple[str, str, int, Callable[[], Callable[..., Any]]]] = [("len", PYTHON, len(TEXT), lambda: len)]
    for kind, expected in (("bare", 0), ("empty", 0), ("count", 1)):
        for name in CONVENTIONS:
            loads.append((f"{kind}_{name}", RAW, expected, functools.partial(raw, f"{kind}_{name}")))
    for name in DOING_NOTHING:
        for library in LIBRARIES:
            loads.append((name, library, 0, functools.partial(nothing, library, name)))
    for name in COUNTING:
        for library, (module, _, _) in LIBRARIES.items():
            loads.append((name, library, 1, functools.partial(bound, module, name)))
    return [found(*each) for each in loads]


def found(name: str, library: str, expected: int, load: Callable[[], Callable[..., Any]]) -> Found:
    """The row of a function that ``load`` returns, and that, if it is right."""
    row = Row(name, library, expected)
    try:
        function = load()
        got = function() if row.takes_nothing else function(TEXT)
    except (Unavailable, ImportError) as error:
        row.reason = str(error)
    except Exception as error:
        row.reason, row.wrong = f"raises {type(error).__name__}: {error}", True
    else:
        if type(got) is int and got == expected:
            row.convention = convention_of(function)
            return row, function
        row.reason, row.wrong = f"gives {got!r} instead of {expected}", True
    return row, None


def measure(every: Sequence[Found], rounds: int, number: int, seed: str = "") -> list[Row]:
    """Times the functions in this process, each once a round, in an order that is drawn anew each time by the seed.

    Returns the lab's own rows.
    """

    def timer(statement: str, function: object = None) -> timeit.Timer:
        # Each has code of its own, since CPython adapts a call to the function that it has seen there.
        # Timing by timeit keeps the garbage collector off.
        names = {"function": function, "val": TEXT}
        return timeit.Timer(statement, "f = function; v = val", time.perf_counter_ns, globals=names)

    check = [Row(name, ITSELF, len(TEXT)) for name in ("original", "twin", "slowed")]
    timed = [(row, function) for row, function in every if function is not None] + [(row, len) for row in check]
    number = selfcheck.loops(number)
    more = [0] * len(timed) + [number // selfcheck.STEP]
    timers = [timer("pass"), *(timer("f()" if row.takes_nothing else "f(v)", function) for row, function in timed)]
    for row, _ in timed:
        row.samples.append([])
    for warmed in timers:
        warmed.timeit(number)
    order, draw = list(range(len(timers))), random.Random(seed)
    for _ in range(rounds):
        draw.shuffle(order)
        took = {each: timers[each].timeit(number + more[each]) / number for each in order}
        for each, (row, _) in enumerate(timed, 1):
            row.samples[-1].append(took[each] - (took[0] if row.library != ITSELF else 0.0))
    return check


def measured(
    processes: int, rounds: int, number: int, watcher: Watcher | None = None, seed: int = 0, limit: float = LIMIT
) -> tuple[list[Row], dict[str, Any]]:
    """Every function, timed in so many processes, one after another, on one CPU; and the lab's check of itself.

    Raises :class:`Failed` if one of them ends, or takes longer than ``limit`` seconds.
    """
    watcher = watcher or Watcher()
    watcher.doing("building the functions that do nothing")
    rows = _in_a_process(0, 1, str(seed), limit)  # builds what it has to
    with one_cpu():
        for process in range(processes):
            watcher.doing(f"timing calls, process {process + 1} of {processes}")
            for row, timed in zip(rows, _in_a_process(rounds, number, f"{seed} {process}", limit)):
                row.samples += timed.samples
            watcher.step()
    check = checked.data_of("len", [row.samples for row in rows if row.library == ITSELF])
    return [row for row in rows if row.library != ITSELF], check


def _in_a_process(rounds: int, number: int, seed: str, limit: float) -> list[Row]:
    command = [sys.executable, "-m", "doubles_lab.questions.calling", str(rounds), str(number), seed]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"the process that times calls gave no answer within {limit:g} s") from None
    if done.returncode != 0:
        said = done.stderr.strip().rpartition("\n")[2]
        raise Failed(f"the process that times calls ended with exit code {done.returncode}: {said}")
    return msgspec.json.decode(done.stdout, type=list[Row])


COLUMNS = ("Function", "Library", "Convention", "ns", "Ratio")


def shown(estimate: Estimate | None, digits: int = 1) -> str:
    """An estimate with its interval."""
    if estimate is None:
        return "–"
    value = f"{estimate.value:.{digits}f}"
    return f"{value} [{estimate.low:.{digits}f}, {estimate.high:.{digits}f}]" if bounded(estimate) else value


def cells(row: Row, rows: Sequence[Row]) -> tuple[str, ...]:
    """A row of ``rows`` as texts, one for each of ``COLUMNS``."""
    if row.reason:
        return (row.name, row.library, "", row.reason, "")
    ratio = None if row.takes_nothing else row.ratio(rows)
    return (row.name, row.library, convention_name(row.convention), shown(row.time), shown(ratio, 2))


def convention_name(convention: str) -> str:
    """A convention as CPython's flags name it, without "METH_"."""
    return CONVENTIONS.get(convention, convention.upper() or "–")


def report(rows: Sequence[Row], processes: int, rounds: int, number: int) -> list[Part]:
    """The table, with how it was made."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    setting = f"{python}, {platform.machine()}: {processes} processes, {rounds} rounds of {number} calls in each."
    body = [[Cell(cell, "bad" if row.wrong else "") for cell in cells(row, rows)] for row in rows]
    return [Table("", COLUMNS, body, (3, 4)), Cell(ABOUT, "quiet"), Cell(setting, "quiet")]


def main() -> None:
    """Times every function in this process and prints the rows."""
    rounds, number, seed = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    every = find_rows()
    rows = [row for row, _ in every] + measure(every, rounds, number, seed)
    for row in rows if not rounds else ():
        row.samples.clear()
    print(msgspec.json.encode(rows).decode())


if __name__ == "__main__":
    main()

"""What a call costs, by calling convention and by binding library.

A binding library chooses the convention by which CPython calls its functions. The functions of
``doubles_conventions`` use the C API alone, once by each convention, over the same core: where a library's
function takes another time than the one of its own convention, that is the library's doing.
"""

from __future__ import annotations

import ctypes
import functools
import importlib
import platform
import random
import time
import timeit
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from doubles_lab import build, statistics
from doubles_lab.contender import Unavailable
from doubles_lab.statistics import Estimate

#: The conventions, as in the names of the functions, and their flags without "METH_".
CONVENTIONS = {
    "o": "O",
    "fastcall": "FASTCALL",
    "fastcall_keywords": "FASTCALL|KEYWORDS",
    "varargs": "VARARGS",
    "varargs_keywords": "VARARGS|KEYWORDS",
}
#: The same as CPython numbers them.
FLAGS = {0x08: "o", 0x80: "fastcall", 0x82: "fastcall_keywords", 0x01: "varargs", 0x03: "varargs_keywords"}
TEXT = "abb"
#: The "library" of the functions that use none.
RAW = "none"
#: The floor of a time, in ns: a loop that was disturbed may take longer than one with a call in it.
LEAST = 0.1

ABOUT = (
    f'ns per call on "{TEXT}", the loop around it subtracted: median [95 % interval], one process. '
    "The ratio is to count_* of the same convention without a library, where VARARGS are read by PyArg_Parse*. "
    "empty_* takes the str and gives 0."
)


@functools.cache
def conventions() -> ModuleType:
    """The module ``doubles_conventions``, built if it has to be."""
    return build.cargo_module("benches/lab/conventions", "doubles_conventions", "conventions")


@dataclass
class Row:
    """One function of the table."""

    name: str
    library: str
    expected: int
    function: Callable[[Any], Any] | None = None
    #: Why there is no function, or that it gave something else.
    reason: str = ""
    wrong: bool = False
    #: ns per call, one for each round.
    samples: list[float] = field(default_factory=list)
    time: Estimate | None = None
    ratio: Estimate | None = None

    @property
    def convention(self) -> str:
        """The convention that the function says it has, or "" if it says none that is known."""
        return "" if self.function is None else convention_of(self.function)


def convention_of(function: Callable[..., Any]) -> str:
    """The convention by which CPython calls a built-in function, or ""."""
    if type(function) is not type(len):
        return ""
    get = ctypes.pythonapi.PyCFunction_GetFlags
    get.argtypes, get.restype = [ctypes.py_object], ctypes.c_int
    return FLAGS.get(get(function), "")


def find_rows() -> list[Row]:
    """Every function of the table, each called once and checked."""

    def raw(name: str) -> Callable[[Any], Any]:
        return getattr(conventions(), name)  # type: ignore[no-any-return]

    def bound(module: str, name: str) -> Callable[[Any], Any]:
        return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]

    loads: list[tuple[str, str, int, Callable[[], Callable[[Any], Any]]]] = [("len", "CPython", len(TEXT), lambda: len)]
    for kind, expected in (("empty", 0), ("count", 1)):
        for name in CONVENTIONS:
            loads.append((f"{kind}_{name}", RAW, expected, functools.partial(raw, f"{kind}_{name}")))
    for name in ("count_doubles", "count_doubles_once"):
        for module, library in (("doubles_pyo3", "PyO3"), ("doubles_cpython", "rust-cpython")):
            loads.append((name, library, 1, functools.partial(bound, module, name)))
    return [found(*each) for each in loads]


def found(name: str, library: str, expected: int, load: Callable[[], Callable[[Any], Any]]) -> Row:
    """The row of a function that ``load`` returns, checked."""
    row = Row(name, library, expected)
    try:
        function = load()
        got = function(TEXT)
    except (Unavailable, ImportError) as error:
        row.reason = str(error)
    except Exception as error:
        row.reason, row.wrong = f"raises {type(error).__name__}: {error}", True
    else:
        if type(got) is int and got == expected:
            row.function = function
        else:
            row.reason, row.wrong = f"gives {got!r} instead of {expected}", True
    return row


def measure(rows: Sequence[Row], rounds: int, number: int) -> None:
    """Times the functions, each once a round, in an order that is shuffled anew each time."""

    def timer(statement: str, function: object = None) -> timeit.Timer:
        # Each has code of its own, since CPython adapts a call to the function that it has seen there.
        # Timing by timeit keeps the garbage collector off.
        names = {"function": function, "val": TEXT}
        return timeit.Timer(statement, "f = function; v = val", time.perf_counter_ns, globals=names)

    timed = [row for row in rows if row.function is not None]
    timers = [timer("pass"), *(timer("f(v)", row.function) for row in timed)]
    for warmed in timers:
        warmed.timeit(number)
    order = list(range(len(timers)))
    for _ in range(rounds):
        random.shuffle(order)
        took = {each: timers[each].timeit(number) / number for each in order}
        for row, each in zip(timed, range(1, len(timers))):
            row.samples.append(max(LEAST, took[each] - took[0]))
    by_convention = {row.convention: row for row in timed if row.library == RAW and row.name.startswith("count_")}
    for row in timed:
        row.time = statistics.estimate([row.samples])
        if row.convention in by_convention:
            row.ratio = statistics.speedup([by_convention[row.convention].samples], [row.samples])


COLUMNS = ("Function", "Library", "Convention", "ns", "Ratio")


def cells(row: Row) -> tuple[str, ...]:
    """A row as texts, one for each of ``COLUMNS``."""

    def shown(estimate: Estimate | None, digits: int) -> str:
        if estimate is None:
            return "–"
        return f"{estimate.median:.{digits}f} [{estimate.low:.{digits}f}, {estimate.high:.{digits}f}]"

    if row.function is None:
        return (row.name, row.library, "", row.reason, "")
    return (row.name, row.library, CONVENTIONS.get(row.convention, "–"), shown(row.time, 1), shown(row.ratio, 2))


def show(rows: Sequence[Row], out: Console) -> None:
    """Prints the table."""
    shown = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in COLUMNS:
        shown.add_column(column, overflow="fold", no_wrap=column == "Function")
    for row in rows:
        shown.add_row(*[Text(cell, "red" if row.wrong else "") for cell in cells(row)])
    out.print(shown)
    out.print(Text(ABOUT, "dim"))


def as_markdown(rows: Sequence[Row], rounds: int, number: int) -> str:
    """The table as Markdown."""

    def line(texts: Sequence[str]) -> str:
        return "| " + " | ".join(" ".join(text.split()).replace("|", "\\|") for text in texts) + " |"

    python = f"{platform.python_implementation()} {platform.python_version()}"
    setting = f"{python}, {platform.machine()}: {rounds} rounds of {number} calls."
    body = [line(COLUMNS), line(["---"] * 3 + ["--:"] * 2), *(line(cells(row)) for row in rows)]
    return "\n".join([ABOUT, setting, "", *body, ""])

"""A made-up atlas, of which the truth is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from doubles_lab.atlas import cells
from doubles_lab.atlas.cells import Atlas
from doubles_lab.atlas.index import LIBRARY, Entry, Sizes, Source
from doubles_lab.folder import REFERENCE
from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord, Record, Row, Run

SIZES = (1, 10, 100, 1_000, 10_000)
#: Seconds of a call, by size.
Time = Callable[[int], float]


def a_row(contender: str, seconds: float, seed: int, **more: object) -> Row:
    """A contender that takes so long, in ten processes that differ by a percent."""
    rng = np.random.default_rng(seed)
    runs = [Run(1, [(1, 1.0)], (seconds * np.exp(0.01 * rng.standard_normal(5))).tolist()) for _ in range(10)]
    row = Row(contender, "", "Python", "none", "the input", "a test", status=record.RANKED, runs=runs)
    for name, value in more.items():
        setattr(row, name, value)
    return row


def a_problem(
    name: str, times: Mapping[str, Time], of: Mapping[str, str], more: list[Row] | None = None
) -> tuple[Entry, Record]:
    """A problem with an input of several sizes; ``more`` are rows of its largest."""
    cases = [
        CaseRecord(
            f"n-{size}",
            f"of size {size}",
            "",
            {"size": size},
            rows=[a_row(who, time(size), size + sum(map(ord, who))) for who, time in times.items()],
        )
        for size in SIZES
    ]
    cases[-1].rows += more or []
    entry = Entry(
        name=name,
        folder=name,
        shape="int -> int",
        shows="A test.",
        main=cases[-1].name,
        approaches=dict(of),
        files={who: f"{approach}.py" for who, approach in of.items() if approach != LIBRARY},
        sizes=[Sizes("n", [(size, f"n-{size}") for size in SIZES])],
        sources=[Source(f"{approach}.py", approach, 12, "", 1.5, 2_000) for approach in dict.fromkeys(of.values())],
        date="2026-01-01 12:00:00",
    )
    machine: dict[str, str | int | float] = {"cpu_model_name": "a CPU"}
    return entry, Record("2026-01-01 12:00:00", 1, 10, 5, 10.0, REFERENCE, machine, cases=cases, problem=name)


def linear(fixed: float, slope: float) -> Time:
    """A time after a line, in nanoseconds."""
    return lambda size: (fixed + slope * size) * 1e-9


def an_atlas() -> Atlas:
    """Two problems: in one native code wins by far, in the other it loses."""
    of = {"cython": "cython", "pyo3": "pyo3", "pyo3-naive": "pyo3", "numpy-array": "numpy", "mypyc": "mypyc"}
    fails = [
        a_row("mypyc", 1.0, 0, status=record.FAILED, reason="crashed: SIGSEGV", runs=[]),
        a_row("numpy-array", 1e-9, 0, prepared=True),
    ]
    times = {
        REFERENCE: linear(50, 100),
        "cython": linear(500, 1),
        "pyo3": linear(500, 1),
        "pyo3-naive": linear(500, 50),
    }
    won = a_problem("won", times, of, fails)
    times = {REFERENCE: linear(0, 10), "cython": linear(0, 15), "numba": linear(0, 40)}
    lost = a_problem("lost", times, {"cython": "cython", "numba": "numba", "c": "c"})
    lost[1].cases[-1].rows.append(a_row("c", 1.0, 0, status=record.UNAVAILABLE, reason="no compiler", runs=[]))
    return cells.atlas([lost, won])

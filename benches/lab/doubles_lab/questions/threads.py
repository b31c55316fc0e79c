"""The two bindings with two threads: measured beside one thread, and kept out of the race."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

from doubles_lab.implementation import Implementation, Unit

THREADS = 2


def _loader(module: str) -> Callable[[], Callable[[Any], Any]]:
    return lambda: functools.partial(importlib.import_module(module).count_doubles, threads=THREADS)


IMPLEMENTATIONS = [
    Implementation(
        name=f"{prefix}-count-doubles-threads-{THREADS}",
        unit=Unit.CHARACTERS,
        load=_loader(module),
        language="Rust",
        binding=binding,
        access=f"the str, in place, by {THREADS} threads; called through functools.partial",
        origin="this project, 2026",
        tags=("rust", prefix, "threads"),
        takes_bytes=True,
        file=__file__,
    )
    for prefix, module, binding in (
        ("pyo3", "doubles_pyo3", "PyO3"),
        ("rust-cpython", "doubles_cpython", "rust-cpython"),
    )
]

#: Those with several threads, by the name of the contender that does the same with one.
BY_ONE_THREAD = {contender.name.partition("-threads-")[0]: contender for contender in IMPLEMENTATIONS}

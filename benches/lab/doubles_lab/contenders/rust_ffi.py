"""Rust by the C API alone, once for each convention by which CPython calls a function.

The two binding libraries differ in their convention too: these tell one from the other. See ``doubles-lab calls``.
"""

from __future__ import annotations

from doubles_lab.contender import CORE, Contender, Unit
from doubles_lab.questions import calling as calls


def loader(convention):
    return lambda: getattr(calls.conventions(), f"count_{convention}")


CONTENDERS = [
    Contender(
        name=f"ffi-{convention.replace('_', '-')}",
        unit=Unit.CHARACTERS,
        load=loader(convention),
        language="Rust",
        binding="pyo3-ffi",
        access="the str, in place",
        origin=f"this project's core, called by METH_{flags.replace('|', ' | METH_')}, 2026",
        tags=("rust", "ffi", CORE),
        compiled=True,
    )
    for convention, flags in calls.CONVENTIONS.items()
]

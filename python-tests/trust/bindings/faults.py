"""What ``faults.c`` makes fail in this process, if it was started with it."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator

LIBRARY = ctypes.CDLL(None)
LOADED = hasattr(LIBRARY, "faults_threads_left")

#: What each variable is where nothing fails.
OFF = {
    "threads_started": 0,
    "threads_left": -1,
    "reads": 0,
    "first_read": 0,
    "longest_read": 0,
    "read_fails": 0,
    "reads_failing": 1,
    "read_error": 0,
    "allocations": 0,
    "smallest_allocation": 0,
    "allocation_fails": 0,
    "allocations_failing": 0,
}
VARIABLES = {name: ctypes.c_long.in_dll(LIBRARY, f"faults_{name}") for name in OFF} if LOADED else {}


def get(name: str) -> int:
    """What a variable is now."""
    return VARIABLES[name].value


@contextlib.contextmanager
def faults(**wanted: int) -> Iterator[None]:
    """Makes calls fail inside the block, and sets all counters to 0 before it."""
    for name, off in OFF.items():
        VARIABLES[name].value = off
    # Last, since what comes before it may allocate.
    smallest = wanted.pop("smallest_allocation", 0)
    for name, value in wanted.items():
        VARIABLES[name].value = value
    try:
        VARIABLES["smallest_allocation"].value = smallest
        yield
    finally:
        for name in ("smallest_allocation", "read_fails", "first_read", "longest_read"):
            VARIABLES[name].value = 0
        VARIABLES["threads_left"].value = -1

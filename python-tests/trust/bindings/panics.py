"""Panics in Rust become exceptions: run with bindings built with ``--cfg doubles_planted_panic``, which panic at ý."""

from __future__ import annotations

import ctypes
import importlib
import sys
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any

MIB = 1 << 20

#: The byte that the planted panic looks for, eight times, where a part starts.
BAD = b"\xfd"

EXCEPTIONS = {"doubles_pyo3": "PanicException", "doubles_cpython": "SystemError"}


def cases() -> Iterator[tuple[str, Any, int]]:
    """What makes a count panic: where, on what, by how many threads."""
    for where, size, threads in (("short", 1000, 1), ("long", 4 * MIB, 1), ("in a second part", 200 * MIB, 1)):
        data = BAD * size if size < 100 * MIB else b"a" * (128 * MIB) + BAD * (size - 128 * MIB)
        yield f"bytes, {where}, GIL {'held' if size < MIB else 'released'}", data, threads
        yield f"str, {where}, GIL {'held' if size < MIB else 'released'}", data.decode("latin-1"), threads
        yield f"bytearray, {where}, GIL held", bytearray(data), threads
    for where, data in (
        ("this thread", BAD * 8 + b"a" * (4 * MIB)),
        ("another thread", b"a" * (2 * MIB) + BAD * (2 * MIB)),
    ):
        yield f"bytes, in {where}, GIL released", data, 4
        yield f"str, in {where}, GIL released", data.decode("latin-1"), 4
        yield f"bytearray, in {where}, GIL held", bytearray(data), 4


def check(doubles: ModuleType, value: Any, threads: int) -> None:
    """One panic, and what must hold after it."""
    gil = ctypes.pythonapi.PyGILState_Check
    references = sys.getrefcount(value)
    kind = None
    try:
        doubles.count_doubles(value, threads=threads)
    except BaseException as error:
        assert gil() == 1, "the GIL is not held where the exception is caught"
        kind = type(error).__name__
        assert "planted" in str(error), str(error)
    assert kind == EXCEPTIONS[doubles.__name__], f"raised {kind}"
    assert gil() == 1, "the GIL is not held"
    assert sys.getrefcount(value) == references, "a reference is left"
    if isinstance(value, bytearray):
        value.append(0)
    # Another thread gets the GIL, and this one gets it back.
    ran: list[int] = []
    other = threading.Thread(target=lambda: ran.append(doubles.count_doubles(b"a" * (2 * MIB))))
    other.start()
    other.join()
    assert ran == [2 * MIB - 1], "another thread cannot count"
    assert doubles.count_doubles("aabccc") == 3, "this thread cannot count"


def main() -> int:
    """Prints what was reached."""
    for name in EXCEPTIONS:
        doubles = importlib.import_module(name)
        for what, value, threads in cases():
            print(f"{name}, {what}", flush=True)
            check(doubles, value, threads)
    print(f"{len(list(cases()))} panics in each module became {' and '.join(EXCEPTIONS.values())}, nothing left behind")
    return 0


if __name__ == "__main__":
    sys.exit(main())

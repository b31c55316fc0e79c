"""Eight threads count while others write, resize and move what they count: no crash, no count out of bounds."""

from __future__ import annotations

import argparse
import array
import ctypes
import importlib
import itertools
import mmap
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from types import ModuleType
from typing import Any

import numpy as np

MIB = 1 << 20

#: More than the bindings count between two looks for signals.
TWO_PARTS = 160 * MIB


class Shared:
    """Values of every kind that can change, and what changes them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self.file.truncate(size)
        self.values: dict[str, Any] = {
            "bytearray": bytearray(size),
            "array": array.array("H", bytes(size)),
            "NumPy": np.zeros(size, "u1"),
            "NumPy, resized": np.zeros(size, "u1"),
            "ctypes": (ctypes.c_uint32 * (size // 4))(),
            "ctypes, resized": (ctypes.c_uint32 * (size // 4))(),
            "mmap": mmap.mmap(-1, size),
            "mmap of a file": mmap.mmap(self.file.fileno(), size),
        }
        self.other = np.arange(size, dtype="u1")
        self.noise = self.other.tobytes()

    def write(self, turn: int) -> None:
        """Writes all but what moves when it is resized, with the GIL and without it."""
        source = self.noise if turn % 2 else bytes(self.size)
        self.values["mmap"][:] = source
        os.pwrite(self.file.fileno(), source, 0)
        np.copyto(self.values["NumPy"], self.other if turn % 2 else 0)
        ctypes.memmove(self.values["ctypes"], source, self.size)
        with suppress(ValueError):
            memoryview(self.values["bytearray"])[: self.size] = source
        with suppress(BufferError):
            memoryview(self.values["array"]).cast("B")[: self.size] = source

    def resize(self, turn: int) -> None:
        """Resizes all; a BufferError is what they may say to it."""
        grow = turn % 2 == 0
        self.values["NumPy, resized"].resize(self.size * 2 if grow else self.size, refcheck=False)
        ctypes.resize(self.values["ctypes, resized"], self.size + turn % 64 * 4096)
        with suppress(BufferError):
            if grow:
                self.values["bytearray"].extend(self.noise)
            else:
                del self.values["bytearray"][self.size :]
        with suppress(BufferError):
            if grow:
                self.values["array"].frombytes(self.noise)
            else:
                del self.values["array"][self.size // 2 :]
        with suppress(BufferError, SystemError, ValueError, OSError):
            self.values["mmap of a file"].resize(self.size * 2 if grow else self.size)


def race(modules: list[ModuleType], seconds: float, size: int) -> Counter[str]:
    """Counts by kind of value. Raises AssertionError for one out of bounds, and what a thread raised."""
    shared = Shared(size)
    immutable = [
        ("a" * size, size - 1),
        (b"a" * size, size - 1),
        ("😀" * size, size - 1),
        (bytes(2 * MIB), 2 * MIB - 1),
    ]
    until = time.monotonic() + seconds
    counts: Counter[str] = Counter()
    failures: list[BaseException] = []

    def guarded(work: Any, *args: Any) -> threading.Thread:
        def run() -> None:
            try:
                for turn in itertools.count():
                    if failures or time.monotonic() > until:
                        return
                    work(turn, *args)
            except BaseException as error:
                failures.append(error)

        return threading.Thread(target=run)

    def read(turn: int, seed: int, own: bytearray) -> None:
        doubles = modules[(turn + seed) % len(modules)]
        for value, expected in immutable:
            assert doubles.count_doubles(value, threads=1 + turn % 2) == expected
            counts["immutable"] += 1
        for kind, value in shared.values.items():
            found = doubles.count_doubles(value, threads=1 + turn % 2)
            assert 0 <= found < 2 * size, f"{found:,} in {kind}"
            counts[kind] += 1
        own.extend(b"\x07" * seed)
        assert doubles.count_doubles(own) == len(own) - 1
        counts["its own"] += 1

    readers = [guarded(read, seed, bytearray(b"\x07\x07")) for seed in range(8)]
    others = [guarded(shared.write), guarded(shared.resize)]
    for thread in (*readers, *others):
        thread.start()
    for thread in (*readers, *others):
        thread.join()
    if failures:
        raise failures[0]
    # What is left of the race is a count as good as any.
    for doubles in modules:
        for kind, value in shared.values.items():
            items = np.frombuffer(value, {"array": "u2", "ctypes": "u4", "ctypes, resized": "u4"}.get(kind, "u1"))
            # A ctypes array that was resized still has the length of its type.
            items = items[: len(value)]
            expected = int(np.count_nonzero(items[1:] == items[:-1]))
            del items
            assert doubles.count_doubles(value) == expected, kind
    return counts


def between_parts(modules: list[ModuleType], times: int) -> Counter[str]:
    """Has a signal handler, and the threads that it lets run, free what is counted between two parts of it."""
    outcomes: Counter[str] = Counter()
    for turn in range(times):
        for doubles in modules:
            values = np.ones(TWO_PARTS, "u1")
            here = [values]
            size = (8, 2 * TWO_PARTS, TWO_PARTS)[turn % 3]

            def resize(here: list[Any] = here, size: int = size) -> None:
                here[0].resize(8, refcheck=False)
                here.append(np.full(TWO_PARTS, 2, "u1"))
                here[0].resize(size, refcheck=False)

            def handle(signum: int, frame: object, resize: Any = resize) -> None:
                thread = threading.Thread(target=resize)
                thread.start()
                thread.join()

            before = signal.signal(signal.SIGALRM, handle)
            signal.setitimer(signal.ITIMER_REAL, 0.001 * (1 + turn % 3))
            try:
                found = doubles.count_doubles(values)
                assert 0 <= found < 2 * TWO_PARTS, f"{found:,}"
                outcomes["counted"] += 1
            except RuntimeError as error:
                assert "changed its size" in str(error), str(error)
                outcomes["refused"] += 1
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before)
    return outcomes


def main() -> int:
    """Prints what was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kib", type=int, default=256, help="the size of what threads share")
    parser.add_argument("--times", type=int, default=30, help="how often memory is freed between two parts")
    arguments = parser.parse_args()
    modules = [importlib.import_module(name) for name in ("doubles_pyo3", "doubles_cpython")]
    outcomes = between_parts(modules, arguments.times)
    if not outcomes["refused"]:
        print(f"no resize fell between two parts: {dict(outcomes)}")
        return 1
    counts = race(modules, arguments.seconds, arguments.kib * 1024)
    missing = [kind for kind, count in counts.items() if count == 0]
    assert not missing, missing
    print(
        f"{sum(counts.values()):,} counts by 8 threads beside a writer and a resizer, all in bounds;"
        f" {sum(outcomes.values())} freed between parts, {outcomes['refused']} of them refused"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

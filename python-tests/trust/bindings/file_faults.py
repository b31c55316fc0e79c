"""Files whose reads are interrupted, short or failing, and threads that cannot be started: a count, or an error.

To be started with the library of ``faults.c``.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from functions import BYTES_A_THREAD
from oracle import doubles_of, outcome
from trust.bindings import faults

UNITS = ["characters", "bytes"]

#: What is cut in many places: characters of each length in UTF-8, and doubles of each.
SHORT = "aabжжё文文中😀😀a\n\n\x00\x00"

#: The bytes that one place of a file has, which a thread counts at once.
STEP = 16 << 20

#: The bytes of a read.
READ = 256 << 10


def expected(data: bytes, unit: str) -> int:
    """The doubles of a file."""
    return doubles_of(data.decode() if unit == "characters" else data)


class Long:
    """A file that several threads count, in two places and a little, which cut characters."""

    def __init__(self, place: Path) -> None:
        # Of 15 bytes, so that each cut is in another place of it.
        unit = "ж文文😀aa\n"
        self.times = (2 * STEP + READ) // len(unit.encode())
        self.path = place / "long"
        self.path.write_bytes(unit.encode() * self.times)
        inside = {"characters": doubles_of(unit), "bytes": doubles_of(unit.encode())}
        self.expected = {name: count * self.times for name, count in inside.items()}


def check(call: Callable[[], Any], right: tuple[str, str], what: str, **wanted: int) -> None:
    """Fails unless a call with these faults ends as it must, and the same call without faults is as good after it."""
    with faults.faults(**wanted):
        found = outcome(call)
    assert found == right, f"{found} and not {right}: {what}, {wanted}"


def counted(count: int) -> tuple[str, str]:
    return "int", str(count)


def short_reads(doubles: ModuleType, place: Path) -> int:
    """Each length of the first read with each of the others."""
    path, data, calls = place / "short", SHORT.encode(), 0
    path.write_bytes(data)
    for unit in UNITS:
        right = counted(expected(data, unit))
        for first in range(1, len(data) + 1):
            for longest in range(1, len(data) + 1):
                what = f"short reads of {unit}"
                check(
                    lambda unit=unit: doubles.count_doubles_file(path, unit),
                    right,
                    what,
                    first_read=first,
                    longest_read=longest,
                )
                calls += 1
    long = Long(place)
    for threads in (1, 2, 5):
        for first, longest in ((1, 0), (2, 0), (3, READ - 1), (READ - 1, 0), (5, READ // 3)):
            for unit in UNITS:
                check(
                    lambda unit=unit, threads=threads: doubles.count_doubles_file(long.path, unit, threads),
                    counted(long.expected[unit]),
                    f"short reads of {unit} by {threads} threads",
                    first_read=first,
                    longest_read=longest,
                )
                calls += 1
    return calls


def places(reads: int) -> list[int]:
    """The numbers of the reads that fail: all of few, and of many the first, the last and some between."""
    return sorted({*range(1, min(reads, 24) + 1), *range(25, reads, 17), *range(max(reads - 9, 1), reads + 1)})


def failing_reads(doubles: ModuleType, place: Path) -> int:
    """Each read is interrupted, once and several times in a row, and goes on; or fails, which is an error."""
    data, calls = SHORT.encode() * 3, 0
    path = place / "short"
    path.write_bytes(data)
    long = Long(place)
    files = [(path, 7, 1, {unit: expected(data, unit) for unit in UNITS})]
    files += [(long.path, 0, threads, long.expected) for threads in (1, 3)]
    for file, longest, threads, right in files:
        for unit in UNITS if longest else UNITS[:1]:

            def call(file: Path = file, unit: str = unit, threads: int = threads) -> int:
                return doubles.count_doubles_file(file, unit, threads)

            with faults.faults(longest_read=longest):
                call()
                reads = faults.get("reads")
            what = f"{unit} of a file of {reads} reads by {threads} threads"
            assert reads > 2, what
            for read in places(reads):
                for failing in (1, 3) if longest else (1 + read % 3,):
                    check(
                        call, counted(right[unit]), what,
                        read_fails=read, reads_failing=failing, read_error=errno.EINTR, longest_read=longest,
                    )  # fmt: skip
                    calls += 1
                error = OSError(errno.EIO, os.strerror(errno.EIO), file)
                check(
                    call, (type(error).__name__, str(error)), what,
                    read_fails=read, read_error=errno.EIO, longest_read=longest,
                )  # fmt: skip
                calls += 1
            check(call, counted(right[unit]), what, read_fails=reads + 1, read_error=errno.EIO, longest_read=longest)
    return calls


def a_pipe(doubles: ModuleType, place: Path) -> int:
    """The same for a pipe, which is not read twice."""
    data, calls = SHORT.encode() * 3, 0

    def piped(unit: str, threads: int) -> int:
        read, write = os.pipe()
        os.write(write, data)
        os.close(write)
        return doubles.count_doubles_file(read, unit, threads)

    for unit in UNITS:
        for threads in (1, 2):
            for longest in (0, 1, 5):
                call = lambda unit=unit, threads=threads: piped(unit, threads)  # noqa: E731
                with faults.faults(longest_read=longest):
                    call()
                    reads = faults.get("reads")
                for read in range(1, reads + 1):
                    for number, right in ((errno.EINTR, "int"), (errno.EIO, "OSError")):
                        wanted = {"read_fails": read, "read_error": number, "longest_read": longest}
                        with faults.faults(**wanted):
                            found = outcome(call)
                        what = f"{found}: {unit} of a pipe by {threads} threads, {wanted}"
                        assert found[0] == right, what
                        assert right != "int" or found == counted(expected(data, unit)), what
                        calls += 1
    return calls


def no_threads(doubles: ModuleType, place: Path) -> int:
    """Threads that cannot be started: those that are there do their work."""
    long, calls = Long(place), 0
    items = bytes(4 * BYTES_A_THREAD)
    values = [items, items.decode(), bytearray(items), memoryview(items)[::-1], memoryview(items).cast("?")]
    values.append(memoryview(items).cast("d"))
    for left in (0, 1, 2, -1):
        for threads in (2, 3, 5):
            for unit in UNITS:
                check(
                    lambda unit=unit, threads=threads: doubles.count_doubles_file(long.path, unit, threads),
                    counted(long.expected[unit]),
                    f"{unit} of a file by {threads} threads",
                    threads_left=left,
                )
                assert faults.get("threads_started") >= 1, "no thread was tried to be started"
                calls += 1
            for number, val in enumerate(values):
                check(
                    lambda val=val, threads=threads: doubles.count_doubles(val, threads=threads),
                    counted(len(val) - 1),
                    f"value {number} by {threads} threads",
                    threads_left=left,
                )
                calls += 1
    return calls


WORK = {"short reads": short_reads, "failing reads": failing_reads, "a pipe": a_pipe, "no threads": no_threads}


def main() -> int:
    """Prints the number of calls; 1 if one returned or raised something else than it must."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module")
    parser.add_argument("work", choices=WORK)
    arguments = parser.parse_args()
    if not faults.LOADED:
        print("started without the library of faults.c")
        return 1
    doubles = importlib.import_module(arguments.module)
    with tempfile.TemporaryDirectory() as place:
        print(f"{WORK[arguments.work](doubles, Path(place)):,} calls")
    return 0


if __name__ == "__main__":
    sys.exit(main())

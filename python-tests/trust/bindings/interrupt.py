"""Ctrl-C during a count of much memory: how soon it is answered, and what it leaves behind."""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

import numpy as np

from trust.bindings.memory import GIB, MIB, available, kept

#: Seconds until a KeyboardInterrupt, at most.
SOON = 0.1

VALUES: dict[str, Callable[[int], Any]] = {
    "bytes": lambda size: b"a" * size,
    "str": lambda size: "a" * size,
    "str of 4 bytes": lambda size: "\N{PARTY POPPER}" * (size // 4),
    "bytearray": lambda size: bytearray(b"a") * size,
    "NumPy": lambda size: np.ones(size // 8, "i8"),
    "bools": lambda size: np.ones(size, bool),
    "backwards": lambda size: np.ones(size // 2, "u2")[::-1],
    "every 64th byte": lambda size: np.ones(size, "u1")[::64],
}


def sender(pipe: Connection) -> None:
    """Sends SIGINT to its parent so many seconds after it was told, and says when."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        delay = pipe.recv()
        if delay is None:
            return
        time.sleep(delay)
        at = time.monotonic()
        os.kill(os.getppid(), signal.SIGINT)
        pipe.send(at)


def interrupted(function: Callable[..., int], value: Any, threads: int, pipe: Connection, delay: float) -> float | None:
    """Seconds from a SIGINT in the midst of a count to its exception; ``None`` if the count was over before."""
    answered = None
    at = None
    try:
        pipe.send(delay)
        function(value, threads=threads)
        done = time.monotonic()
        at = pipe.recv()
        time.sleep(0.001)
    except KeyboardInterrupt:
        answered = time.monotonic()
        at = pipe.recv() if at is None else at
        if "done" in locals():
            return None
    if answered is None:
        raise AssertionError(f"a SIGINT at {at:.3f} was lost in a count that ended at {done:.3f}")
    return answered - at


def tried(doubles: ModuleType, value: Any, pipe: Connection, times: int) -> tuple[float, int]:
    """The longest time to an answer, and the bytes that the process grew by over all interrupts."""
    function = doubles.count_doubles
    start = time.monotonic()
    expected = function(value)
    whole = time.monotonic() - start
    assert expected == len(value) - 1, f"counted {expected:,}"
    chance = random.Random(1)
    before = kept()
    worst, answers = 0.0, 0
    for attempt in range(times * 10):
        seconds = interrupted(function, value, 1 + attempt % 2, pipe, chance.uniform(0, whole * 0.4))
        if seconds is not None:
            worst = max(worst, seconds)
            answers += 1
        if answers == times:
            break
    assert answers == times, f"only {answers} of {attempt + 1} interrupts fell into a count"
    grown = kept() - before
    assert function("aab") == 1
    return worst, grown


def main() -> int:
    """Prints what was reached; 1 if an answer took too long or memory was left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gib", type=float, default=5)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--module", nargs="+", default=["doubles_pyo3", "doubles_cpython"])
    arguments = parser.parse_args()
    size = min(round(arguments.gib * GIB), available() * 4 // 10 // 64 * 64)
    modules = [importlib.import_module(name) for name in arguments.module]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    pipe, other = multiprocessing.Pipe()
    process = multiprocessing.Process(target=sender, args=(other,), daemon=True)
    process.start()
    worst, grown, failures = 0.0, 0, []
    for name, make in VALUES.items():
        value = make(size)
        for doubles in modules:
            seconds, more = tried(doubles, value, pipe, arguments.times)
            print(f"{doubles.__name__}, {name}: {seconds * 1000:.0f} ms at most, {more / MIB:+.1f} MiB", flush=True)
            worst, grown = max(worst, seconds), max(grown, more)
            if seconds > SOON or more > MIB:
                failures.append(f"{doubles.__name__} on {name}: {seconds * 1000:.0f} ms, {more / MIB:+.1f} MiB")
        del value
    pipe.send(None)
    process.join()
    said = "" if size == round(arguments.gib * GIB) else f" (as much as memory allows, not {arguments.gib:g} GiB)"
    if failures:
        print("; ".join(failures))
        return 1
    print(f"{worst * 1000:.0f} ms at most on {size / GIB:.1f} GiB{said}, {grown / MIB:.1f} MiB left behind")
    return 0


if __name__ == "__main__":
    sys.exit(main())

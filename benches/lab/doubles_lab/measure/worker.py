"""The process that one contender runs in: it loads it, calls it and times it, as it is told.

Requests and replies are lines of JSON on the pipes that were its standard input and output. Whatever the
contender prints goes elsewhere. Between requests it waits in a read, which costs nothing.

Kept free of all but the standard library: what is imported here is in every contender's process.
"""

from __future__ import annotations

import faulthandler
import functools
import gc
import itertools
import json
import math
import operator
import os
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter_ns
from typing import Any, BinaryIO, Callable

from doubles_lab.contender import Contender, Unavailable

Reply = dict[str, Any]
#: Counts with how many calls gave each, the commonest first.
Counts = list[tuple[int, int]]

#: Calls between two looks at the clock, at most: few enough for their results to stay in the caches, and so many that
#: reading the clock twice does not show.
BATCH = 2048
#: A sample that is quicker by more than this share shows that what was called was not warm before.
STEADY = 0.02
#: The most samples of a warm-up.
MOST_WARMUPS = 30
#: How many different counts a reply names, at most.
MOST_COUNTS = 5
#: Characters of an exception's message that a reply holds, at most.
LONGEST_MESSAGE = 1000


def versions_of(packages: tuple[str, ...]) -> dict[str, str]:
    """The versions of packages that are installed, and "unknown" of what is none."""
    if not packages:
        return {}
    from importlib.metadata import PackageNotFoundError, version  # takes longer than all that is imported above

    versions = {}
    for package in packages:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "unknown"
    return versions


class Worker:
    """A contender, once loaded, and the argument that it is called with."""

    def __init__(self) -> None:
        self.contender: Contender
        self.function: Callable[[Any], Any]
        self.argument: Any = None
        #: The file that the argument is made from, and whether it is text.
        self.source = "", False

    def load(self, file: str, name: str) -> Reply:
        """Imports and, the first time, builds the contender ``name`` that ``file`` declares."""
        from doubles_lab import registry

        self.contender = next(each for each in registry.declared_by(file) if each.name == name)
        try:
            loaded: Any = self.contender.load()
        except Unavailable as reason:
            return {"unavailable": str(reason)}
        except ModuleNotFoundError as error:
            packages = " ".join(self.contender.packages)
            return {"unavailable": f"{error.name} is not installed" + (f": pip install {packages}" if packages else "")}
        except ImportError as error:
            return {"unavailable": f"{type(error).__name__}: {error}"}
        if not callable(loaded):
            return {"unavailable": f"load returned {type(loaded).__name__}, which cannot be called"}
        self.function = loaded
        return {"versions": versions_of(self.contender.packages), "details": dict(self.contender.details())}

    def input(self, path: str, is_text: bool) -> Reply:
        """Makes the argument from a file; replies with the bytes that it takes in memory."""
        self.source = path, is_text
        self.renew()
        return {"stored": stored_bytes(self.argument)}

    def renew(self) -> None:
        """Makes the argument anew."""
        path, is_text = self.source
        self.argument = None
        data = Path(path).read_bytes()
        value: str | bytes = data.decode("utf-8", "surrogatepass") if is_text else data
        del data
        self.argument = self.contender.prepare(value)

    def call(self) -> Reply:
        """One call, not timed."""
        return {"count": as_count(self.function(self.argument))}

    def warm_up(self, target_ns: int) -> Reply:
        """Calls until a sample takes the target and is steady; replies with the calls that do, and the samples.

        Steady is a sample that is not quicker than the quickest one before it by more than ``STEADY``: what gets ready
        by being called (a cache, a specialising interpreter, a JIT) has done so.
        """
        loops, samples = 1, []
        quickest = math.inf
        for _ in range(MOST_WARMUPS):
            ns, counts = self.timed(loops)
            samples.append([loops, ns, counts])
            if ns < target_ns // 2:
                # No more than tenfold at once: the first calls may be slow for reasons that pass.
                loops = min(loops * 10, max(loops + 1, loops * target_ns // max(ns, 1)))
            elif ns / loops > quickest * (1 - STEADY):
                break
            quickest = min(quickest, ns / loops)
        return {"loops": max(1, round(loops * target_ns / max(ns, 1))), "samples": samples}

    def sample(self, loops: int) -> Reply:
        """One timed sample of ``loops`` calls; replies with the nanoseconds and with what the calls gave."""
        ns, counts = self.timed(loops)
        return {"ns": ns, "counts": counts}

    def cold(self, loops: int, walk: int) -> Reply:
        """A sample of calls each of which has an argument of its own that is in no cache, nor is anything else.

        ``walk`` are the bytes that are walked through before each, outside the clock.
        """
        ns, given = 0, Counter[Any]()
        for _ in range(loops):
            self.renew()
            empty_caches(walk)
            once, counts = self.timed(1)
            ns += once
            given.update(dict(counts))
        return {"ns": ns, "counts": given.most_common(MOST_COUNTS)}

    def count_instructions(self, calls: int) -> Reply:
        """``calls`` calls, and then twice as many, for callgrind to count; replies with what they gave.

        Callgrind writes and clears its counts where the C function ``getloadavg`` is called, which Python does here
        and nobody elsewhere: before, between and after. The difference of the two holds ``calls`` calls, with the loop
        around them, and nothing else.
        """
        function, argument = self.function, self.argument
        given = Counter[int]()
        gc.disable()
        os.getloadavg()
        for count in (calls, 2 * calls):
            turns = itertools.repeat(None, count)
            results = [function(argument) for _ in turns]
            os.getloadavg()
            given.update(counted(results))
        return {"counts": given.most_common(MOST_COUNTS)}

    def timed(self, loops: int) -> tuple[int, Counts]:
        """The nanoseconds that ``loops`` calls take, and every count that they gave with how often.

        The clock stops after each batch while the results of that batch are looked at and let go.
        """
        function, argument = self.function, self.argument
        ns, given = 0, Counter[int]()
        gc.disable()
        try:
            for batch in range(0, loops, BATCH):
                turns = itertools.repeat(None, min(BATCH, loops - batch))
                start = perf_counter_ns()
                results = [function(argument) for _ in turns]
                ns += perf_counter_ns() - start
                given.update(counted(results))
                del results
        finally:
            gc.enable()
        return ns, given.most_common(MOST_COUNTS)


@functools.cache
def written(size: int) -> bytearray:
    """So many bytes that have been written to: else all of them would be one page of zeros."""
    return bytearray(b"\1") * size


def empty_caches(size: int) -> None:
    """Reads so many bytes, which are more than the caches hold. Some 10 ms for 64 MiB."""
    written(size).count(0)


def turn(function: Callable[[Any], Any], arguments: Iterable[Any], result: Any = None) -> tuple[int, Any]:
    """The nanoseconds of a call with each argument, the loop around them included, and the last result.

    A result ends in the time of the call after it, as ``result`` does in that of the first. Raises what the function
    raises.
    """
    gc.disable()
    try:
        start = perf_counter_ns()
        for argument in arguments:
            result = function(argument)
        ns = perf_counter_ns() - start
    finally:
        gc.enable()
    return ns, result


def counted(results: list[Any]) -> dict[int, int]:
    """Each count in ``results`` with how often it is there. Raises ``TypeError`` for what is not a whole number."""
    if set(map(type, results)) != {int}:
        results = [as_count(result) for result in results]
    first = as_count(results[0])
    if results.count(first) == len(results):
        return {first: len(results)}
    found = Counter(results)
    for count in found:
        as_count(count)
    return found


def as_count(result: Any) -> int:
    """The result as an ``int``. Raises ``TypeError`` for what is none, and ``OverflowError`` beyond 64 bits."""
    try:
        count = operator.index(result)
    except TypeError:
        raise TypeError(f"returned {type(result).__name__}, not a whole number") from None
    if not -(1 << 63) <= count < 1 << 63:
        raise OverflowError(f"returned a number of {count.bit_length():,} bits")
    return count


def stored_bytes(argument: Any) -> int:
    """The bytes that the characters or items of an argument take in memory."""
    if isinstance(argument, str):
        if argument.isascii():  # known at once, where the widest takes a second for 64 Mi
            return len(argument)
        widest = max(argument, default="\0")
        return len(argument) * (1 if widest < "\u0100" else 2 if widest < "\U00010000" else 4)
    if hasattr(argument, "estimated_size"):  # a column or a frame of Polars, which have no buffer
        return int(argument.estimated_size())
    return memoryview(argument).nbytes


def serve(worker: Worker, requests: BinaryIO, replies: BinaryIO) -> None:
    """Answers requests until there are no more."""
    for line in requests:
        request = json.loads(line)
        # Ends this process from a thread of its own should the contender hang while nobody is left to stop it.
        faulthandler.dump_traceback_later(request.pop("limit") + 10, exit=True)
        try:
            reply = getattr(worker, request.pop("do"))(**request)
        except KeyboardInterrupt:
            return
        except BaseException as error:  # SystemExit too: a contender that exits is a row
            reply = {"raised": type(error).__name__, "message": str(error).partition("\n")[0][:LONGEST_MESSAGE]}
        faulthandler.cancel_dump_traceback_later()
        replies.write(json.dumps(reply).encode() + b"\n")
        replies.flush()


def main(worker: Worker) -> None:
    """Keeps the pipes to itself and serves."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    serve(worker, requests, replies)
    sys.stdout.flush()
    # Threads that a contender left behind do not keep the process.
    if threading.active_count() > 1:
        os._exit(0)


if __name__ == "__main__":
    main(Worker())

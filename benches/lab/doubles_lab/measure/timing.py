"""One implementation in a process: it is loaded, given its arguments, called, timed, and its results are compared.

Kept to the standard library, but for what the implementation itself imports.
"""

from __future__ import annotations

import array
import contextlib
import functools
import gc
import itertools
import math
import operator
import os
import pickle
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from doubles_lab import approaches
from doubles_lab.folder import Folder, function_of, read
from doubles_lab.implementation import Implementation, Raises, Unavailable
from doubles_lab.measure import built
from doubles_lab.problem import Call, exact, shortened, told_apart

Reply = dict[str, Any]
#: What was wrong with results, or what they were, with how many calls; the commonest first.
Counts = list[tuple[Any, int]]

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
#: Types whose values nobody can change, and which are compared one by one whatever their number.
SCALARS = (int, float, complex, bool, type(None), str, bytes)
#: The longest str or bytes of which every result is compared.
SHORT = 64
#: Calls with arguments of their own that are made before the clock runs.
FRESH = 64

#: Calls, as many as there are turns, and returns the nanoseconds and the results, or the last one alone.
Loop = Callable[[Callable[..., Any], Any, Any], "tuple[int, list[Any]]"]


def timing_loop(call: Call, every: bool, fresh: bool) -> Loop:
    """A loop that calls with arguments like these, as a program would write it: nothing is unpacked in the call.

    It returns ``every`` result, or lets go of each when the next is there. A turn is nothing, or the arguments where
    they are ``fresh``.
    """
    names = [f"a{i}" for i in range(len(call.args) + len(call.kwargs))]
    keywords = zip(call.kwargs, names[len(call.args) :])
    given = ", ".join([*names[: len(call.args)], *(f"{keyword}={name}" for keyword, name in keywords)])
    turn = f"({''.join(f'{name}, ' for name in names)})"
    lines = [
        "def loop(function, turns, values):",
        *([] if fresh or not names else [f"    {turn} = values"]),
        "    result = None",
        "    start = clock()",
        *(
            [f"    results = [function({given}) for {turn if fresh and names else '_'} in turns]"]
            if every
            else [f"    for {turn if fresh and names else '_'} in turns:", f"        result = function({given})"]
        ),
        "    ns = clock() - start",
        f"    return ns, {'results' if every else '[result]'}",
    ]
    there: dict[str, Any] = {"clock": perf_counter_ns}
    exec("\n".join(lines), there)
    loop: Loop = there["loop"]
    return loop


def values_of(call: Call) -> tuple[Any, ...]:
    """The arguments of a call, as a timing loop takes them."""
    return (*call.args, *call.kwargs.values())


class Timing:
    """An implementation, once loaded, and the arguments that it is called with."""

    def __init__(self) -> None:
        self.folder: Folder
        self.implementation: Implementation
        self.function: Callable[..., Any]
        self.make: Callable[[], Call]
        self.arguments: Call
        self.fresh = False
        #: Arguments that were made for the next call, if there are any.
        self.next: Call | None = None
        #: Whether calls may change the arguments, and those as they were made, once they have to be compared.
        self.guarded = False
        self.pristine: Call | None = None
        self.expected: Any = None
        #: What is told of the results of some calls: by default what is wrong with them.
        self.judge: Callable[[list[Any]], Counter[Any]] = self.wrong_with
        self.loop: Loop

    def load(self, folder: str, file: str, name: str) -> Reply:
        """Reads the problem in a folder, and loads the implementation that ``file`` declares, built if it has to be."""
        from doubles_lab import registry

        self.folder = read(Path(folder))
        self.implementation = next(each for each in registry.declared_by(file) if each.name == name)
        try:
            loaded = function_of(self.folder, self.implementation)
        except Unavailable as reason:
            return {"unavailable": str(reason)}
        except ModuleNotFoundError as error:
            packages = " ".join(self.implementation.packages)
            return {"unavailable": f"{error.name} is not installed" + (f": pip install {packages}" if packages else "")}
        except ImportError as error:
            return {"unavailable": f"{type(error).__name__}: {error}"}
        if not callable(loaded):
            return {"unavailable": f"load returned {type(loaded).__name__}, which cannot be called"}
        self.function = self.folder.problem.consuming(loaded)
        flaws = built.flaws_of(loaded)
        useless = [f"{module.name} {flaw}" for module, flaw in flaws if flaw.useless]
        if useless and built.MEANT not in self.implementation.tags:
            return {"unavailable": useless[0]}
        details = dict(self.implementation.details())
        if flaws:
            details[built.DETAIL] = "; ".join(f"{module.name} {flaw}" for module, flaw in flaws)
        return {"versions": versions_of(self.implementation.packages), "details": details}

    def build(self, approach: str, sources: list[str]) -> Reply:
        """Builds source files of an approach together, and those that fail once more, to say why."""
        builder, files = approaches.find()[approach], [Path(each) for each in sources]
        with contextlib.suppress(Unavailable):
            builder.build(files)
        reasons = []
        for file in files:
            try:
                builder.build([file])
            except Unavailable as reason:
                reasons.append(f"{file.parent.name}/{file.name}: {reason}")
        return {"unavailable": "; ".join(reasons)}

    def give(self, arguments: str, name: str, size: int | None, fresh: bool, expected: str) -> Reply:
        """Makes the arguments: those that a file holds, or by the name of an input where nothing can hold them.

        ``expected`` is the file with what must come out. Replies with the bytes that the arguments take in memory.
        """
        problem = self.folder.problem
        variant = problem.variant(self.implementation.variant) if self.implementation.variant else None
        kept = Path(arguments).read_bytes() if arguments and fresh else b""

        def make() -> Call:
            if arguments:
                args, kwargs = pickle.loads(kept or Path(arguments).read_bytes())
                call = Call(*args, **kwargs)
            else:
                call = problem.input(name).call(size)
            return Call.of(variant.make(call)) if variant is not None else call

        self.arguments = self.next = self.pristine = None  # type: ignore[assignment]
        self.expected = pickle.loads(Path(expected).read_bytes())
        self.judge, self.make, self.fresh = self.wrong_with, make, fresh
        self.arguments = make()
        self.loop = timing_loop(self.arguments, is_scalar(self.expected), fresh)
        self.guarded = not fresh and any(map(changeable, values_of(self.arguments)))
        return {"stored": sum(map(stored_bytes, values_of(self.arguments)))}

    def give_value(self, value: Any) -> None:
        """Sets the only argument, of a function that counts: every count is told."""
        self.arguments = self.next = self.pristine = None  # type: ignore[assignment]
        self.arguments, self.fresh, self.guarded = Call(value), False, False
        self.judge, self.loop = counted, timing_loop(self.arguments, True, False)

    def renew(self) -> None:
        """Makes the arguments of the next call anew."""
        self.arguments = self.next = None  # type: ignore[assignment]
        self.arguments = self.next = self.make()

    def taken(self) -> Call:
        """Arguments that no call had before."""
        made, self.next = self.next, None
        return made or self.make()

    def call(self) -> Reply:
        """One call, not timed, and a second one where somebody might change the result of the first.

        Replies with what is wrong, and what came out if that is a whole number.
        """
        results = [self.once()]
        if not is_fixed(results[0]) and not hasattr(self.function, "timed"):
            results.append(self.once())
        wrong = self.wrong_with(results)
        if not wrong and len(results) > 1 and results[0] is results[1]:
            wrong["gives the same object again, which may have been changed meanwhile"] += 1
        return {"counts": wrong.most_common(MOST_COUNTS), "found": found(results[0])}

    def once(self) -> Any:
        """What one call gives."""
        return (self.make() if self.fresh else self.arguments)(self.function)

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
        """``calls`` calls, and then twice as many, for callgrind to count; replies with what was wrong.

        Callgrind writes and clears its counts where the C function ``getloadavg`` is called, which Python does here
        and nobody elsewhere: before, between and after. The difference of the two holds ``calls`` calls, with the loop
        around them, and nothing else.
        """
        given = Counter[Any]()
        values = values_of(self.arguments)
        gc.disable()
        os.getloadavg()
        for count in (calls, 2 * calls):
            _, results = self.loop(self.function, itertools.repeat(None, count), values)
            os.getloadavg()
            given.update(self.judge(results))
        return {"counts": given.most_common(MOST_COUNTS)}

    def timed(self, loops: int) -> tuple[int, Counts]:
        """The nanoseconds that ``loops`` calls take, and what is told of their results.

        The clock stops after each batch while the results of that batch are looked at and let go. Every result is
        compared where it is a scalar, and otherwise the last of each batch; and whether the arguments are what they
        were.
        """
        if hasattr(self.function, "timed"):
            ns, result = self.function.timed(self.arguments.args[0], loops)
            return ns, self.judge([result]).most_common(MOST_COUNTS)
        every = self.judge != self.wrong_with or is_scalar(self.expected)
        size = FRESH if self.fresh else BATCH if every else loops
        ns, told = 0, Counter[Any]()
        values = values_of(self.arguments)
        gc.disable()
        try:
            for done in range(0, loops, size):
                count = min(size, loops - done)
                turns: Any = itertools.repeat(None, count)
                if self.fresh:
                    turns = [values_of(self.taken()) for _ in range(count)]
                spent, results = self.loop(self.function, turns, values)
                ns += spent
                told.update(self.judge(results))
                del results, turns
        finally:
            gc.enable()
        if self.guarded:
            self.pristine = self.pristine or self.make()
            if not exact(list(values), list(values_of(self.pristine))):
                told["changes its arguments"] += 1
                self.arguments = self.make()
        return ns, told.most_common(MOST_COUNTS)

    def wrong_with(self, results: list[Any]) -> Counter[Any]:
        """What is wrong with results, and with how many of them; nothing where all are right."""
        first, expected = results[0], self.expected
        quickly = type(first) is type(expected) and isinstance(expected, (int, str, bytes, type(None)))
        if quickly and set(map(type, results)) == {type(expected)} and results.count(expected) == len(results):
            return Counter()
        return Counter(said[:LONGEST_MESSAGE] for said in map(self.difference, results) if said)

    def difference(self, result: Any) -> str:
        """How a result differs from what it must be; "" if it does not."""
        if isinstance(self.expected, Raises):
            return f"gives {shortened(result)} and must raise {self.expected}"
        equal = self.folder.problem.equal
        try:
            return "" if equal(result, self.expected) else told_apart(result, self.expected, equal)
        except Exception as error:
            kind = type(result).__name__
            return f"gives {shortened(result)} ({kind}), which cannot be compared: {type(error).__name__}: {error}"

    def keeps(self, calls: list[tuple[str, int | None]]) -> Reply:
        """The nanoseconds of the first call with each of several inputs, and of the next one with equal arguments.

        That shows whether results are kept: then the second call does nothing.
        """
        problem = self.folder.problem
        variant = problem.variant(self.implementation.variant) if self.implementation.variant else None
        took = []
        for name, size in calls:
            pair = []
            for _ in range(2):
                call = problem.input(name).call(size)
                call = Call.of(variant.make(call)) if variant is not None else call
                start = perf_counter_ns()
                call(self.function)
                pair.append(perf_counter_ns() - start)
            took.append(pair)
        return {"took": took}


def found(result: Any) -> int | None:
    """A result as an ``int``, if it is a whole number of at most 64 bits."""
    try:
        return None if isinstance(result, bool) else as_count(result)
    except (TypeError, OverflowError):
        return None


def is_scalar(value: Any) -> bool:
    """Whether every result of this kind is compared."""
    return isinstance(value, SCALARS) and not (isinstance(value, (str, bytes)) and len(value) > SHORT)


def is_fixed(result: Any) -> bool:
    """Whether nobody can change a result. A scalar of NumPy is one of those that have a shape, and a hash."""
    scalar = getattr(result, "shape", None) == () and type(result).__hash__ is not None
    return scalar or isinstance(result, (*SCALARS, tuple, frozenset))


def changeable(value: Any) -> bool:
    """Whether a call may change an argument, and that can be seen by comparing it with another one."""
    if isinstance(value, tuple):
        return any(map(changeable, value))
    if hasattr(value, "dtype"):  # the flags of a Polars series are others
        return bool(getattr(getattr(value, "flags", None), "writeable", False))
    return isinstance(value, (list, dict, set, bytearray, array.array))


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


def counted(results: list[Any]) -> Counter[Any]:
    """Each count in ``results`` with how often it is there. Raises ``TypeError`` for what is not a whole number."""
    if set(map(type, results)) != {int}:
        results = [as_count(result) for result in results]
    first = as_count(results[0])
    if results.count(first) == len(results):
        return Counter({first: len(results)})
    different = Counter(results)
    for count in different:
        as_count(count)
    return different


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
    """The bytes that the characters or items of an argument take in memory; 0 of what has none to tell."""
    if isinstance(argument, str):
        if argument.isascii():  # known at once, where the widest takes a second for 64 Mi
            return len(argument)
        widest = max(argument, default="\0")
        return len(argument) * (1 if widest < "\u0100" else 2 if widest < "\U00010000" else 4)
    if hasattr(argument, "estimated_size"):  # a column or a frame of Polars, which have no buffer
        return int(argument.estimated_size())
    try:
        return memoryview(argument).nbytes
    except TypeError:
        return 0

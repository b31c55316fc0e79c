"""Calls with large results where memory runs out: the right result or MemoryError, and then all goes on."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib
import itertools
import json
import os
import resource
import signal
import sys
import tempfile
import traceback
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from functions import COLUMNS, functions, takes_items
from trust.bindings.memory import MIB, kept

#: Of the memory that a call needs, what it gets beyond what the process has.
SHARES = (0.0, 0.02, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95)

#: Seconds after which a call hangs.
HANGS = 60


class Case(NamedTuple):
    """A call, and what is right of it."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    right: Callable[[Any], bool]
    #: Whether its memory grows with its input or its result, so that it must run out of it.
    grows: bool = True


def doubled(typecode: str, count: int, modulo: int | None = None) -> array[Any]:
    """0, 0, 1, 1, 2, 2 and so on."""
    numbers = array(typecode, range(count) if modulo is None else (i % modulo for i in range(count)))
    twice = array(typecode, bytes(2 * count * numbers.itemsize))
    twice[::2] = numbers
    twice[1::2] = numbers
    return twice


def pairs(count: int, step: int) -> Callable[[Any], bool]:
    """Whether a result is so many runs of two, from 0 on in steps: as a list of tuples, or as two arrays."""

    def right(found: Any) -> bool:
        if isinstance(found, tuple):
            return found == (array("q", range(0, step * count, step)), array("q", [2]) * count)
        return len(found) == count and all(run == (i * step, 2) for i, run in enumerate(found))

    return right


def lines(count: int) -> Callable[[Any], bool]:
    """Whether a result is the numbers below one: as a list or as an array."""
    return lambda found: len(found) == count and all(i == at for i, at in enumerate(found))


def cases(module: ModuleType, name: str, items: int, place: Path) -> Iterator[tuple[str, Case]]:
    """The calls of a function that make the most of ``items`` items."""
    if module.__name__ == COLUMNS:
        yield from columns(name, items)
    elif name == "count_doubles_file":
        path = place / "file"
        path.touch()
        os.truncate(path, 4 * items)
        for threads in (1, 8, 2**40):
            yield f"{threads} threads", Case((path,), {"threads": threads}, lambda n: n == 4 * items - 1, grows=False)
    elif name == "count_doubles_many":
        long = "a" * 300
        yield "a list of str", Case(([long] * (items // 8),), {}, lambda found: found == [299] * (items // 8))
        short = lambda: ("aab" for _ in range(items))  # noqa: E731
        yield "a generator", Case((short,), {}, lambda found: found == [1] * items)
    elif name not in takes_items(module):
        expected = 0 if "bytes" in name else items - 1
        # A new one each time, since UTF-8 is kept.
        yield "a str without UTF-8", Case((lambda: "é" * items,), {}, lambda n: n == expected)
    else:
        yield from with_items(name, items)


def with_items(name: str, items: int) -> Iterator[tuple[str, Case]]:
    """The calls of a function that takes anything with items."""
    third = items // 3
    strided = memoryview(bytearray(4 * items))[::4]
    letters = "a" * items
    if name in ("count_doubles", "has_doubles", "longest_run"):
        right = {
            "count_doubles": lambda n: n == len(strided) - 1,
            "has_doubles": lambda has: has is False,
            "longest_run": lambda run: run == (0, len(strided)),
        }[name]
        val = strided
        if name == "has_doubles":
            val = memoryview(bytearray(b"a\0b\0" * items))[::2]
        yield "strided items", Case((val,), {"threads": 8} if name == "count_doubles" else {}, right, grows=False)
        bools = memoryview(bytearray(b"\0\1" * items)).cast("?")
        none = {"count_doubles": 0, "has_doubles": False, "longest_run": (0, 1)}[name]
        yield "bools", Case((bools,), {}, lambda result: result == none, grows=False)
    elif name in ("find_doubles", "find_doubles_array"):
        yield "equal letters", Case((letters,), {}, lines(items - 1))
        yield "strided items", Case((strided,), {}, lines(len(strided) - 1))
    elif name in ("runs", "runs_arrays"):
        yield "pairs of letters", Case(("aab" * third,), {}, pairs(third, 3))
        yield "pairs of strided items", Case((memoryview(b"a.a.b." * third)[::2],), {}, pairs(third, 3))
        if name == "runs_arrays" or "values" in SIGNATURES[name].parameters:
            distinct = "".join(map(chr, range(0x10000, 0x100000)))
            case = Case(("aab" * 9,), {"values": distinct + "a"}, pairs(9, 3))
            yield "many values of a str", case
            yield "many values of items", Case((array("q", b"aaaaaaaa" * 2),), {"values": range(items)}, empty)
    elif name == "squeeze":
        yield from squeezing(items)
    elif name == "count_doubles_by_value":
        numbers = doubled("I", items // 2)
        right = lambda found: len(found) == items // 2 and set(found.values()) == {1}  # noqa: E731
        yield "distinct integers", Case((numbers,), {}, right)
        large = doubled("q", items // 2)
        yield "distinct strided integers", Case((memoryview(large)[::-1],), {}, right)
    else:
        raise AssertionError(f"{name}: no call with a large result is known; add one")


def empty(found: Any) -> bool:
    """Whether nothing was found, in either form."""
    return not found or not any(map(len, found))


def squeezing(items: int) -> Iterator[tuple[str, Case]]:
    """The kinds of values that squeeze makes others of, by content without doubles and by one with many values."""
    for kind, val in {
        "str": "ab" * items,
        "str of two bytes": "ab" * items + "中",
        "str of four bytes": "ab" * items + "😀",
        "bytes": b"ab" * items,
        "bytearray": bytearray(b"ab" * items),
        "array of H": array("H", b"a.b." * items),
        "memoryview of I": memoryview(b"a...b..." * items).cast("I"),
        "strided memoryview": memoryview(b"a.b." * items)[::2],
    }.items():
        yield kind, Case((val,), {}, lambda left, val=val: left == val)
    text = "".join(map(chr, range(0x10000, 0x100000)))
    yield "many values of a str", Case(("aaéé",), {"values": text + "é"}, lambda left: left == "aaé")
    numbers = array("Q", b"\0" * 16)
    yield "many values of items", Case((numbers,), {"values": range(items)}, lambda left: left == numbers[:1])


def columns(name: str, items: int) -> Iterator[tuple[str, Case]]:
    """The calls of a function of ``doubles_pyo3.columns``."""
    import pyarrow

    strings = pyarrow.array(["aab"] * items)
    few = pyarrow.array(["aab"] * (items // 2))
    # Each becomes equal to one other once it is squeezed.
    values = [("a" + "b" * (1 + i % 2) + str(i // 2)) + "_-" * 8 for i in range(items // 8)]
    keys = pyarrow.array([*range(len(values))] * 16, pyarrow.int32())
    long = "ab" * 9 + "bbb"
    for kind, (column, last) in {
        "strings": (strings, "aab"),
        "large strings": (few.cast(pyarrow.large_string()), "aab"),
        "binary in chunks": (pyarrow.chunked_array([few.cast(pyarrow.binary())] * 2), b"aab"),
        "many chunks": (pyarrow.chunked_array([pyarrow.array(["aab"])] * (items // 32)), "aab"),
        "binary of a fixed size": (few.cast(pyarrow.binary()).cast(pyarrow.binary(3)), b"aab"),
        "string views": (pyarrow.array(["aab"] * items, pyarrow.string_view()), "aab"),
        "long string views": (pyarrow.array([long] * items, pyarrow.string_view()), long),
        "a dictionary": (pyarrow.DictionaryArray.from_arrays(keys, pyarrow.array(values)), values[-1]),
        "a dictionary of views": (
            pyarrow.DictionaryArray.from_arrays(keys, pyarrow.array(values, pyarrow.string_view())),
            values[-1],
        ),
        "run ends": (
            pyarrow.RunEndEncodedArray.from_arrays(range(4, items + 1, 4), pyarrow.array(["aab"] * (items // 4))),
            "aab",
        ),
        "nulls": (pyarrow.nulls(items), None),
    }.items():
        wanted = None if last is None else expected_of(name, last)

        def right(found: Any, column: Any = column, wanted: Any = wanted) -> bool:
            made = pyarrow.chunked_array(found) if hasattr(found, "__arrow_c_stream__") else pyarrow.array(found)
            made.validate(full=True)
            return len(made) == len(column) and made[len(made) - 1].as_py() == wanted

        # Of nulls, squeeze returns the column itself.
        yield kind, Case((column,), {}, right, grows=(name, kind) != ("squeeze", "nulls"))


def expected_of(name: str, row: Any) -> Any:
    """What a function of columns says of a row."""
    runs = [len(list(run)) for _, run in itertools.groupby(row)]
    first = runs.index(max(runs))
    return {
        "count_doubles": len(row) - len(runs),
        "has_doubles": max(runs) > 1,
        "longest_run": {"start": sum(runs[:first]), "length": runs[first]},
        "squeeze": row[:0].join(row[at : at + 1] for at in itertools.accumulate([0, *runs[:-1]])),
    }[name]


def address_space() -> int:
    """The bytes of addresses that this process has."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def peak() -> int:
    """The most bytes of addresses that it had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmPeak:"))


def large_blocks_alone() -> None:
    """Has glibc take each large block from the system and give it back, so that none is left of an earlier call."""
    mmap_threshold, top_pad = -3, -2
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).mallopt(mmap_threshold, 64 << 10)
        ctypes.CDLL(None).mallopt(top_pad, 0)


def gaps_filled() -> None:
    """Fills the gaps of the heap in which a large block would find room, and no limit be reached."""
    with contextlib.suppress(AttributeError):
        allocate = ctypes.CDLL(None).malloc
        allocate.restype, allocate.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
        for size in (MIB, MIB // 4, MIB // 16):
            before = address_space()
            while address_space() == before:
                allocate(size)


def in_child(work: Callable[[], str]) -> str:
    """What ``work`` returns in a copy of this process, or how that copy ended."""
    read, write = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(HANGS)
            os.write(write, work().encode())
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(write)
    with open(read, encoding="utf-8") as pipe:  # noqa: PTH123 (a descriptor)
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        number = signal.Signals(os.WTERMSIG(status))
        return f"hung for {HANGS} s" if number == signal.SIGALRM else f"died of {number.name}"
    return said if os.WEXITSTATUS(status) == 0 else f"exited with {os.WEXITSTATUS(status)}"


def outcome(module: ModuleType, name: str, case: Case, extra: int | None) -> str:
    """What comes of a call that may have so many bytes of addresses more: a result, MemoryError or what is wrong.

    A result without a limit is said as the bytes that it took.
    """
    function = getattr(module, name)
    args = tuple(arg() if callable(arg) else arg for arg in case.args)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    gaps_filled()
    before = address_space()
    if extra is not None:
        resource.setrlimit(resource.RLIMIT_AS, (before + extra, hard))
    raised: BaseException | None = None
    result = None
    try:
        result = function(*args, **case.kwargs)
    except BaseException as error:
        raised = error.with_traceback(None)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    if raised is not None:
        said = "MemoryError" if type(raised) is MemoryError else f"{type(raised).__name__}: {raised}"
    elif not case.right(result):
        said = f"a wrong result: {result!r:.200}"
    else:
        said = "result" if extra is not None else str(peak() - before)
    result = raised = None
    goes_on(module, lambda: function(*example(module, name)))
    return said


def goes_on(module: ModuleType, call: Callable[[], Any]) -> None:
    """Fails unless interpreter and module are as good as before."""
    assert json.loads(json.dumps([list(range(1000))])) == [list(range(1000))]
    assert [str(i) for i in range(10**5)][-1] == "99999"
    if module.__name__ != COLUMNS:
        assert module.count_doubles("aabccc") == module.count_doubles(b"aabccc") == 3
    assert type(call()) is type(call())


def check(
    module: ModuleType, name: str, items: int, shares: Sequence[float], mib: Sequence[int]
) -> tuple[list[str], list[str]]:
    """The outcomes of all calls of a function at all limits, and what was wrong."""
    outcomes, wrong = [], []
    with tempfile.TemporaryDirectory() as place:
        for kind, case in cases(module, name, items, Path(place)):
            call = f"{module.__name__}.{name}, {kind}"
            kept()
            free = in_child(lambda case=case: outcome(module, name, case, None))
            if not free.isdigit():
                wrong.append(f"{call}, without a limit: {free}")
                continue
            seen = []
            for extra in [int(share * max(int(free), MIB)) for share in shares] + [each * MIB for each in mib]:
                said = in_child(lambda case=case, extra=extra: outcome(module, name, case, extra))
                print(f"{call}, {extra / MIB:.1f} MiB more than it has: {said}", flush=True)
                if said not in ("result", "MemoryError"):
                    wrong.append(f"{call}, {extra / MIB:.1f} MiB more than it has: {said}")
                seen.append(said)
            if case.grows and "MemoryError" not in seen:
                wrong.append(f"{call}: no limit was too small, which shows nothing; it takes {int(free) / MIB:.1f} MiB")
            outcomes += seen
    return outcomes, wrong


def example(module: ModuleType, name: str) -> tuple[Any, ...]:
    """Small arguments."""
    if module.__name__ == COLUMNS:
        import pyarrow

        return (pyarrow.array(["aab"]),)
    return {"count_doubles_file": (os.devnull,), "count_doubles_many": (["aab"],)}.get(name, ("aab",))


def main() -> int:
    """Prints what was reached; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", help=f"doubles_pyo3, doubles_cpython or {COLUMNS}")
    parser.add_argument("names", nargs="*", help="functions; all if none is given")
    parser.add_argument("--items", type=int, default=2_000_000, help="that a value has, more or less")
    parser.add_argument("--shares", type=float, nargs="*", default=SHARES, help="of the memory that each call needs")
    parser.add_argument("--mib", type=int, nargs="*", default=[], help="further limits, beyond what the process has")
    arguments = parser.parse_args()
    large_blocks_alone()
    module = importlib.import_module(arguments.module)
    SIGNATURES.update(functions(module))
    names = arguments.names or list(SIGNATURES)
    outcomes, wrong = [], []
    for name in names:
        more, bad = check(module, name, arguments.items, arguments.shares, arguments.mib)
        outcomes += more
        wrong += bad
    print(*wrong, sep="\n")
    failed, right = outcomes.count("MemoryError"), outcomes.count("result")
    about = f"{failed} times MemoryError, {right} times the result, {len(wrong)} wrong"
    print(f"{len(outcomes)} calls of {len(names)} functions of {module.__name__}: {about}")
    return 1 if wrong else 0


SIGNATURES: dict[str, Any] = {}

if __name__ == "__main__":
    sys.exit(main())

"""Calls every function with items that end right before, or begin right after, memory that cannot be read."""

from __future__ import annotations

import argparse
import ctypes
import importlib
import mmap
import os
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from functions import takes_items
from oracle import answers, plain

PAGE = mmap.PAGESIZE

#: The items: of each size, as integers, floats in both byte orders and bools, which are read in ways of their own.
DTYPES = ["u1", "u2", "u4", "u8", "?", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]

#: The longest value, in items, and the most bytes between it and the memory that cannot be read.
LONGEST, MOST_BETWEEN = 130, 63

#: One in so many lengths is tried with a function where there is memory between a value and the page.
SELDOM = 9

#: The distances between items that are tried, in items.
STRIDES = [1, 3, -1, -3]

#: The most items that has_doubles may look at beyond those that it needs: this many, and four times those needed. Items
#: that lie as they are compared are read in parts of 1,048,576, each of them as a whole.
AHEAD, PART = 256, 1 << 20


class Guarded:
    """Memory between two pages that cannot be read."""

    def __init__(self, pages: int) -> None:
        size = (pages + 2) * PAGE
        self.memory = mmap.mmap(-1, size)
        first = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        protect = ctypes.CDLL(None, use_errno=True).mprotect
        protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        for page in (first, first + size - PAGE):
            if protect(page, PAGE, 0) != 0:
                raise OSError(ctypes.get_errno(), "mprotect")
        self.start, self.end = PAGE, size - PAGE

    def bytes(self) -> Any:
        """What can be read, and written."""
        return np.ndarray((self.end - self.start,), "u1", self.memory, self.start)

    def items(self, dtype: str, length: int, offset: int, stride: int) -> Any:
        """Items from an offset on, in bytes, and as many bytes apart."""
        return np.ndarray((length,), dtype, self.memory, offset, (stride,))


class Place:
    """Where a process is, for another one that sees it die."""

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, PAGE)
        self.length = memoryview(self.memory).cast("q")

    def say(self, text: str) -> None:
        """What is done from here on, but the length of the value."""
        self.memory[8:PAGE] = text.encode().ljust(PAGE - 8, b"\0")

    def __str__(self) -> str:
        return f"{self.memory[8:PAGE].rstrip(chr(0).encode()).decode()}, of length {self.length[0]}"


def contents(dtype: str) -> dict[str, Any]:
    """The longest values: with doubles, longer runs and single items in many places; and without doubles."""
    numbers = np.random.default_rng(7).integers(0, 3, LONGEST)
    numbers[:2] = numbers[-2:] = 1
    numbers[LONGEST // 2 : LONGEST // 2 + 20] = 2
    single = np.arange(LONGEST) % 5
    found = {"doubles": numbers, "no doubles": single}
    return {name: (items % 2 if dtype == "?" else items).astype(dtype) for name, items in found.items()}


def layouts(guarded: Guarded, items: Any, between: int) -> Iterator[tuple[str, Any, bool]]:
    """These items, with so many bytes between them and the end, or the start, of what can be read.

    What lies around them equals the items next to it. A value that ends there is cut at its start, one that begins
    there at its end: so all lengths lie against the same page.
    """
    dtype, size = items.dtype.str, items.itemsize
    for stride in STRIDES:
        step = abs(stride) * size
        extent = (LONGEST - 1) * step + size
        for at_end in (True, False):
            start = guarded.end - between - extent if at_end else guarded.start + between
            beside = items[-1 if at_end else 0].tobytes() * (MOST_BETWEEN + 1)
            readable = guarded.bytes()
            readable[:] = beside[0]
            if between and at_end:
                readable[-between:] = list(beside[:between])
            elif between:
                readable[:between] = list(beside[-between:])
            val = guarded.items(dtype, LONGEST, start, step)
            val[:] = items
            # Backwards the first item is the last one in memory.
            yield f"{'ending' if at_end else 'beginning'}, stride {stride}", val[:: 1 if stride > 0 else -1], at_end


def parts(val: Any, stride_is_negative: bool, at_end: bool) -> list[Any]:
    """The value at each length, so that each part lies against the page that cannot be read."""
    if at_end != stride_is_negative:
        return [val[LONGEST - length :] for length in range(LONGEST + 1)]
    return [val[:length] for length in range(LONGEST + 1)]


def sweep(doubles: ModuleType, place: Place) -> int:
    """Every function, of all lengths and layouts. The calls; fails at the first wrong result."""
    names = takes_items(doubles)
    functions: dict[str, Callable[[Any], Any]] = {name: getattr(doubles, name) for name in names}
    functions["count_doubles_many"] = lambda val: doubles.count_doubles_many([val])
    functions["count_doubles, 2 threads"] = lambda val: doubles.count_doubles(val, threads=2)
    guarded = Guarded(3)
    return sum(
        sweep_of(functions, guarded, place, content, items)
        for dtype in DTYPES
        for content, items in contents(dtype).items()
    )


def sweep_of(
    functions: dict[str, Callable[[Any], Any]], guarded: Guarded, place: Place, content: str, items: Any
) -> int:
    """The same for one content."""
    expected: dict[tuple[bool, bool], list[dict[str, Any]]] = {}
    calls = 0
    for between in range(MOST_BETWEEN + 1):
        for layout, val, at_end in layouts(guarded, items, between):
            negative = layout.endswith(("-1", "-3"))
            each = parts(val, negative, at_end)
            if (negative, at_end) not in expected:
                expected[negative, at_end] = [all_answers(part.tolist()) for part in each]
            right = expected[negative, at_end]
            for number, (name, function) in enumerate(functions.items()):
                # With memory in between each length and distance has its turn with some of the functions.
                first, step = ((between + number) % SELDOM, SELDOM) if between else (0, 1)
                lengths = range(first, LONGEST + 1, step)
                place.say(f"{name} of {items.dtype.str}, {content}, {layout}, {between} bytes from the page")
                for length in lengths:
                    place.length[0] = length
                    found = plain(function(each[length]))
                    assert found == right[length][name], f"{found} and not {right[length][name]}: {place}"
                calls += len(lengths)
    return calls


def all_answers(items: list[Any]) -> dict[str, Any]:
    """What each of the functions above returns."""
    right = answers(items)
    return {
        **right,
        "count_doubles_many": [right["count_doubles"]],
        "count_doubles, 2 threads": right["count_doubles"],
    }


def stops(doubles: ModuleType, place: Place) -> int:
    """has_doubles of values whose later items cannot be read, with a double before. The calls."""
    few, many = Guarded(32), Guarded(4096)
    calls = 0
    for dtype in DTYPES:
        size = np.dtype(dtype).itemsize
        for at in (0, 1, 2, 62, 63, 64, 100, 500):
            for stride in (1, 2, 3, -1, -2, 129):
                as_compared = stride == 1 and dtype not in ("?", ">f2", ">f4", ">f8")
                step = abs(stride) * size
                needed = PART if as_compared else AHEAD + 4 * (at + 2)
                guarded = many if needed * step > few.end - few.start else few
                # What cannot be read begins right after the last item that may be looked at.
                length = needed + (PAGE - size) // step
                low = guarded.end - needed * step if stride > 0 else guarded.start + needed * step - length * step
                val = guarded.items(dtype, length, low, step)[:: 1 if stride > 0 else -1]
                values = np.arange(at + 2) % 2
                values[at + 1] = values[at]
                val[: at + 2] = values
                place.say(f"has_doubles of {dtype}, stride {stride}, a double at {at}, {needed} items before the page")
                place.length[0] = length
                assert length > needed, str(place)
                assert doubles.has_doubles(val) is True, str(place)
                assert doubles.has_doubles(memoryview(val)) is True, str(place)
                calls += 2
    return calls


WORK = {"sweep": sweep, "stops": stops}


def main() -> int:
    """Prints the number of calls; 1 if one crashed, and which, or returned something else than it must."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module")
    parser.add_argument("work", choices=WORK)
    arguments = parser.parse_args()
    doubles = importlib.import_module(arguments.module)
    place = Place()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            print(f"{WORK[arguments.work](doubles, place):,} calls", flush=True)
            code = 0
        except AssertionError as error:
            print(error, flush=True)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        print(f"died of signal {os.WTERMSIG(status)}: {place}")
    return int(status != 0)


if __name__ == "__main__":
    sys.exit(main())

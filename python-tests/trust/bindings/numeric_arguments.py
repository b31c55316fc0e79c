"""Every number that a function takes, of any size: the right result or a clear refusal."""

from __future__ import annotations

import argparse
import array
import importlib
import inspect
import operator
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from functions import BYTES_A_THREAD, COLUMNS, MOST_THREADS, functions, numbers
from trust.bindings import faults

MIB = 1 << 20


class Index:
    """An object that gives a number, or raises."""

    def __init__(self, given: Any) -> None:
        self.given = given

    def __index__(self) -> Any:
        if isinstance(self.given, BaseException):
            raise self.given
        return self.given


class Int(int):
    """An int of a type of its own, which is a number by what it holds."""

    def __index__(self) -> int:
        raise AssertionError("an int is not asked for its number")

    def __lt__(self, other: object) -> bool:
        raise AssertionError("compared by a method of its own")

    __gt__ = __le__ = __ge__ = __eq__ = __lt__
    __hash__ = int.__hash__


NUMBERS: list[Any] = [
    *(0, 1, -1, 2, 3, 255, 256, 257, 2**16, 2**31 - 1, 2**31, 2**32, 2**42, 2**62, 2**63 - 1, 2**63, 2**64 - 1, 2**64),
    *(10**30, -(2**31), -(2**63), -(2**63) - 1, -(2**64), -(10**30), True, False, Int(2), Int(0), Int(2**64)),
    *(np.int8(-1), np.uint8(3), np.int16(0), np.uint16(2), np.int32(1), np.uint32(2**31), np.int64(2**62)),
    *(np.uint64(2**63), np.uint64(0), np.array(2), np.array(-1, "i1"), Index(1), Index(0), Index(-5), Index(2**64)),
]

OTHERS: list[Any] = [
    *(None, 1.0, 0.0, float("nan"), float("inf"), 1j, "1", "", b"1", [1], (1,), {}, Ellipsis, object(), int),
    *(np.float64(1), np.array([1, 2]), np.array(1.0), np.bool_(True)),
    *(Index(LookupError("not today")), Index(KeyboardInterrupt()), Index("1"), Index(None), Index(1.0)),
]


def said(function: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[str, str]:
    """The type and text of what a call returns or raises, of whatever class."""
    try:
        result = function(*args, **kwargs)
    except BaseException as error:
        return type(error).__name__, str(error)
    return type(result).__name__, shown(result)


def shown(result: Any) -> str:
    """A result, or what it is made of."""
    if hasattr(result, "__arrow_c_array__"):
        import pyarrow

        result = pyarrow.array(result).to_pylist()
    return repr(result.tolist() if isinstance(result, (np.ndarray, memoryview)) else result)


def inputs(function: str, signature: inspect.Signature, place: Path) -> Iterator[tuple[tuple[Any, ...], int]]:
    """Arguments for all parameters without a default, and how many threads may be started for them at most."""
    first = next(iter(signature.parameters))
    if first == "column":
        import pyarrow

        yield (pyarrow.array(["aab", "", None, "abbb"]),), 0
    elif first == "path":
        for length in (0, 3, MIB + 5):
            path = place / str(length)
            path.write_bytes((b"aab" * length)[:length])
            yield (path,), min(MOST_THREADS, length // BYTES_A_THREAD)
    elif first == "val":
        # Long enough for some threads, where there can be any.
        long = b"aab" * (MIB if "threads" in signature.parameters else 100)
        for items in (b"", b"aab", bytes([0] * 9 + [7] * 300 + [1, 1]), long):
            most = len(items) >> 18
            for val in (items.decode(), items, bytearray(items), array.array("b", items), memoryview(items)[::-1]):
                yield (val,), most
    else:
        raise AssertionError(f"{function}: no arguments are known for {first}")


def wrong_with(function: Callable[..., Any], name: str, number: Any, args: tuple[Any, ...], threads: int) -> str | None:
    """What is wrong with a call that has this number; ``None`` if nothing is."""
    started = faults.get("threads_started") if faults.LOADED else 0
    got = said(function, *args, **{name: number})
    if faults.LOADED and faults.get("threads_started") - started > threads:
        return f"{faults.get('threads_started') - started} threads were started, and not {threads} at most"
    try:
        # Before Python 3.10 it may be of a class of its own, with methods that nothing must use.
        value = int.__int__(operator.index(number))
    except BaseException as error:
        expected = type(error).__name__, str(error)
    else:
        if value < 1:
            expected = "ValueError", f"{name} must be at least 1, got {value}"
        else:
            # Longer than any run here, and more than any of these inputs has threads.
            expected = said(function, *args, **{name: min(value, 5 * MIB)})
            if expected[0] in ("ValueError", "TypeError"):
                return f"{expected} for a number that is right"
    return None if got == expected else f"{got}, not {expected}"


def check(module: ModuleType, place: Path) -> tuple[int, int, list[str]]:
    """How many parameters were tried, in how many calls, and what was wrong."""
    parameters = calls = 0
    wrong = []
    for function, signature in functions(module).items():
        for name in numbers(signature):
            parameters += 1
            for args, threads in inputs(function, signature, place):
                for number in (*NUMBERS, *OTHERS):
                    given = "an object" if isinstance(number, Index) else repr(number)
                    given += (
                        f" that gives {number.given!r}" if isinstance(number, Index) else f" ({type(number).__name__})"
                    )
                    call = f"{module.__name__}.{function}({args[0]!r:.40}, {name}={given})"
                    # What it was at when it died.
                    print(call, flush=True)
                    problem = wrong_with(getattr(module, function), name, number, args, threads)
                    if problem is not None:
                        wrong.append(f"{call}: {problem}")
                    calls += 1
    return parameters, calls, wrong


def main() -> int:
    """Prints what was reached; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", help=f"doubles_pyo3, doubles_cpython or {COLUMNS}")
    module = importlib.import_module(parser.parse_args().module)
    with tempfile.TemporaryDirectory() as place:
        parameters, calls, wrong = check(module, Path(place))
    assert parameters, "no parameter is a number"
    print(*wrong[:20], sep="\n")
    values = len(NUMBERS) + len(OTHERS)
    print(f"{values} values of {parameters} parameters in {calls:,} calls of {module.__name__}, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

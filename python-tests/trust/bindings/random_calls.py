"""Random calls of both modules, good and bad: same outcome in both, the right one, no reference and no memory left."""

from __future__ import annotations

import argparse
import array
import ctypes
import importlib
import mmap
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

import numpy as np

from oracle import doubles_of, outcome
from trust.bindings.memory import MIB, kept

MODULES = ("doubles_pyo3", "doubles_cpython")

#: Bytes that the process may grow by.
GROWTH = 4 * MIB

ALPHABETS = ["a", "ab", "aé", "é\xff", "a中", "中\ud800\udfff", "a😀", "😀\U0010ffff", "\x00a"]
DTYPES = ["?", "i1", "u1", "<i2", ">u2", "<i4", ">u4", "<i8", ">u8"]
BAD_DTYPES = ["f4", "f8", "c8", "M8[s]", "S3", "U2", "O", "V4"]
#: How many doubles the result of an operation says that there are.
OPERATIONS: dict[str, Callable[[Any, Any], int]] = {
    "has_doubles": lambda found, _: found,
    "find_doubles": lambda found, _: len(found),
    "runs": lambda found, _: sum(length - 1 for _, length in found),
    "count_doubles_by_value": lambda found, _: sum(found.values()),
    # Of other bytes-like objects than bytes it gives the items as bytes.
    "squeeze": lambda left, val: (
        len(val) - (len(left) // memoryview(val).itemsize if isinstance(left, bytes) else len(left))
    ),
}
ARTICLE = ["zip", "once", "peek", "fold", "bytes_once", "bytes_windows"]


class Text(str):
    """A str of a type of its own."""

    __slots__ = ()


class Values:
    """Makes a random value, with what counting it must give; ``None`` where it must be refused."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        # Made once, so that the heap does not grow and shrink by them.
        bits = np.random.default_rng(1).integers(0, 2, 3 * MIB, dtype="u1")
        self.long = [
            (value, int(np.count_nonzero(bits[1:] == bits[:-1])))
            for value in (
                bits,
                bits.tobytes(),
                bytearray(bits),
                bits.tobytes().decode("latin-1"),
                memoryview(bits)[::-1],
            )
        ]
        self.makers: list[Callable[[], tuple[Any, int | None]]] = [
            self.text, self.text, self.raw, self.numpy, self.view, self.array, self.ctypes, self.mapping, self.bad,
            self.bad_array,
        ]  # fmt: skip

    def make(self) -> tuple[Any, int | None]:
        """Any of them."""
        if self.chance.random() < 0.002:
            return self.chance.choice(self.long)
        return self.chance.choice(self.makers)()

    def length(self) -> int:
        """Mostly short, and around the sizes of vectors."""
        return self.chance.choice([0, 1, 2, 3, self.chance.randrange(70), self.chance.randrange(70), 255, 1000])

    def data(self) -> bytes:
        """Bytes with many doubles."""
        return bytes(self.chance.choices(self.chance.choice([(0,), (0, 1), (0, 1, 2, 255)]), k=self.length()))

    def text(self) -> tuple[str, int]:
        alphabet = self.chance.choice(ALPHABETS)
        text = "".join(self.chance.choices(alphabet, k=self.length()))
        return (Text(text) if self.chance.random() < 0.2 else text), doubles_of(text)

    def raw(self) -> tuple[Any, int]:
        data = self.data()
        return self.chance.choice([bytes, bytearray, memoryview])(data), doubles_of(data)

    def numpy(self) -> tuple[Any, int]:
        dtype = np.dtype(self.chance.choice(DTYPES))
        offset = self.chance.randrange(8)
        data = bytes(offset) + self.data()
        values = np.frombuffer(data, dtype, count=(len(data) - offset) // dtype.itemsize, offset=offset)
        values = values[:: self.chance.choice([1, 1, 2, 3, -1, -2])]
        if self.chance.random() < 0.1 and values.size:
            values = np.broadcast_to(values[:1], (self.length(),))
        if self.chance.random() < 0.3:
            values = values.copy()
        return values, doubles_of(values.tolist())

    def view(self) -> tuple[Any, int]:
        code = self.chance.choice("cbBhHiIlLqQnN?")
        data = bytearray(self.data())
        size = memoryview(bytes(64)).cast(code).itemsize
        view = memoryview(data)[: len(data) // size * size].cast(code)[:: self.chance.choice([1, 2, -1])]
        return view, doubles_of(view.tolist())

    def array(self) -> tuple[Any, int]:
        values = array.array(self.chance.choice("bBhHiIlLqQ"))
        data = self.data()
        values.frombytes(data[: len(data) // values.itemsize * values.itemsize])
        return values, doubles_of(values)

    def ctypes(self) -> tuple[Any, int]:
        items = list(self.data())
        kind = self.chance.choice([ctypes.c_ubyte, ctypes.c_short.__ctype_be__, ctypes.c_uint32, ctypes.c_int64])
        return (kind * len(items))(*items), doubles_of(items)

    def mapping(self) -> tuple[Any, int]:
        mapping = mmap.mmap(-1, 4096)
        data = self.data()
        mapping[: len(data)] = data
        return mapping, doubles_of(data + bytes(4096 - len(data)))

    def bad(self) -> tuple[Any, None]:
        view = memoryview(b"aa")
        view.release()
        return self.chance.choice(
            [None, 3, 1.5, ["a", "a"], ("a",), {}, object(), str, view, array.array("d", [1, 1]), ctypes.c_int(3)]
        ), None

    def bad_array(self) -> tuple[Any, None]:
        if self.chance.random() < 0.5:
            return np.zeros((2, self.chance.randrange(4)), self.chance.choice(DTYPES)), None
        return np.zeros(self.length(), self.chance.choice(BAD_DTYPES)), None


def one_call(modules: list[ModuleType], values: Values, chance: random.Random) -> str:
    """Calls both modules alike, and returns what became of it. Raises AssertionError if anything is amiss."""
    value, expected = values.make()
    name, kwargs, args = "count_doubles", {}, (value,)
    wrong = chance.random()
    if wrong < 0.1:
        kwargs = {"threads": chance.choice([1, 2, 3, 2**40])}
    elif wrong < 0.13:
        kwargs, expected = {"threads": chance.choice([0, -1, 2**70, "2", None.__class__, 1.5])}, None
    elif wrong < 0.16:
        wrong_calls = [((), {}), ((value, value), {}), ((), {"val": value}), ((value,), {"x": 1})]
        (args, kwargs), expected = chance.choice(wrong_calls), None
    elif wrong < 0.22:
        return another_call(modules, value, expected, chance)
    elif wrong < 0.3:
        name = f"count_doubles_{chance.choice(ARTICLE)}"
        expected = article(name, value)
    counts = sys.getrefcount(value), sys.getrefcount(type(value))
    outcomes = [outcome(getattr(doubles, name), *args, **kwargs) for doubles in modules]
    kinds = {kind for kind, _ in outcomes}
    after = sys.getrefcount(value), sys.getrefcount(type(value))
    said = f"{name}{args!r:.200} {kwargs!r:.100}"
    # Everything refers to None and to str, and lets go of them at any time.
    alike = after == counts or value is None or value is str
    assert alike, f"references went from {counts} to {after}: {said}"
    assert len(kinds) == 1, f"{outcomes}: {said}"
    if expected is None:
        assert kinds <= {"TypeError", "ValueError", "OverflowError", "BufferError", "UnicodeEncodeError"}, (
            f"{outcomes}: {said}"
        )
        # The article's functions have each binding library's own words.
        assert name != "count_doubles" or len(set(outcomes)) == 1, f"{outcomes}: {said}"
    else:
        assert set(outcomes) == {("int", str(expected))}, f"{outcomes}, not {expected}: {said}"
    return next(iter(kinds))


def another_call(modules: list[ModuleType], value: Any, expected: int | None, chance: random.Random) -> str:
    """The same for an operation that gives something else than a count, but says as much of it."""
    name = chance.choice(sorted(OPERATIONS))
    kwargs = {"runs": {"min_length": 2}, "squeeze": {"max_run": 1, "values": None}}.get(name, {})
    if chance.random() < 0.2 and kwargs:
        kwargs = {key: chance.choice([0, -1, 3, 2**70, "x", 1.5, [1, "a"]]) for key in kwargs}
        expected = -1
    counts = sys.getrefcount(value), sys.getrefcount(type(value))
    outcomes = set()
    for doubles in modules:
        try:
            result = getattr(doubles, name)(value, **kwargs)
        except Exception as error:
            outcomes.add((type(error).__name__, str(error)))
            continue
        outcomes.add((type(result).__name__, repr(result)))
        assert expected is not None, f"{result!r:.200}: {name}({value!r:.200})"
        if expected != -1:
            said, right = OPERATIONS[name](result, value), expected > 0 if name == "has_doubles" else expected
            assert said == right, f"{result!r:.200}: {name}({value!r:.200})"
        result = None
    assert len(outcomes) == 1, f"{outcomes}: {name}({value!r:.200}, {kwargs})"
    after = sys.getrefcount(value), sys.getrefcount(type(value))
    # Everything refers to None, to str and to small numbers.
    alike = after == counts or value is None or value is str or isinstance(value, int)
    assert alike, f"references went from {counts} to {after}: {name}({value!r:.200}, {kwargs})"
    return next(iter(outcomes))[0]


def article(name: str, value: Any) -> int | None:
    """What a function of the article must give; ``None`` where it must refuse."""
    if not isinstance(value, str):
        return None
    with suppress(UnicodeEncodeError):
        data = value.encode()
        return doubles_of(data if "bytes" in name else str(value))
    return None


def main() -> int:
    """Prints what was reached; 1 if anything was left, or another outcome than the right one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    chance = random.Random(arguments.seed)
    modules = [importlib.import_module(name) for name in MODULES]
    values = Values(chance)
    kinds: Counter[str] = Counter()
    start = time.monotonic()
    # What the first calls take for good (caches, free lists) is not growth.
    warm = start + min(20.0, arguments.seconds / 4)
    base: tuple[int, int] | None = None
    most = blocks = 0
    while time.monotonic() < start + arguments.seconds:
        try:
            for _ in range(2000):
                kinds[one_call(modules, values, chance)] += 1
        except AssertionError as error:
            print(f"seed {arguments.seed}, call {sum(kinds.values()):,}: {error}")
            return 1
        now = kept()
        if base is None and time.monotonic() >= warm:
            base = now, sys.getallocatedblocks()
        elif base is not None:
            most = max(most, now - base[0])
            blocks = sys.getallocatedblocks() - base[1]
    calls = sum(kinds.values())
    if base is None:
        print(f"too short: {calls:,} calls took all the time, and growth is measured after them")
        return 1
    about = ", ".join(f"{kind} {count:,}" for kind, count in kinds.most_common())
    print(f"outcomes: {about}")
    reached = f"{calls:,} calls in each module, {most / MIB:.1f} MiB more at most, {blocks:+,} objects, references even"
    print(reached)
    return 1 if most > GROWTH or blocks > 1000 else 0


if __name__ == "__main__":
    sys.exit(main())

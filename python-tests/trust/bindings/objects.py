"""Objects to call functions with, good and hostile. Each is made anew, so that two modules get equal ones."""

# ruff: noqa: PLW0108 (each call of a lambda makes a new object, and a new type)

from __future__ import annotations

import array
import collections
import ctypes
import decimal
import enum
import fractions
import io
import itertools
import mmap
import os
import random
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

MIB = 1 << 20


class Hook:
    """What an object does when it is asked for something: gives it, raises it, or calls it and gives that."""

    def __init__(self, does: Any) -> None:
        self.does = does

    def __call__(self, *_: Any) -> Any:
        does = self.does
        if isinstance(does, BaseException) or (isinstance(does, type) and issubclass(does, BaseException)):
            raise does
        return does() if callable(does) else does


def with_hooks(base: type = object, **hooks: Any) -> Callable[[], Any]:
    """Makes objects whose special methods do as they are told: ``index=LookupError("no")`` is an ``__index__``."""

    def make() -> Any:
        methods = {f"__{name}__": (lambda hook: lambda self, *args: hook())(Hook(does)) for name, does in hooks.items()}
        return type("Hooked", (base,), methods)()

    return make


class Text(str):
    """A str that says of itself what is not so."""

    def __iter__(self) -> Any:
        raise AssertionError("iterated")

    __getitem__ = __len__ = __eq__ = __str__ = __buffer__ = __index__ = __fspath__ = __iter__
    __hash__ = None


class Plain(str):
    """A str of a type of its own that does nothing else."""

    __slots__ = ()


class Bytes(bytes):
    """A bytes that says of itself what is not so."""

    __iter__ = __getitem__ = __len__ = __eq__ = __bytes__ = __index__ = Text.__iter__
    __hash__ = None


class Bytearray(bytearray):
    """A bytearray that says of itself what is not so."""

    __iter__ = __getitem__ = __len__ = __eq__ = Text.__iter__
    __hash__ = None


class Array(array.array):
    """An array that says of itself what is not so."""

    __iter__ = __getitem__ = __len__ = __eq__ = Text.__iter__
    __hash__ = None
    typecode = "d"


class Numbers(np.ndarray):
    """An ndarray that says of itself what is not so."""

    __iter__ = __getitem__ = __len__ = __eq__ = Text.__iter__
    __hash__ = None


class Point(ctypes.Structure):
    """Two ints."""

    _fields_ = [("x", ctypes.c_int), ("y", ctypes.c_int)]


class Level(enum.IntEnum):
    """Numbers with names."""

    NONE = 0
    ONE = 1


class Named(type):
    """A type whose name is not to be had."""

    @property
    def __name__(cls) -> str:
        raise LookupError("no name")

    @property
    def __module__(cls) -> str:
        raise LookupError("no module")


class Numbered(type):
    """A type whose name is a number."""

    __name__ = 3


class Surrogate(type):
    """A type whose name has no UTF-8."""

    __name__ = "\ud800"


class Liar:
    """An object that takes itself for a str."""

    @property
    def __class__(self) -> type:
        return str


class Raising:
    """An object all of whose attributes raise."""

    def __getattribute__(self, name: str) -> Any:
        raise LookupError(name)


class Halfway:
    """An iterator that gives some and then raises."""

    def __init__(self, given: Any, error: BaseException) -> None:
        self.left, self.error = list(given), error

    def __iter__(self) -> Halfway:
        return self

    def __next__(self) -> Any:
        if self.left:
            return self.left.pop(0)
        raise self.error


class GetItem:
    """A sequence by ``__getitem__`` alone."""

    def __init__(self, items: Any) -> None:
        self.items = items

    def __getitem__(self, index: int) -> Any:
        return self.items[index]


class Exporter:
    """An object that exports a buffer, from Python 3.12 on."""

    def __init__(self, does: Any) -> None:
        self.does = Hook(does)

    def __buffer__(self, flags: int) -> Any:
        return self.does()

    def __release_buffer__(self, view: memoryview) -> None:
        view.release()


def released() -> memoryview:
    """A view of nothing any more."""
    view = memoryview(b"aab")
    view.release()
    return view


def closed() -> mmap.mmap:
    """A mapping of nothing any more."""
    mapping = mmap.mmap(-1, 16)
    mapping.close()
    return mapping


def masked(**options: Any) -> Any:
    """An array with a mask."""
    return np.ma.array([20, 21, 21, 21, 21, 20], **options)


def descriptor(data: bytes, offset: int = 0) -> int:
    """A file with this content, open, and without a name."""
    file = os.memfd_create("doubles") if hasattr(os, "memfd_create") else os.open(os.devnull, os.O_RDWR)
    os.write(file, data)
    os.lseek(file, offset, os.SEEK_SET)
    return file


def piped(data: bytes) -> int:
    """What comes out of a pipe that has this in it."""
    read, write = os.pipe()
    os.write(write, data)
    os.close(write)
    return read


#: Errors that a hook may raise, some of which are not Exceptions.
ERRORS: dict[str, Callable[[], BaseException]] = {
    "LookupError": lambda: LookupError("not today"),
    "TypeError": lambda: TypeError("of its own"),
    "OverflowError": lambda: OverflowError("of its own"),
    "MemoryError": lambda: MemoryError("of its own"),
    "BufferError": lambda: BufferError("of its own"),
    "StopIteration": lambda: StopIteration(3),
    "KeyboardInterrupt": lambda: KeyboardInterrupt("of its own"),
    "GeneratorExit": lambda: GeneratorExit("of its own"),
    "an error that cannot be shown": lambda: type("Mute", (Exception,), {"__str__": lambda self: 3})("x"),
}

OBJECTS: dict[str, Callable[[], Any]] = {}


def add(name: str, make: Callable[[], Any]) -> None:
    """Names an object."""
    assert name not in OBJECTS, name
    OBJECTS[name] = make


def constant(*values: Any) -> None:
    """Objects that cannot change, by their repr."""
    for value in values:
        add(f"{value!r} ({type(value).__name__})", lambda value=value: value)


constant(None, Ellipsis, NotImplemented, True, False, 0, 1, -1, 2, 3, 97, 255, 256, 2**31, 2**42, 2**62, 2**63, 2**64)
constant(-(2**63), -(2**64), 10**40, 1.0, 2.5, 1j, np.int8(1), np.uint8(2), np.int64(-1), np.uint64(2**63))
constant(np.bool_(True), np.float64(1), np.str_("aab"), np.bytes_(b"aab"), Level.NONE, Level.ONE)
constant(decimal.Decimal(1), fractions.Fraction(1), str, int, len, sys, object, slice(3), Point)
constant(
    "", "a", "b", "aab", "aabb  cc", "éé", "éaé", "中中a", "😀😀a", "\0\0", "aa\ud800\ud800", "a" * 300, "文aab😀" * 50
)
constant("bytes", "characters", "words", "Größe", b"", b"a", b"aab", b"\0\0\1", b"a" * 300, bytes(range(256)) * 2)
constant(("a", "b"), (), ("ab",), (97, 98), (0, 1), (True,), (1.0, 2.0), (b"a", b"b"), ("aab", b"aab"), ("aab", None))
constant(frozenset("ab"), frozenset([97, 0]), range(3), range(0), range(97, 100), range(-3, 300), Path("missing"))
# The largest parts that the GIL is released for, and the smallest.
add("1 MiB of str", lambda: "aab" * (MIB // 3 + 1))
add("1 MiB of bytes", lambda: b"aab" * (MIB // 3 + 1))
add("1 MiB of bytearray", lambda: bytearray(MIB + 9))
add("a str that lies", lambda: Text("aab"))
add("a plain subclass of str", lambda: Plain("aabb"))
add("a plain subclass of str that is not ASCII", lambda: Plain("éé中"))
add("a subclass of str for a unit", lambda: Plain("bytes"))
add("a bytes that lies", lambda: Bytes(b"aab"))
add("a bytearray", lambda: bytearray(b"aab"))
add("an empty bytearray", bytearray)
add("a bytearray that lies", lambda: Bytearray(b"aab"))
add("an array that lies", lambda: Array("h", [1, 1, 2]))
add("an ndarray that lies", lambda: np.array([1, 1, 2]).view(Numbers))
add("a UserString", lambda: collections.UserString("aab"))
add("a list of letters", lambda: ["a", "b"])
add("a list of int", lambda: [97, 98, 0])
add("a list of large int", lambda: [2**70, -(2**70), -1, 2**63, 2**64 - 1])
add("a list of bool", lambda: [True, False])
add("a list of float", lambda: [0.0, -0.0, 1.5, float("nan"), 97.0])
add("a list of words", lambda: ["aab", "", "中中"])
add("a list of values", lambda: ["aab", b"aab", bytearray(b"aa"), memoryview(b"aab")[::2], np.ones(3), "éé"])
add("a list of letters and others", lambda: ["a", 97, b"a", None])
add("a list of bytes", lambda: [b"a", b"b", b"", b"ab"])
add("a list of surrogates", lambda: ["\ud800", "a"])
add("a list with itself", lambda: (lambda made: made.append(made) or made)([]))
add("a set of letters", lambda: {"a", "b"})
add("a set of int", lambda: {97, 0, 1})
add("a dict of letters", lambda: {"a": 1, "b": 2})
add("keys of a dict", lambda: {"a": 1, "b": 2}.keys())
add("a deque", lambda: collections.deque("ab"))
add("a generator of letters", lambda: (letter for letter in "ab"))
add("a generator of int", lambda: (number for number in (97, 0, 1)))
add("a generator of values", lambda: (value for value in ("aab", b"aab", "")))
add("an iterator that is used up", lambda: iter(()))
add("a map of ord", lambda: map(ord, "ab"))
add("a map that fails", lambda: map(ord, ["a", "bc"]))
add("a sequence by __getitem__", lambda: GetItem("ab"))
add("a sequence of int by __getitem__", lambda: GetItem([97, 0]))
add("a mapping by __getitem__", lambda: GetItem({0: "a"}))
add("a zip", lambda: zip("ab", "ab"))
add("a cycle that is cut", lambda: itertools.islice(itertools.cycle("ab"), 9))
for code in "cbBhHiIlLqQnN?fdP":
    add(f"a memoryview of {code}", lambda code=code: memoryview(bytearray(bytes([1, 0, 0, 0] * 12))).cast(code))
    add(f"a strided memoryview of {code}", lambda code=code: memoryview(bytes([1, 0, 0, 0] * 12)).cast(code)[::-2])
add("a memoryview of bytes", lambda: memoryview(b"aab"))
add("a memoryview of @H", lambda: memoryview(b"a.a.b.").cast("@H"))
add("a memoryview of two dimensions", lambda: memoryview(bytes(12)).cast("B", [3, 4]))
add("a memoryview of no dimension", lambda: memoryview(b"a").cast("B", []))
add("a released memoryview", released)
add("an empty memoryview", lambda: memoryview(b""))
for code in "bBhHiIlLqQfd":
    add(f"an array of {code}", lambda code=code: array.array(code, [1, 1, 0, 0, 97]))
add("an empty array", lambda: array.array("q"))
add("an array of characters", lambda: array.array("u" if sys.version_info < (3, 13) else "w", "aab"))
DTYPES = ["?", "i1", "u1", "<i2", ">i2", "<u4", ">u4", "<i8", ">u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "g"]
for dtype in (*DTYPES, "c8", "M8[s]", "m8[s]", "S3", "U2", "O", "V4"):
    add(f"an ndarray of {dtype}", lambda dtype=dtype: np.array([1, 1, 0]).astype("i8").astype(dtype))
    add(f"a strided ndarray of {dtype}", lambda dtype=dtype: np.array([1, 1, 0, 0, 0]).astype("i8").astype(dtype)[::-1])
add("an ndarray of NaN", lambda: np.array([np.nan, np.nan, 0.0, -0.0, np.inf, np.inf]))
add("an ndarray of two dimensions", lambda: np.zeros((2, 3), "u1"))
add("an ndarray of no dimension", lambda: np.array(3))
add("an empty ndarray", lambda: np.zeros(0, "i4"))
add("a read-only ndarray", lambda: np.broadcast_to(np.array([7], "u2"), (5,)))
add("an unaligned ndarray", lambda: np.frombuffer(b"x" + bytes(24), "u1")[1:].view("u8"))
add("a matrix", lambda: np.array([[1, 1, 2]]).view(np.matrix))
add("a recarray", lambda: np.array([1, 1, 2]).view(np.recarray))
add("records", lambda: np.zeros(3, [("a", "i4"), ("b", "i4")]))
add("a field of records", lambda: np.zeros(3, [("a", "u1"), ("b", "<u4")])["b"])
add("a masked array", lambda: masked(mask=[0, 0, 1, 1, 0, 0]))
add("a masked array without a mask", masked)
add("a strided masked array", lambda: masked(mask=[0, 0, 1, 1, 0, 0])[::2])
add("a ctypes array", lambda: (ctypes.c_int * 3)(1, 1, 2))
add("a ctypes array of big-endian numbers", lambda: (ctypes.c_int.__ctype_be__ * 3)(1, 1, 2))
add("a ctypes array of float", lambda: (ctypes.c_float * 3)(1, 1, 2))
add("a ctypes array of characters", lambda: ctypes.create_string_buffer(b"aab"))
add("a ctypes array of nothing", lambda: (ctypes.c_int * 0)())
add("a ctypes number", lambda: ctypes.c_int(3))
add("ctypes structures", lambda: (Point * 3)())
add("an mmap", lambda: mmap.mmap(-1, 64))
add("a closed mmap", closed)
add("a BytesIO's buffer", lambda: io.BytesIO(b"aab").getbuffer())
add("a BytesIO", lambda: io.BytesIO(b"aab"))
add("an object", object)
add("a namespace", types.SimpleNamespace)
add("an object that takes itself for a str", Liar)
add("an object all of whose attributes raise", Raising)
if sys.version_info >= (3, 11):
    # Before that PyO3 asks a type for its name, and the type's own type may have another answer.
    add("an object whose type has no name", lambda: Named("X", (), {})())
    add("an object whose type has a number as its name", lambda: Numbered("X", (), {})())
    add("an object whose type has a surrogate as its name", lambda: Surrogate("X", (), {})())
add("an object whose type has a name that is not ASCII", lambda: type("Größe", (), {})())
add("an exception", lambda: ValueError("x"))
add("a path by __fspath__", with_hooks(fspath="missing"))
add("a path of a wrong type by __fspath__", with_hooks(fspath=3))
# Numbers by __index__.
add("a number by __index__", with_hooks(index=2))
add("zero by __index__", with_hooks(index=0))
add("a large number by __index__", with_hooks(index=2**64))
add("a float by __index__", with_hooks(index=2.0))
add("a str by __index__", with_hooks(index="2"))
add("a bool by __index__", with_hooks(index=True))
add("a float by __float__ and __int__", with_hooks(float=1.0, int=1))
add("an int whose __index__ raises", lambda: type("Int", (int,), {"__index__": lambda self: 1 / 0})(2))
add("a float whose __eq__ raises", lambda: type("Float", (float,), {"__eq__": lambda *_: 1 / 0, "__hash__": None})(1))
# Objects that raise where they are asked for something.
for name, error in ERRORS.items():
    for hook in ("index", "iter", "getitem", "fspath", "bool", "len", "hash", "float", "length_hint"):
        if hook in ("index", "iter", "fspath") or name == "LookupError":
            make = lambda hook=hook, error=error: with_hooks(**{hook: error()})()  # noqa: E731
            add(f"{name} by __{hook}__", make)
            add(f"a list of one with {name} by __{hook}__", lambda make=make: ["a", 97, make()][-1:])
    add(f"letters and then {name}", lambda error=error: Halfway("ab", error()))
    add(f"numbers and then {name}", lambda error=error: Halfway([97, 0], error()))
    add(f"values and then {name}", lambda error=error: Halfway(["aab", b"aab"], error()))
    add(f"{name} by __buffer__", lambda error=error: Exporter(error()))
add("a length that is wrong", lambda: type("List", (list,), {"__len__": lambda self: 10**9})(["a"]))
add("a length that is negative", with_hooks(len=-1, iter=lambda: iter("ab")))
add("a length hint that is huge", with_hooks(length_hint=2**62, iter=lambda: iter(["a", 97])))
add("a length hint of a wrong type", with_hooks(length_hint="x", iter=lambda: iter(["a", 97])))
add("an __iter__ that gives no iterator", with_hooks(iter=3))
add("an __iter__ that is None", lambda: type("X", (), {"__iter__": None})())
add("a buffer by __buffer__", lambda: Exporter(lambda: memoryview(b"aab")))
add("a buffer of float by __buffer__", lambda: Exporter(lambda: memoryview(array.array("f", [1, 1]))))
add("no buffer by __buffer__", lambda: Exporter(3))

#: Numbers that a path may be are descriptors that are open and not ours.
NO_PATH = range(1000)


def is_a_descriptor(value: Any) -> bool:
    """Whether open would take a value for a descriptor that may be open, and close it."""
    if issubclass(type(value), int):
        # Whatever its class says.
        return int(int.__index__(value)) in NO_PATH
    try:
        return value.__index__() in NO_PATH
    except BaseException:
        return False


#: Paths alone: what is opened is made anew for each call, and closed by it.
PATHS: dict[str, Callable[[], Any]] = {
    "the null device": lambda: os.devnull,
    "the null device in bytes": lambda: os.fsencode(os.devnull),
    "the null device as a Path": lambda: Path(os.devnull),
    "a file": lambda: descriptor(b"aab"),
    "a file of characters": lambda: descriptor("жжжab中中".encode()),
    "a file within a character": lambda: descriptor("жжжab".encode(), 1),
    "a file at an offset": lambda: descriptor("жжжab".encode(), 2),
    "a file at its end": lambda: descriptor(b"aab", 3),
    "a file past its end": lambda: descriptor(b"aab", 300),
    "a file that is not UTF-8": lambda: descriptor(b"aab\xffab"),
    "a file that ends within a character": lambda: descriptor(b"aab\xe6\x96"),
    "a file of 600 KiB": lambda: descriptor("文aab😀".encode() * 60_000),
    "a pipe": lambda: piped("жжжab".encode()),
    "a pipe that is not UTF-8": lambda: piped(b"aa\xff"),
    "an empty pipe": lambda: piped(b""),
    "a directory": lambda: os.sep,
    "a file that is missing": lambda: "/missing/file",
    "a path with a NUL": lambda: "a\0b",
    "an empty path": lambda: "",
    "a path with a surrogate": lambda: "/missing/\udcff",
    "a descriptor that is not open": lambda: 10**6,
    "a descriptor below zero": lambda: -1,
    "a descriptor past all": lambda: 2**63,
}


def letters(chance: random.Random) -> str:
    """A short text with many doubles."""
    alphabet = chance.choice(["ab", "aé", "a中\n", "a😀", "\0a", "  x"])
    return "".join(chance.choices(alphabet, k=chance.choice([0, 1, 2, 5, 17, 64, 70, 300])))


def value(chance: random.Random) -> Any:
    """A value to count, of any kind."""
    text = letters(chance)
    data = text.encode()
    kinds: list[Callable[[], Any]] = [
        lambda: text,
        lambda: data,
        lambda: bytearray(data),
        lambda: memoryview(data)[:: chance.choice([1, 2, -1])],
        lambda: array.array(chance.choice("bhiq"), [byte % 3 for byte in data]),
        lambda: array.array(chance.choice("fd"), [(byte % 3) * 0.5 for byte in data]),
        lambda: np.array([byte % 2 for byte in data]).astype(chance.choice(DTYPES[:-1])),
        lambda: np.array([byte % 2 for byte in data * 2]).astype(chance.choice(DTYPES[:-1]))[::-2],
    ]
    return chance.choice(kinds)()

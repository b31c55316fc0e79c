"""What ``squeeze`` returns for each type of argument: type, items, format, writability, and nothing of the argument."""

from __future__ import annotations

import array
import builtins
import ctypes
import functools
import mmap
import pickle
import re
import struct
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from oracle import is_stable_abi, kept, outcome, read_only

#: Numbers with doubles, without, with a long run, one, and none. Each is also squeezed as an item of every type.
NUMBERS = [[1, 1, 2, 3, 3, 3, 0, 0, 1], [1, 2, 3, 1], [5] * 70, [7], []]

NATIVE_CODES = "cbBhHiIlLqQnN?efd"
STANDARD_CODES = "cbBhHiIlLqQ?efd"
DTYPES = [*"?bBhHiIlLqQefd", np.intp, np.uintp]
SWAPPED = "<" if sys.byteorder == "big" else ">"
OWN = "<" if sys.byteorder == "little" else ">"


class Case(NamedTuple):
    """A value, the type of its result, and what an item of both is: its size, and its value of some bytes."""

    val: Any
    result: type
    data: bytes
    code: str

    @property
    def size(self) -> int:
        return struct.calcsize(self.code.replace("c", "B"))

    def expected(self, max_run: int = 1) -> list[Any]:
        """The items that are left, as Python has them."""
        items = [item for (item,) in struct.iter_unpack(self.code, self.data)]
        return [items[at] for at in kept(items, max_run)]


def raw(code: str, numbers: list[int]) -> bytes:
    """The bytes of these numbers as items of a format."""
    convert = {"c": lambda number: bytes([number]), "?": bool}.get(code[-1], lambda number: number)
    return b"".join(struct.pack(code, convert(number)) for number in numbers)


class Text(str):
    """A str that is not what it says."""

    def __iter__(self):
        raise AssertionError("its own content is read, not this")

    __getitem__ = __len__ = __str__ = __iter__


class Bytes(bytes):
    __iter__ = __getitem__ = __len__ = __bytes__ = Text.__iter__


class Bytearray(bytearray):
    __iter__ = __getitem__ = __len__ = Text.__iter__


class Array(array.array):
    __iter__ = __getitem__ = __len__ = Text.__iter__
    typecode = "d"


class Numbers(np.ndarray):
    dtype = np.dtype("V3")
    frombuffer = typecode = format = None


def filled(array_type, data):
    """A ctypes array of these bytes."""
    return array_type.from_buffer_copy(data) if data else array_type()


def mapped(data):
    mapping = mmap.mmap(-1, len(data))
    mapping[:] = data
    return mapping


class View(ctypes.Structure):
    """A ``Py_buffer``."""

    _fields_ = [
        ("buf", ctypes.c_void_p),
        ("obj", ctypes.c_void_p),
        ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_char_p),
        ("shape", ctypes.POINTER(ctypes.c_ssize_t)),
        ("strides", ctypes.POINTER(ctypes.c_ssize_t)),
        ("suboffsets", ctypes.POINTER(ctypes.c_ssize_t)),
        ("internal", ctypes.c_void_p),
    ]


#: What views of formats that Python itself does not make refer to.
KEPT: list[Any] = []


def view_of(code: str, data: bytes) -> memoryview:
    """A memoryview of a format with any byte order in front, as exporters written in C make."""
    size = struct.calcsize(code)
    memory = ctypes.create_string_buffer(data, max(len(data), 1))
    length, stride = (ctypes.c_ssize_t * 1)(len(data) // size), (ctypes.c_ssize_t * 1)(size)
    address = ctypes.addressof(memory)
    view = View(address, None, len(data), size, 0, 1, code.encode(), length, stride)
    KEPT.extend((memory, length, stride, view))
    make = ctypes.pythonapi.PyMemoryView_FromBuffer
    make.restype, make.argtypes = ctypes.py_object, [ctypes.POINTER(View)]
    return make(ctypes.byref(view))


def exporter(data: bytes) -> Any:
    """An object with ``__buffer__``."""
    own = bytearray(data)
    return type("Exporter", (), {"own": own, "__buffer__": lambda self, flags: memoryview(own)})()


def subclass(base: type, *args: Any) -> Any:
    return type("Subclass", (base,), {})(*args)


def buffers(numbers: list[int]) -> dict[str, Any]:
    """A value of each type of items, by name."""
    data = bytes(numbers)
    cases: dict[str, Any] = {
        "bytes": (data, bytes, data, "B"),
        "bytes subclass": (Bytes(data), bytes, data, "B"),
        "bytearray": (bytearray(data), bytearray, data, "B"),
        "bytearray subclass": (Bytearray(data), bytearray, data, "B"),
        "memoryview": (memoryview(bytearray(data)), memoryview, data, "B"),
        "memoryview, read-only": (read_only(bytearray(data)), memoryview, data, "B"),
        "memoryview, backwards": (memoryview(bytearray(data[::-1]))[::-1], memoryview, data, "B"),
        "matrix row": (np.array([numbers], "u1").view(np.matrix).A1, np.ndarray, data, "B"),
    }
    if numbers:
        cases["mmap"] = (mapped(data), bytes, data, "B")
    if hasattr(pickle, "PickleBuffer"):
        cases["PickleBuffer"] = (pickle.PickleBuffer(bytearray(data)), bytes, data, "B")
    if sys.version_info >= (3, 12):
        cases["exporter"] = (exporter(data), bytes, data, "B")
    for code in "bBhHiIlLqQfd":
        cases[f"array of {code}"] = (array.array(code, numbers), array.array, raw(code, numbers), code)
        cases[f"array subclass of {code}"] = (Array(code, numbers), array.array, raw(code, numbers), code)
    for code in NATIVE_CODES:
        for order in ("", "@"):
            data = raw(order + code, numbers)
            cases[f"view of {order}{code}"] = (view_of(order + code, data), memoryview, data, order + code)
    for code in STANDARD_CODES:
        for order in "=<>!":
            data = raw(order + code, numbers)
            if order in (OWN, "=") or len(raw(order + code, [0])) == 1:
                cases[f"view of {order}{code}"] = (view_of(order + code, data), memoryview, data, order + code)
    for dtype in DTYPES:
        for order in (OWN, SWAPPED):
            values = np.array(numbers, np.dtype(dtype).newbyteorder(order))
            code = order + {4: "iI", 8: "qQ"}.get(values.itemsize, "??")[values.dtype.kind == "u"]
            code = code if values.dtype.kind in "iu" and values.itemsize > 2 else order + values.dtype.char
            data = values.tobytes()
            each = {
                "": values,
                ", strided": np.repeat(values, 2)[::2],
                ", backwards": values[::-1].copy()[::-1],
                ", unaligned": np.frombuffer(bytearray(b"x" + data), "u1")[1:].view(values.dtype),
                ", read-only": read_only_array(values),
                " as a recarray": values.copy().view(np.recarray),
                " as a subclass": values.copy().view(Numbers),
            }
            for name, val in each.items():
                cases[f"ndarray of {order}{dtype}{name}"] = (val, np.ndarray, data, code)
    integers = ("byte", "ubyte", "short", "ushort", "int", "uint", "longlong", "ulonglong", "float", "double")
    for name, code in zip(integers, "bBhHiIqQfd"):
        for order in (OWN, SWAPPED):
            type_ = getattr(getattr(ctypes, f"c_{name}"), "__ctype_le__" if order == "<" else "__ctype_be__", None)
            if type_ is not None and not (code in "bB" and order == SWAPPED):
                data = raw(order + code, numbers)
                cases[f"ctypes array of {order}{name}"] = (
                    filled(type_ * len(numbers), data),
                    bytes,
                    data,
                    order + code,
                )
    cases["ctypes array of char"] = (filled(ctypes.c_char * len(numbers), bytes(numbers)), bytes, bytes(numbers), "B")
    cases["ctypes array of bool"] = (
        filled(ctypes.c_bool * len(numbers), raw("?", numbers)),
        bytes,
        raw("?", numbers),
        "?",
    )
    return {name: Case(*case) for name, case in cases.items()}


def read_only_array(values: np.ndarray) -> np.ndarray:
    values = values.copy()
    values.flags.writeable = False
    return values


def formats_of(code: str) -> str:
    """The format of a memoryview that is made of items of one: native, and of the same size and kind."""
    if code[0] in "@" or len(code) == 1:
        return code
    return {"l": "i", "L": "I"}.get(code[1], code[1])


#: Python makes memoryviews of these from 3.12 on.
NO_HALF_VIEWS = sys.version_info < (3, 12)

#: The kinds of values, by how the names of their cases begin. The one that begins with the most letters counts.
KINDS = ["bytes", "bytearray", "memoryview", "view of", "array", "ndarray", "ctypes array", ""]


@functools.lru_cache(maxsize=None)  # noqa: UP033 (Python 3.8 has no cache)
def named(kind: str) -> list[str]:
    """The names of the cases of a kind."""
    return [name for name in buffers(NUMBERS[0]) if kind == max(filter(name.startswith, KINDS), key=len)]


def refused_here(case: Case) -> bool:
    return case.result is memoryview and case.code[-1] == "e" and NO_HALF_VIEWS


def content(left: Any) -> bytes:
    """The bytes of a result."""
    return left.tobytes() if hasattr(left, "tobytes") else bytes(left)


@pytest.mark.parametrize("kind", KINDS)
def test_the_result_is_like_the_argument(doubles, kind):
    for numbers in NUMBERS:
        cases = buffers(numbers)
        for name in named(kind):
            if name in cases:
                check_result(doubles, name, cases[name])


def check_result(doubles, name: str, case: Case) -> None:
    """Fails unless a value is squeezed to the type and the bytes that it should be."""
    if refused_here(case):
        text = f"cannot make a memoryview of format '{formats_of(case.code)}': pass numpy.asarray(val)"
        assert outcome(doubles.squeeze, case.val) == ("TypeError", text)
        return
    for max_run in (1, 2):
        left = doubles.squeeze(case.val, max_run)
        assert type(left) is case.result, name
        assert content(left) == b"".join(struct.pack(case.code, item) for item in case.expected(max_run)), name
        assert left is not case.val or isinstance(left, bytes), name
        check_attributes(left, case)


def check_attributes(left: Any, case: Case) -> None:
    """Fails unless a result is of the same items as the argument, and new."""
    if isinstance(left, array.array):
        # As the class has it: a subclass may have another attribute of this name.
        assert left.typecode == array.array.typecode.__get__(case.val)
        left.extend(left[:1])
    elif isinstance(left, np.ndarray):
        dtype = np.ndarray.dtype.__get__(case.val)
        assert dtype.itemsize == case.size
        assert (left.dtype, left.dtype.byteorder, left.ndim) == (dtype, dtype.byteorder, 1)
        assert left.flags.c_contiguous and left.flags.writeable and not np.shares_memory(left, np.asarray(case.val))
        left[:1] = left[:1]
    elif isinstance(left, memoryview):
        assert (left.format, left.itemsize, left.ndim) == (formats_of(case.code), case.size, 1)
        assert left.readonly and left.c_contiguous and type(left.obj) is bytes
    elif isinstance(left, bytearray):
        left.append(0)


def written(val: Any) -> bool:
    """Changes each byte of a value. Whether it can be changed."""
    try:
        values = np.frombuffer(memoryview(val), "u1") if memoryview(val).c_contiguous else None
        if values is None:
            values = np.ndarray.view(val, np.ndarray) if isinstance(val, np.ndarray) else np.asarray(val)
            values[...] = values[::-1].copy()
            values[...] = 0
        else:
            values ^= 0xFF
    except (ValueError, BufferError):
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_the_result_is_independent_of_the_argument(doubles, kind):
    """It stays what it was when the argument is written, also where nothing was left out, and holds nothing of it."""
    cases = [buffers(numbers) for numbers in NUMBERS]
    for name in named(kind):
        changed = sum(is_independent(doubles, each[name]) for each in cases if name in each)
        case = cases[0][name]
        immutable = isinstance(case.val, bytes) or name.endswith("read-only") or refused_here(case)
        assert immutable or changed, f"{name}: never written"


def is_independent(doubles, case: Case) -> bool:
    """Whether the argument can be written; fails if the result is another one then, or cannot do without it."""
    if refused_here(case):
        return False
    left = doubles.squeeze(case.val)
    before = content(left)
    changed = written(case.val)
    assert content(left) == before
    if isinstance(case.val, (bytearray, array.array)):
        # This raises a BufferError where something of it is still lent out.
        (bytearray if isinstance(case.val, bytearray) else array.array).append(case.val, 1)
    return changed and len(before) > 0


@pytest.mark.parametrize("code", [code for code in STANDARD_CODES if struct.calcsize(f"={code}") > 1])
@pytest.mark.parametrize("order", [SWAPPED, "!"] if sys.byteorder == "little" else [SWAPPED])
def test_a_view_in_the_other_byte_order_is_refused(doubles, order, code):
    given = order + code
    val = view_of(given, raw(given, NUMBERS[0]))
    text = f"cannot make a memoryview of format '{given}': pass numpy.asarray(val)"
    assert outcome(doubles.squeeze, val) == outcome(doubles.squeeze, val[:0]) == ("TypeError", text)
    assert outcome(doubles.squeeze, val[::-1], 2, [1]) == ("TypeError", text)
    assert doubles.count_doubles(val) == 4
    # As the text advises, where NumPy knows the format.
    if order != "!":
        left = doubles.squeeze(np.asarray(val))
        assert (type(left), left.tolist()) == (np.ndarray, [1, 2, 3, 0, 1])
        assert left.dtype.byteorder == np.dtype(given).byteorder == SWAPPED


@pytest.mark.parametrize("text", ["aab", "aéé\x80", "a文文", "文😀😀", "abc", "", "a"])
def test_text(doubles, text):
    for val in (text, Text(text), subclass(str, text)):
        left = doubles.squeeze(val)
        assert type(left) is str
        assert left == "".join(text[at] for at in kept(text))
        assert left.isascii() == text.isascii() if hasattr(left, "isascii") else True
        if not is_stable_abi(doubles) and len(left) > 1:
            assert sys.getsizeof(left) == sys.getsizeof("".join(list(left)))


def test_a_memmap(doubles, tmp_path):
    path = tmp_path / "numbers"
    for dtype in ("u1", ">i4", "<f8", ">f2"):
        values = np.memmap(path, dtype, "w+", shape=9)
        values[:] = NUMBERS[0]
        left = doubles.squeeze(values)
        assert (type(left), left.dtype, left.tolist()) == (np.ndarray, values.dtype, [1, 2, 3, 0, 1])
        values[:] = 9
        values.flush()
        assert left.tolist() == [1, 2, 3, 0, 1]
        del values


def test_a_matrix_is_refused(doubles):
    for rows in ([[1, 1, 2]], [[1], [1]], [[1]]):
        val = np.array(rows).view(np.matrix)
        assert outcome(doubles.squeeze, val) == ("ValueError", "expected one dimension, got 2")


def test_a_recarray_of_records_is_refused(doubles):
    val = np.array([(1, 2), (1, 2)], [("a", "i4"), ("b", "i4")]).view(np.recarray)
    assert outcome(doubles.squeeze, val)[0] == "TypeError"
    left = doubles.squeeze(val.a)
    assert (type(left), left.dtype, left.tolist()) == (np.ndarray, np.dtype("i4"), [1])


def test_bools_of_any_byte(doubles):
    data = bytearray([2, 255, 1, 0, 0, 7])
    for val in (np.frombuffer(data, "?"), memoryview(data).cast("?"), np.frombuffer(data, "?")[::-1]):
        assert doubles.squeeze(val).tolist() == [True, False, True]


STUB = Path(__file__).resolve().parent.parent / "bindings" / "doubles.pyi"
OVERLOAD = re.compile(r"@overload\ndef squeeze\(\s*val: (?P<val>.+?), max_run.*?\) -> (?P<result>.+?):\s", re.DOTALL)


def type_named(annotation: str) -> type:
    """The type of an annotation in the stub, without its parameters."""
    name = annotation.split("[")[0]
    return {"array": array.array, "ndarray": np.ndarray, "Buffer": object}.get(name) or getattr(builtins, name)


def overloads() -> list[tuple[type, type, str, str]]:
    """The overloads of ``squeeze`` in the stub: types and annotations of argument and result."""
    text = STUB.read_text(encoding="utf-8")
    found = [(match["val"], match["result"]) for match in OVERLOAD.finditer(text)]
    assert len(found) == text.count("def squeeze(") > 1
    return [(type_named(val), type_named(result), val, result) for val, result in found]


def test_the_stub_says_what_is_returned():
    """The table above, and so both modules."""
    cases = {"text": Case("aab", str, b"", "B"), **buffers(NUMBERS[0])}
    for name, case in cases.items():
        result, val_named, result_named = next(rest for val, *rest in overloads() if isinstance(case.val, val))
        assert result is case.result, name
        # What is kept of the argument besides its type: the type of its items.
        if result in (array.array, np.ndarray):
            assert re.search(r"_\w+", val_named).group() == re.search(r"_\w+", result_named).group()
        assert ("tuple[int]" in result_named) is (result is np.ndarray)

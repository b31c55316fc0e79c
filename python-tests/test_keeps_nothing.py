"""After a call nothing is left: no reference, no buffer, no memory. Errors included."""

from __future__ import annotations

import array
import ctypes
import gc
import mmap
import sys
from contextlib import suppress

import numpy as np
import pytest

CALLS = 10_000


class Mallinfo2(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keep",
        )
    ]


def rust_memory() -> int | None:
    """The bytes that are taken from the C heap, which is Rust's too, where the C library tells."""
    try:
        mallinfo2 = ctypes.CDLL(None).mallinfo2
    except AttributeError:
        return None
    mallinfo2.restype = Mallinfo2
    info = mallinfo2()
    return info.uordblks + info.hblkhd


def assert_nothing_is_left(work, calls: int) -> None:
    """`work`, which makes `calls` calls, leaves no object and no memory.

    What is lost with a call is lost each time. Other threads allocate, too (pytest-xdist's do), so a
    growth counts when it is there three times in a row.
    """
    for _ in range(3):
        gc.collect()
        blocks, heap = sys.getallocatedblocks(), rust_memory()
        work()
        gc.collect()
        blocks = sys.getallocatedblocks() - blocks
        heap = 0 if heap is None else rust_memory() - heap
        if blocks < calls // 10 and heap < calls * 4:
            return
    pytest.fail(f"{calls} calls leave {blocks} objects and {heap} bytes of the C heap")


class Unhashable(str):
    __hash__ = None


# Makes a new value each time, from a number, that is shared with nothing and not immortal.
FRESH = {
    "str": lambda number: f"aab{number}",
    "str, 2 bytes": lambda number: f"中中{number}",
    "str, 4 bytes": lambda number: f"😀😀{number}",
    "str subclass": lambda number: Unhashable(f"aab{number}"),
    "surrogates": lambda number: f"\ud800\ud800{number}",
    "bytes": lambda number: b"aab%d" % number,
    "bytes subclass": lambda number: type("Bytes", (bytes,), {})(b"aab"),
    "bytearray": lambda number: bytearray(b"aab"),
    "memoryview": lambda number: memoryview(bytearray(b"aab")),
    "strided": lambda number: memoryview(bytearray(b"aab"))[::2],
    "array": lambda number: array.array("I", [1, 1, 2]),
    "NumPy": lambda number: np.array([1, 1, 2]),
    "NumPy, backwards": lambda number: np.array([1, 1, 2])[::-1],
    "ctypes": lambda number: (ctypes.c_int * 3)(1, 1, 2),
    "mmap": lambda number: mmap.mmap(-1, 4096),
    "long str": lambda number: "a" * (1 << 20) + str(number),
    "list": lambda number: ["a", "a"],
    "object": lambda number: object(),
    "floats": lambda number: array.array("d", [1, 1]),
    "complex": lambda number: np.zeros(3, "c16"),
    "structures": lambda number: np.zeros(3, [("a", "i4"), ("b", "i4")]),
    "two dimensions": lambda number: np.zeros((2, 2), "i4"),
    "no dimension": lambda number: ctypes.c_int(3),
    "datetime64": lambda number: np.zeros(3, "M8[s]"),
}


def fresh(name):
    return FRESH[name](id(object()))


def call(function, value, times):
    for _ in range(times):
        with suppress(TypeError, ValueError):
            function(value)


@pytest.mark.parametrize("function", ["count_doubles", "count_doubles_once"])
@pytest.mark.parametrize("name", FRESH)
def test_no_reference_and_no_memory(doubles, function, name):
    value = fresh(name)
    function = getattr(doubles, function)
    times = CALLS if name != "long str" else CALLS // 10
    call(function, value, 100)
    gc.collect()
    references, type_references = sys.getrefcount(value), sys.getrefcount(type(value))
    assert_nothing_is_left(lambda: call(function, value, times), times)
    assert sys.getrefcount(value) == references
    assert abs(sys.getrefcount(type(value)) - type_references) < times // 10


def test_no_reference_and_no_memory_for_wrong_arguments(doubles):
    value = fresh("str")

    def wrong():
        for args, kwargs in (((), {}), ((value, value), {}), ((value,), {"val": value}), ((), {"x": value})):
            with pytest.raises(TypeError):
                doubles.count_doubles(*args, **kwargs)

    def often(times):
        for _ in range(times):
            wrong()

    often(100)
    gc.collect()
    references = sys.getrefcount(value)
    assert_nothing_is_left(lambda: often(CALLS // 4), CALLS)
    assert sys.getrefcount(value) == references


def test_a_bytearray_can_be_resized_after_each_call(doubles):
    data = bytearray(b"aabccc")
    for _ in range(100):
        doubles.count_doubles(data)
        data.append(0)
        data.pop()


@pytest.mark.parametrize("code", ["B", "I", "f", "?"])
@pytest.mark.parametrize("dimensions", [1, 2])
@pytest.mark.parametrize("step", [1, 2, -1])
def test_no_buffer_is_kept_even_after_errors(doubles, code, dimensions, step):
    data = bytearray(32)
    view = memoryview(data).cast(code)
    view = view[::step] if dimensions == 1 else memoryview(data).cast(code, [2, len(view) // 2])
    with suppress(TypeError, ValueError):
        doubles.count_doubles(view)
    view.release()
    del view
    gc.collect()
    data.append(0)


def test_a_mapping_can_be_closed_after_a_call(doubles):
    mapping = mmap.mmap(-1, 4096)
    assert doubles.count_doubles(mapping) == 4095
    mapping.close()
    with pytest.raises(ValueError):
        doubles.count_doubles(mapping)


def test_the_value_can_go_while_its_error_stays(doubles):
    value = fresh("complex")
    references = sys.getrefcount(value)
    with pytest.raises(TypeError) as raised:
        doubles.count_doubles(value)
    assert sys.getrefcount(value) - references <= 1  # the frames of the traceback
    del raised

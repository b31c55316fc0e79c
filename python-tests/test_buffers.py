"""count_doubles over bytes-likes: every exporter, item, byte order, stride and alignment of the contract."""

from __future__ import annotations

import array
import ctypes
import mmap
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import doubles_of, read_only

DTYPES = ["?", "i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8"]
NATIVE_DTYPES = [*"?bBhHiIlLqQ", np.intp, np.uintp]
ARRAY_CODES = "bBhHiIlLqQ"
CAST_CODES = "cbBhHiIlLqQnN?"

# Bytes with few values, so that wide items repeat as well.
few_bytes = st.one_of(
    st.binary(max_size=400),
    st.lists(st.sampled_from([b"\x00" * 8, b"\x01" + b"\x00" * 7, b"\xff" * 8, b"\x00\x01" * 4]), max_size=60).map(
        b"".join
    ),
    st.lists(st.integers(0, 2), max_size=400).map(bytes),
)


# Exporters


@given(few_bytes)
def test_bytes_bytearray_memoryview(doubles, data):
    expected = doubles_of(data)
    assert doubles.count_doubles(data) == expected
    assert doubles.count_doubles(bytearray(data)) == expected
    assert doubles.count_doubles(memoryview(data)) == expected
    assert doubles.count_doubles(memoryview(bytearray(data))) == expected
    assert doubles.count_doubles(read_only(bytearray(data))) == expected


@settings(max_examples=300)
@given(code=st.sampled_from(ARRAY_CODES), data=few_bytes)
def test_array(doubles, code, data):
    values = array.array(code)
    values.frombytes(data[: len(data) // values.itemsize * values.itemsize])
    assert doubles.count_doubles(values) == doubles_of(values)


@settings(max_examples=500)
@given(code=st.sampled_from(CAST_CODES), prefix=st.sampled_from(["", "@"]), data=few_bytes)
def test_memoryview_of_every_format(doubles, code, prefix, data):
    view = memoryview(data)
    size = memoryview(bytes(64)).cast(prefix + code).itemsize
    view = view[: len(data) // size * size].cast(prefix + code)
    expected = doubles_of(view.tolist())
    assert doubles.count_doubles(view) == expected
    assert doubles.count_doubles(view[::-1]) == expected
    assert doubles.count_doubles(view[1::2]) == doubles_of(view.tolist()[1::2])


@given(st.lists(st.integers(0, 3), min_size=1, max_size=5000).map(bytes))
def test_mmap(doubles, data):
    with mmap.mmap(-1, len(data)) as mapping:
        mapping[:] = data
        assert doubles.count_doubles(mapping) == doubles_of(data)


def test_mmap_of_a_file(doubles, tmp_path):
    path = tmp_path / "aab"
    path.write_bytes(b"aab" * 5000)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapping:
        assert doubles.count_doubles(mapping) == 5000


@settings(max_examples=300)
@given(dtype=st.sampled_from(DTYPES), data=few_bytes)
def test_numpy(doubles, dtype, data):
    size = np.dtype(dtype).itemsize
    values = np.frombuffer(data[: len(data) // size * size], dtype)
    expected = doubles_of(values.tolist())
    assert doubles.count_doubles(values) == expected
    assert doubles.count_doubles(values.copy()) == expected


@pytest.mark.parametrize("dtype", NATIVE_DTYPES, ids=str)
def test_numpy_of_every_c_type(doubles, dtype):
    values = np.array([0, 0, 1, 1, 1, 0], dtype)
    assert doubles.count_doubles(values) == 3
    assert doubles.count_doubles(np.zeros(1000, dtype)) == 999


@pytest.mark.parametrize(
    "type_",
    [
        *(getattr(ctypes, name) for name in ("c_bool", "c_byte", "c_ubyte", "c_short", "c_ushort", "c_int", "c_uint")),
        *(
            getattr(ctypes, name)
            for name in ("c_long", "c_ulong", "c_longlong", "c_ulonglong", "c_size_t", "c_ssize_t")
        ),
        *(getattr(ctypes, name) for name in ("c_int8", "c_uint16", "c_int32", "c_uint64")),
        *(type_.__ctype_be__ for type_ in (ctypes.c_short, ctypes.c_uint32, ctypes.c_int64)),
        *(type_.__ctype_le__ for type_ in (ctypes.c_short, ctypes.c_uint32, ctypes.c_int64)),
    ],
)
def test_ctypes(doubles, type_):
    assert doubles.count_doubles((type_ * 6)(0, 0, 1, 1, 1, 0)) == 3
    assert doubles.count_doubles((type_ * 0)()) == 0


def test_ctypes_char(doubles):
    assert doubles.count_doubles((ctypes.c_char * 6)(*b"aabccc")) == 3
    assert doubles.count_doubles(ctypes.create_string_buffer(b"aabccc")) == 3


class Bytes(bytes):
    """A bytes that says of itself what is not so."""

    def __iter__(self):
        raise AssertionError("iterated")

    def __getitem__(self, index):
        raise AssertionError("indexed")

    def __len__(self):
        return 10**9

    def __eq__(self, other):
        raise AssertionError("compared")

    __hash__ = None

    def __bytes__(self):
        raise AssertionError("converted")


@pytest.mark.parametrize(
    "value",
    [
        Bytes(b"aabccc"),
        type("Bytearray", (bytearray,), {"__len__": lambda self: 0, "__iter__": None})(b"aabccc"),
        type("Array", (array.array,), {"__len__": lambda self: 0, "__iter__": None})("H", [1, 1, 2, 3, 3, 3]),
        np.array([1, 1, 2, 3, 3, 3]).view(type("Numbers", (np.ndarray,), {"__len__": lambda self: 0, "__eq__": None})),
        np.array([1, 1, 2, 3, 3, 3]).view(np.recarray),
    ],
    ids=lambda value: type(value).__name__,
)
def test_subclass_counts_by_its_content(doubles, value):
    assert doubles.count_doubles(value) == 3


@pytest.mark.skipif(sys.version_info < (3, 12), reason="__buffer__ came with Python 3.12")
def test_exporter_written_in_python(doubles):
    class Exporter:
        def __init__(self):
            self.held = 0

        def __buffer__(self, flags):
            self.held += 1
            return memoryview(b"aabccc")

        def __release_buffer__(self, view):
            self.held -= 1

    class Refusing:
        def __buffer__(self, flags):
            raise LookupError("not today")

    exporter = Exporter()
    assert doubles.count_doubles(exporter) == 3
    assert exporter.held == 0
    with pytest.raises(LookupError, match="not today"):
        doubles.count_doubles(Refusing())


# Layouts


@settings(max_examples=500)
@given(dtype=st.sampled_from(DTYPES), step=st.sampled_from([2, 3, 7, -1, -2, -5]), data=few_bytes)
def test_strided(doubles, dtype, step, data):
    size = np.dtype(dtype).itemsize
    values = np.frombuffer(data[: len(data) // size * size], dtype)[::step]
    assert doubles.count_doubles(values) == doubles_of(values.tolist())


@settings(max_examples=500)
@given(dtype=st.sampled_from(DTYPES), data=few_bytes, offset=st.integers(1, 7), step=st.sampled_from([1, 2, -1]))
def test_misaligned(doubles, dtype, data, offset, step):
    size = np.dtype(dtype).itemsize
    data = bytes(offset) + data[: len(data) // size * size] + bytes(size)
    values = np.frombuffer(data, dtype, offset=offset)[::step]
    assert doubles.count_doubles(values) == doubles_of(values.tolist())
    view = memoryview(data)[offset:].cast({1: "B", 2: "H", 4: "I", 8: "Q"}[size])[::step]
    assert doubles.count_doubles(view) == doubles_of(view.tolist())


@pytest.mark.parametrize("dtype", DTYPES)
def test_no_stride_at_all(doubles, dtype):
    for length in (0, 1, 2, 1000):
        same = np.broadcast_to(np.array([1], dtype), (length,))
        assert same.strides[0] == 0 or length < 2
        assert doubles.count_doubles(same) == max(length - 1, 0)


@pytest.mark.parametrize("dtype", ["u2", "u4", "u8"])
def test_items_that_overlap(doubles, dtype):
    size = np.dtype(dtype).itemsize
    data = np.frombuffer(bytes(20) + bytes(range(20)) + b"\x01" * 20, "u1")
    for stride in range(1, size):
        length = (len(data) - size) // stride + 1
        values = np.ndarray((length,), dtype, data, strides=(stride,))
        assert doubles.count_doubles(values) == doubles_of(values.tolist())


def test_a_column_a_field_and_a_row(doubles):
    table = np.array([[1, 2, 2], [1, 3, 2], [2, 3, 2]], "i4")
    assert doubles.count_doubles(table[:, 0]) == 1
    assert doubles.count_doubles(table[1]) == 0
    assert doubles.count_doubles(table[:, 2][::-1]) == 2
    records = np.zeros(9, [("pad", "u1"), ("value", "<u4")])
    assert records["value"].strides == (5,)
    assert doubles.count_doubles(records["value"]) == 8


@pytest.mark.parametrize("dtype", DTYPES)
def test_empty_and_single(doubles, dtype):
    assert doubles.count_doubles(np.array([], dtype)) == 0
    assert doubles.count_doubles(np.array([1], dtype)) == 0
    assert doubles.count_doubles(np.zeros(9, dtype)[5:5]) == 0
    assert doubles.count_doubles(np.zeros(9, dtype)[5:2:2]) == 0


def test_empty_without_memory(doubles):
    """What an exporter of nothing gives as its address may be null."""
    for nothing in (b"", bytearray(), memoryview(b""), memoryview(bytearray()), array.array("Q"), (ctypes.c_int * 0)()):
        assert doubles.count_doubles(nothing) == 0


def test_read_only(doubles):
    values = np.array([1, 1, 2], "i8")
    values.flags.writeable = False
    assert doubles.count_doubles(values) == 1


@pytest.mark.parametrize("step", [1, 2, -1])
def test_bools_are_equal_by_truth(doubles, step):
    """A byte of a bool may be any. Those that are not zero are all true."""
    data = bytes([0, 0, 1, 2, 3, 255, 0, 128, 128])
    view = memoryview(data).cast("?")[::step]
    expected = doubles_of([byte != 0 for byte in data[::step]])
    assert doubles.count_doubles(view) == expected
    assert doubles.count_doubles(np.frombuffer(data, bool)[::step]) == expected
    assert doubles.count_doubles(np.frombuffer(data * 99, bool)) == doubles_of([byte != 0 for byte in data * 99])
    assert doubles.count_doubles((ctypes.c_bool * len(data)).from_buffer_copy(data)) == doubles_of(
        [byte != 0 for byte in data]
    )


def test_signed_zero_and_signs(doubles):
    assert doubles.count_doubles(array.array("b", [-1, -1, 1, -128, -128])) == 2
    assert doubles.count_doubles(np.array([-1, -1, 1], ">i8")) == 1


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
@pytest.mark.parametrize("power", [20, 21, 24, 25])
def test_long_bytes_count_each_pair_once(doubles, kind, power):
    for length in range(2**power - 2, 2**power + 4):
        assert doubles.count_doubles(kind(b"a" * length)) == length - 1


@pytest.mark.parametrize("dtype", DTYPES)
def test_long_arrays_count_each_pair_once(doubles, dtype):
    for length in range(2**20 - 2, 2**20 + 4):
        assert doubles.count_doubles(np.ones(length, dtype)) == length - 1
        assert doubles.count_doubles(np.ones(length * 2, dtype)[::-2]) == length - 1
        assert doubles.count_doubles(np.broadcast_to(np.array([1], dtype), (length + 2**20,))) == length + 2**20 - 1

"""Floats: every function against Python's own ``==``, over every size, byte order, layout and special value."""

from __future__ import annotations

import array
import fractions
import math
import struct
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from functions import takes_items
from oracle import answers, chosen, grouped, kept, outcome, plain

#: The bits of each size: of the fraction, and the letter of an unsigned integer.
SIZES = {2: (10, "H"), 4: (23, "I"), 8: (52, "Q")}
FLOATS = {2: "e", 4: "f", 8: "d"}


def specials(size: int) -> list[int]:
    """The bits of floats that are special, or next to one that is."""
    fraction, top = SIZES[size][0], 8 * size - 1
    infinity, one = ((1 << top) - 1) >> fraction << fraction, ((1 << (top - fraction - 1)) - 1) << fraction
    quiet = 1 << (fraction - 1)
    nans = [infinity | bits for bits in (quiet, quiet | 1, 1, quiet - 1, 2 * quiet - 1)]
    numbers = [0, 1, 2, quiet, 2 * quiet - 1, 2 * quiet, one, one + 1, one - 1, infinity - 1, infinity]
    return [bits | sign << top for sign in (0, 1) for bits in (*numbers, *nans)]


@st.composite
def floats(draw) -> tuple[int, list[int]]:
    """A size, and the bits of floats of it, in runs. Zeros, and NaNs, of both signs follow each other."""
    size = draw(st.sampled_from(sorted(SIZES)))
    bits = st.sampled_from(specials(size)) | st.integers(0, 2 ** (8 * size) - 1)
    few = st.sampled_from(draw(st.lists(bits, min_size=1, max_size=4)))
    sign = 1 << (8 * size - 1)
    turned = few.flatmap(lambda bits: st.sampled_from([[bits], [bits, bits ^ sign], [bits] * 3]))
    runs = draw(st.lists(st.tuples(turned, st.integers(1, 3) | st.integers(1, 40)), max_size=8))
    return size, [bits for run, times in runs for bits in run * times]


#: The ways in which the same floats lie in memory.
LAYOUTS = {
    "contiguous": lambda values: values,
    "strided": lambda values: np.repeat(values, 3)[::3],
    "backwards": lambda values: values[::-1].copy()[::-1],
    "strided backwards": lambda values: np.repeat(values[::-1], 2)[::-2],
    "unaligned": lambda values: np.frombuffer(b"x" + values.tobytes(), "u1")[1:].view(values.dtype),
    "memoryview": memoryview,
    "strided memoryview": lambda values: memoryview(np.repeat(values, 2))[::2],
}


def exporters(size: int, bits: list[int]):
    """The floats in every layout and byte order, and in an array if there is a type code; each with its name."""
    raw = struct.pack(f"={len(bits)}{SIZES[size][1]}", *bits)
    for order in "<>":
        # Bytes are swapped and no float is converted, which could change a NaN.
        values = np.frombuffer(raw, f"u{size}").astype(f"{order}u{size}").view(f"{order}f{size}")
        for name, layout in LAYOUTS.items():
            yield f"{order}, {name}", layout(values)
    if size > 2:
        values = array.array(FLOATS[size])
        values.frombytes(raw)
        yield "array", values


def as_python_has_them(size: int, bits: list[int]) -> list[float]:
    """The floats of these bits."""
    raw = struct.pack(f"={len(bits)}{SIZES[size][1]}", *bits)
    return list(struct.unpack(f"={len(bits)}{FLOATS[size]}", raw))


def bits_of(size: int, result) -> list[int]:
    """The bits of what squeeze returns."""
    order = result.dtype.byteorder if isinstance(result, np.ndarray) else "="
    raw = result.tobytes()
    return list(struct.unpack(f"{order if order in '<>' else '='}{len(raw) // size}{SIZES[size][1]}", raw))


def can_squeeze(val) -> bool:
    """Whether Python can make a memoryview of these items."""
    if not isinstance(val, memoryview):
        return True
    return val.format[0] not in "<>" and (val.format != "e" or sys.version_info >= (3, 12))


@settings(max_examples=80)
@given(floats())
@example((8, []))
@example((2, [0x8000, 0x0000, 0x7E00, 0x7E00, 0x7E01]))
@example((4, [0x7FC00000] * 70))
@example((8, [0, 1 << 63] * 40))
def test_every_function(doubles, val):
    size, bits = val
    items = as_python_has_them(size, bits)
    expected = answers(items)
    names = [name for name in takes_items(doubles) if name != "squeeze"]
    for layout, each in exporters(size, bits):
        for name in names:
            assert plain(getattr(doubles, name)(each)) == expected[name], (name, layout)
        by_value = doubles.count_doubles_by_value(each)
        # In order, and a zero without its sign.
        assert list(by_value) == sorted(by_value)
        assert all(type(key) is float and (key != 0 or math.copysign(1, key) == 1) for key in by_value)
        assert doubles.count_doubles_many([each, each]) == [expected["count_doubles"]] * 2
        assert doubles.count_doubles(each, threads=3) == expected["count_doubles"]


@settings(max_examples=100)
@given(floats(), st.integers(1, 4))
@example((2, [0x8000, 0x0000, 0x7E00, 0x7E00, 0x7E01]), 1)
def test_lengths(doubles, val, length):
    """What is left has the bits that it had: those of the first of a run, and all of a NaN."""
    size, bits = val
    items = as_python_has_them(size, bits)
    left = [bits[at] for at in kept(items, length)]
    runs = [run for run in grouped(items) if run[1] >= length]
    for layout, each in exporters(size, bits):
        assert doubles.runs(each, length) == runs, layout
        if can_squeeze(each):
            assert bits_of(size, doubles.squeeze(each, length)) == left, layout
        else:
            assert outcome(doubles.squeeze, each, length)[0] == "TypeError", layout


#: Numbers that are compared with items: some equal no float, and some equal only a wider one.
NUMBERS = [
    *(0, 0.0, -0.0, 1, -1, True, False, 0.1, 1.5, 2**53 + 1, 10**400, -(10**400), 2**-1074, 65504, 65520, 2.0**-24),
    *(math.inf, -math.inf, math.nan, -math.nan, sys.float_info.max, fractions.Fraction(1, 2), fractions.Fraction(1, 3)),
    *(np.float16(0.1), np.float32(0.1), np.float64(0.1), np.int8(-1), np.uint64(2**63), np.bool_(True)),
]  # fmt: skip


@settings(max_examples=200)
@given(floats(), st.lists(st.sampled_from(NUMBERS), max_size=4), st.integers(0, 3), st.integers(1, 3))
@example((4, [0x3DCCCCCD] * 3), [0.1], 0, 1)
@example((4, [0x3DCCCCCD] * 3), [np.float32(0.1)], 0, 1)
@example((2, [0x2E66] * 3), [np.float16(0.1)], 0, 1)
@example((8, [0, 1 << 63, 0]), [-0.0], 0, 1)
@example((2, [1] * 3), [2.0**-24], 0, 1)
def test_values(doubles, val, numbers, own, length):
    """Only the items that equal one of the values, which are numbers of any type, or items."""
    size, bits = val
    items = as_python_has_them(size, bits)
    values = [*items[:own], *numbers]
    # A NumPy float is the number that it is. NumPy itself rounds a Python float before it compares them.
    exact = [*items[:own], *(float(number) if isinstance(number, np.floating) else number for number in numbers)]
    left = [bits[at] for at in kept(items, length, exact)]
    runs = [run for run in grouped(items) if run[1] >= length and chosen(items[run[0]], exact)]
    for layout, each in exporters(size, bits):
        assert doubles.runs(each, length, values) == runs, layout
        assert list(zip(*map(list, doubles.runs_arrays(each, length, iter(values))))) == runs, layout
        if can_squeeze(each):
            assert bits_of(size, doubles.squeeze(each, length, tuple(values))) == left, layout


@pytest.mark.parametrize("size", SIZES)
def test_values_that_are_an_array(doubles, size):
    """The items of an array are values, in either byte order, and whatever their size."""
    items = np.array([1, 1, 2, 2, math.nan, math.nan, -0.0, 0.0, 0.1, 0.1], f"f{size}")
    for dtype in ("<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<i4", ">i4"):
        values = np.array([1, 0] if "i" in dtype else [1, 0.1, math.nan, 0], dtype)
        expected = [run for run in grouped(items.tolist()) if chosen(items.tolist()[run[0]], values.tolist())]
        for each in (items, items.astype(items.dtype.newbyteorder())):
            for given_values in (
                values,
                values[::-1],
                memoryview(values) if dtype[0] == "<" and "2" not in dtype else values,
            ):
                assert doubles.runs(each, 1, given_values) == expected, dtype


@pytest.mark.parametrize("dtype", ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"])
@pytest.mark.parametrize("step", [1, 2, -1])
def test_one_double_at_each_place(doubles, dtype, step):
    """Items that are not compared in place are copied in pieces: at each seam a double, two zeros and two NaNs."""
    length = 5000
    values = np.zeros(length * abs(step), dtype)[::step]
    values[:] = np.arange(length) % 7 + 1
    seams = {0, length - 2}
    for power in range(6, 13):
        seams |= {at + near for at in (2**power, 2**power - 64) for near in range(-3, 3)}
    for at in sorted(seam for seam in seams if 0 <= seam < length - 1):
        before = values[at : at + 2].copy()
        for first, second, count in ((9, 9, 1), (0.0, -0.0, 1), (math.nan, math.nan, 0), (9, 8, 0)):
            values[at], values[at + 1] = first, second
            assert doubles.count_doubles(values) == count, at
            assert doubles.has_doubles(values) is bool(count), at
            assert doubles.find_doubles(values) == [at] * count, at
            assert doubles.runs(values) == [(at, 2)] * count, at
            assert len(doubles.squeeze(values)) == length - count, at
        values[at : at + 2] = before


def test_keys_of_halves_are_all_right(doubles):
    """Each of the 65,536 floats of 16 bits, alone and as its own value."""
    bits = np.arange(1 << 16, dtype="u2")
    for order in "<>":
        values = np.repeat(bits, 2).astype(f"{order}u2").view(f"{order}f2")
        items = values.tolist()
        equal = [at for at in range(len(items) - 1) if items[at] == items[at + 1]]
        assert doubles.find_doubles(values) == equal
        by_value = doubles.count_doubles_by_value(values)
        expected = sorted({items[at] for at in equal})
        assert list(by_value) == expected
        left = [at for at in range(len(items)) if at == 0 or items[at - 1] != items[at]]
        assert bits_of(2, doubles.squeeze(values, values=expected)) == [int(bits[at // 2]) for at in left]

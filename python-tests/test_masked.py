"""Masked arrays of NumPy are refused wherever items are taken: their buffer does not show which of them are masked."""

from __future__ import annotations

import array
import mmap

import numpy as np
import pytest
from numpy.ma import mrecords

from functions import functions, required, takes_items
from oracle import answers, outcome, plain

REFUSAL = ("TypeError", "masked arrays are not supported: pass val.compressed() or val.filled(...)")
MASK = [0, 0, 1, 1, 0, 0]


class Masked(np.ma.MaskedArray):
    """A masked array by another name."""


class Deeper(Masked):
    """A subclass of a subclass."""


class Mixed(type("Other", (), {}), np.ma.MaskedArray):
    """A masked array whose first base is something else."""


class Lying(np.ma.MaskedArray):
    """A masked array that takes itself for an ndarray."""

    __class__ = np.ndarray


def items(dtype="i8", **options):
    return np.ma.array([20, 21, 21, 21, 21, 20], dtype=dtype, **options)


MASKED = {
    "a mask": items(mask=MASK),
    "no mask": items(),
    "nomask": items(mask=np.ma.nomask),
    "a mask of nothing": items(mask=[0] * 6),
    "all masked": items(mask=True),
    "a hard mask": items(mask=MASK, hard_mask=True),
    "strided": items(mask=MASK)[::2],
    "backwards": items(mask=MASK)[::-1],
    "strided, no mask": items()[1::2],
    "empty": items()[:0],
    "one item": items()[:1],
    "read-only": items(mask=MASK),
    "no dimension": np.ma.array(3),
    "no dimension, masked": np.ma.array(3, mask=True),
    "the masked constant": np.ma.masked,
    "two dimensions": np.ma.array([[1, 1], [2, 2]], mask=[[0, 1], [0, 0]]),
    "text": np.ma.array(["a", "a"], mask=[0, 1]),
    "complex": np.ma.array([1j, 1j], mask=[0, 1]),
    "a structure": np.ma.array([(1, 1)], [("a", "i4"), ("b", "i4")]),
    "a structure, no dimension": np.ma.array([(1, 1)], [("a", "i4"), ("b", "i4")])[0],
    "a field": np.ma.array([(1, 1), (1, 2)], [("a", "i4"), ("b", "i4")])["a"],
    "records": mrecords.fromarrays([[1, 1], [2, 3]], names="a, b"),
    "a subclass": items(mask=MASK).view(Masked),
    "a subclass, no mask": np.arange(6).view(Masked),
    "a subclass of a subclass": items(mask=MASK).view(Deeper)[::2],
    "a subclass of two": items(mask=MASK).view(Mixed),
    "a subclass that lies": items(mask=MASK).view(Lying),
    "over a mapping": np.ma.array(np.frombuffer(mmap.mmap(-1, 6), "u1"), mask=MASK, copy=False),
    **{f"items of {dtype}": items(dtype, mask=MASK) for dtype in ("?", "u1", ">i2", "<u4", ">u8")},
    **{f"items of {dtype}": items(dtype, mask=MASK) for dtype in ("<f2", ">f2", "<f4", ">f4", "<f8", ">f8")},
    **{f"strided items of {dtype}": items(dtype, mask=MASK)[::-2] for dtype in (">f2", ">f4", ">f8")},
}
MASKED["read-only"].flags.writeable = False


@pytest.mark.parametrize("case", MASKED)
def test_refused_by_every_function(doubles, case):
    val = MASKED[case]
    assert isinstance(val, np.ma.MaskedArray) or case == "a subclass that lies"
    for name in takes_items(doubles):
        assert outcome(getattr(doubles, name), val) == REFUSAL, name
    assert outcome(doubles.count_doubles, val, threads=2) == REFUSAL
    for values in ([val], [b"aab", val], iter(("aab", val))):
        assert outcome(doubles.count_doubles_many, values) == REFUSAL


@pytest.mark.parametrize("case", MASKED)
def test_refused_as_values(doubles, case):
    names = [name for name, signature in functions(doubles).items() if "values" in signature.parameters]
    names = [name for name in names if required(functions(doubles)[name]) == ["val"]]
    assert {"runs", "runs_arrays", "squeeze"} <= set(names)
    floats = np.array([20.0, 21.0, 21.0])
    for val in ("aab", "", b"aab", bytearray(b"aab"), memoryview(b"aab").cast("c"), floats, floats.astype("?")):
        for name in names:
            assert outcome(getattr(doubles, name), val, values=MASKED[case]) == REFUSAL, (name, val)


class Quantity(np.ndarray):
    """A subclass that is not masked."""


#: The same items by types that are not masked, some of which look like one that is.
UNMASKED = {
    "an ndarray": np.asarray,
    "a subclass": lambda val: val.view(Quantity),
    "a subclass of the same name": lambda val: val.view(type("MaskedArray", (np.ndarray,), {})),
    "a subclass with a mask": lambda val: val.view(type("Masked", (np.ndarray,), {"mask": True, "_mask": MASK})),
    "a recarray": lambda val: val.view(np.recarray),
    "what is under a mask": lambda val: np.ma.array(val, mask=MASK).data,
    "a mask filled": lambda val: np.ma.array(val, mask=[0] * 6).filled(0),
    "a mask compressed": lambda val: np.ma.array(val, mask=[0] * 6).compressed(),
}


@pytest.mark.parametrize("dtype", ["u1", ">i4", "f8", ">f8", ">f2"])
@pytest.mark.parametrize("case", UNMASKED)
def test_other_subclasses_are_taken(doubles, case, dtype):
    val = UNMASKED[case](np.array([20, 21, 21, 21, 21, 20], dtype))
    for each in (val, val[::2], val[::-1]):
        expected = answers(each.tolist())
        for name in takes_items(doubles):
            assert plain(getattr(doubles, name)(each)) == expected[name], name
    assert doubles.squeeze(val, values=val[:1]).tolist() == val.tolist()
    assert doubles.runs(val, values=val) == [(1, 4)]


def test_a_mask_compressed_is_what_the_refusal_advises(doubles):
    val = items(mask=MASK)
    assert doubles.runs(val.compressed()) == [(1, 1 + 1)]
    assert doubles.runs(val.filled(0), 1) == [(0, 1), (1, 1), (2, 2), (4, 1), (5, 1)]


@pytest.mark.parametrize("value", [np.ma.masked, np.ma.array(97, mask=True), np.ma.array(97)], ids=repr)
def test_refused_among_values(doubles, value):
    for val in (b"aa", array.array("d", [97, 97])):
        assert outcome(doubles.squeeze, val, 1, [1, value]) == REFUSAL
        assert outcome(doubles.runs, val, 2, iter([value])) == REFUSAL

"""What count_doubles refuses: the class and the text, the same in both bindings."""

from __future__ import annotations

import array
import collections
import ctypes
import datetime
import sys

import numpy as np
import pytest

from oracle import outcome


class Local:
    pass


NOT_BYTES = {
    "NoneType": None,
    "int": 3,
    "bool": True,
    "float": 1.5,
    "list": ["a", "a"],
    "tuple": ("a", "a"),
    "dict": {},
    "set": set(),
    "range": range(3),
    "generator": (c for c in "aa"),
    "type": str,
    "module": sys,
    "builtin_function_or_method": len,
    "OrderedDict": collections.OrderedDict(),
    "deque": collections.deque("aa"),
    "date": datetime.date(2017, 5, 30),
    "Local": Local(),
    "na.me": type("na.me", (), {})(),
    "Größe": type("Größe", (), {})(),
}


@pytest.mark.parametrize("name", NOT_BYTES)
def test_other_types(doubles, name):
    expected = ("TypeError", f"expected str or a bytes-like object, got {name}")
    assert outcome(doubles.count_doubles, NOT_BYTES[name]) == expected


class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int), ("y", ctypes.c_int)]


CHARACTERS = array.array("u" if sys.version_info < (3, 13) else "w", "aab")

FORMATS = {
    "w": CHARACTERS,
    "P": memoryview(bytes(16)).cast("P"),
    "@P": memoryview(bytes(16)).cast("@P"),
    "g": np.zeros(3, "g"),
    "Zf": np.zeros(3, "c8"),
    "Zd": np.zeros(3, "c16"),
    "O": np.array([None, None], object),
    "3s": np.array([b"abc", b"abc"]),
    "3w": np.array(["abc", "abc"]),
    "4x": np.zeros(3, "V4"),
    "T{i:x:i:y:}": np.zeros(3, [("x", "i4"), ("y", "i4")]),
    "T{B:é:}": np.zeros(3, [("é", "u1")]),
    "T{<i:x:<i:y:}": (Point * 3)(),
}


@pytest.mark.parametrize("code", FORMATS)
@pytest.mark.parametrize("length", ["all", "one", "none"])
def test_other_formats(doubles, code, length):
    value = FORMATS[code]
    if length != "all":
        try:
            value = memoryview(value)[: length == "one"]
        except NotImplementedError:
            pytest.skip("memoryview cannot slice it")
    expected = ("TypeError", f"expected items that are integers, floats or bools, got items of format '{code}'")
    assert outcome(doubles.count_doubles, value) == expected


DIMENSIONS = {
    "0 of NumPy": (0, np.array(3)),
    "0 of memoryview": (0, memoryview(b"a").cast("B", [])),
    "0 of ctypes": (0, ctypes.c_int(3)),
    "0 of a structure": (0, Point()),
    "2 of NumPy": (2, np.zeros((3, 3), "u1")),
    "2 of NumPy, one row": (2, np.zeros((1, 9), "u1")),
    "2 of NumPy, empty": (2, np.zeros((0, 9), "u1")),
    "2 of floats": (2, np.zeros((2, 2))),
    "2 of memoryview": (2, memoryview(bytes(12)).cast("B", [3, 4])),
    "2 of ctypes": (2, ((ctypes.c_int * 2) * 3)()),
    "3": (3, np.zeros((2, 2, 2), "i4")),
    "32": (32, np.zeros((1,) * 32, "i4")),
}


@pytest.mark.parametrize("case", DIMENSIONS)
def test_other_dimensions(doubles, case):
    dimensions, value = DIMENSIONS[case]
    assert outcome(doubles.count_doubles, value) == ("ValueError", f"expected one dimension, got {dimensions}")


def released():
    view = memoryview(b"aa")
    view.release()
    return view


REFUSED_BY_THEMSELVES = {
    "a released memoryview": released(),
    "datetime64": np.zeros(3, "M8[s]"),
    "timedelta64": np.zeros(3, "m8[s]"),
}


@pytest.mark.parametrize("case", REFUSED_BY_THEMSELVES)
def test_the_own_exception_of_an_object_that_will_not_be_read(doubles, case):
    value = REFUSED_BY_THEMSELVES[case]
    assert outcome(doubles.count_doubles, value) == outcome(memoryview, value)
    assert outcome(memoryview, value)[0] == "ValueError"


ARGUMENTS = [
    ((), {}),
    (("aa", "bb"), {}),
    (("aa", "bb", "cc"), {}),
    ((), {"val": "aa"}),
    (("aa",), {"val": "aa"}),
    (("aa", "bb"), {"val": "aa"}),
    (("aa",), {"other": 1}),
    ((), {"other": 1}),
    ((), {"val": "aa", "other": 1}),
    (("aa",), {"größe": 1}),
]


@pytest.mark.parametrize(("args", "kwargs"), ARGUMENTS)
def test_other_arguments(both, args, kwargs):
    outcomes = {outcome(doubles.count_doubles, *args, **kwargs) for doubles in both}
    assert len(outcomes) == 1
    (kind, text) = outcomes.pop()
    assert kind == "TypeError"
    assert text.startswith("count_doubles() ")


def test_no_keywords_are_not_wrong_keywords(doubles):
    assert doubles.count_doubles(*["aab"]) == 1
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'val'"):
        doubles.count_doubles(*[])


def test_an_error_is_not_the_end(doubles):
    """After an exception the next call is as good as the first."""
    for value in (*NOT_BYTES.values(), *FORMATS.values(), *REFUSED_BY_THEMSELVES.values()):
        with pytest.raises((TypeError, ValueError)):
            doubles.count_doubles(value)
        assert doubles.count_doubles("aabccc") == doubles.count_doubles(b"aabccc") == 3


@pytest.mark.parametrize(
    ("threads", "error", "text"),
    [
        (0, ValueError, "threads must be at least 1, got 0"),
        (-1, ValueError, "threads must be at least 1, got -1"),
        (-(2**70), ValueError, "threads must be at least 1, got -1180591620717411303424"),
        (None, TypeError, "'NoneType' object cannot be interpreted as an integer"),
        ("2", TypeError, "'str' object cannot be interpreted as an integer"),
        (2.0, TypeError, "'float' object cannot be interpreted as an integer"),
    ],
)
def test_a_number_of_threads_that_is_none(doubles, threads, error, text):
    for value in ("", "aa", b"aa", bytearray(2), "a" * (1 << 20)):
        with pytest.raises(error) as raised:
            doubles.count_doubles(value, threads=threads)
        assert str(raised.value) == text


def test_threads_is_a_keyword_with_others_refused(both):
    for arguments, keywords in [
        (("aa", 2), {}),
        (("aa",), {"thread": 2}),
        (("aa",), {"threads": 2, "x": 1}),
        ((), {"threads": 2}),
    ]:
        texts = set()
        for doubles in both:
            with pytest.raises(TypeError) as raised:
                doubles.count_doubles(*arguments, **keywords)
            texts.add(str(raised.value))
        assert len(texts) == 1, texts

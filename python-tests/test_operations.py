"""What is asked of a value besides its count: each is what it means in Python, over every kind of value."""

from __future__ import annotations

import array
import collections
import gc
import itertools
import mmap
import re
import sys

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oracle import doubles_of, is_stable_abi, outcome

ALPHABETS = ["ab\x00\x7f", "aé\x80ÿ", "aé\u0100\u4e2d\uffff", "aé\u4e2d\U00010000\U0001f600\U0010ffff"]

#: Runs, of which some are long.
runs_of = lambda items: st.lists(st.tuples(items, st.integers(1, 4) | st.integers(1, 90)), max_size=12)  # noqa: E731
texts = st.sampled_from(ALPHABETS).flatmap(
    lambda alphabet: runs_of(st.sampled_from(alphabet)).map(lambda runs: "".join(c * n for c, n in runs))
) | st.text(max_size=200)
items = runs_of(st.sampled_from([0, 1, 7, 127])).map(lambda runs: [i for i, n in runs for _ in range(n)])

#: Every kind of value that a list of small numbers can be made into, and what its items are to Python.
KINDS = {
    "bytes": bytes,
    "bytearray": bytearray,
    "memoryview": lambda items: memoryview(bytes(items)),
    "c": lambda items: memoryview(bytes(items)).cast("c"),
    "array of h": lambda items: array.array("h", items),
    "array of Q": lambda items: array.array("Q", items),
    "uint8": lambda items: np.array(items, "u1"),
    "int8, negative": lambda items: -np.array(items, "i1"),
    "int16 of the other byte order, negative": lambda items: -np.array(items, np.dtype("i2").newbyteorder()),
    "int32, negative": lambda items: -np.array(items, "i4"),
    "int64, large": lambda items: np.array(items, "i8") - 2**62,
    "uint64, large": lambda items: np.array(items, "u8") + np.uint64(2**63),
    "bool": lambda items: np.array(items, "?"),
    "bool of any byte": lambda items: np.array(items, "u1").view("?"),
    "strided": lambda items: np.repeat(np.array(items, "u2"), 3)[::3],
    "backwards": lambda items: np.array(items[::-1], "u4")[::-1],
    "unaligned": lambda items: np.frombuffer(b"x" + np.array(items, "u8").tobytes(), "u1")[1:].view("u8"),
}
kinds = st.tuples(st.sampled_from(sorted(KINDS)), items).map(lambda kind: KINDS[kind[0]](kind[1]))
values = texts | kinds


def listed(val):
    """The items of a value as Python has them."""
    return val.tolist() if isinstance(val, (np.ndarray, array.array, memoryview)) else list(val)


def runs_in(val, min_length=2):
    """The runs of a value, by itertools.groupby."""
    found, start = [], 0
    for _, run in itertools.groupby(listed(val)):
        length = len(list(run))
        if length >= min_length:
            found.append((start, length))
        start += length
    return found


def squeezed(val, max_run=1, values=None):
    """The items of a squeezed value."""
    runs = (list(run) for _, run in itertools.groupby(listed(val)))
    return [item for run in runs for item in (run[:max_run] if values is None or run[0] in values else run)]


@given(values)
@example("")
@example("a")
@example("\x00\x00")
@example(b"")
def test_where_doubles_are(doubles, val):
    pairs = list(zip(listed(val), listed(val)[1:]))
    assert doubles.has_doubles(val) is any(a == b for a, b in pairs)
    assert doubles.find_doubles(val) == [i for i, (a, b) in enumerate(pairs) if a == b]
    by_value = doubles.count_doubles_by_value(val)
    assert by_value == collections.Counter(a for a, b in pairs if a == b)
    assert {type(key) for key in by_value} <= {type(item) for item in listed(val)}


@given(values, st.integers(1, 5))
def test_runs(doubles, val, min_length):
    assert doubles.runs(val) == runs_in(val)
    assert doubles.runs(val, min_length) == doubles.runs(val, min_length=min_length) == runs_in(val, min_length)
    longest = max(runs_in(val, 1), key=lambda run: run[1], default=None)
    assert doubles.longest_run(val) == longest


@given(texts, st.integers(1, 5), st.none() | st.text(st.sampled_from("".join(ALPHABETS)), max_size=3))
def test_squeezed_text(doubles, text, max_run, values):
    left = doubles.squeeze(text, max_run, values)
    assert left == "".join(squeezed(text, max_run, values))
    if max_run == 1 and values is None:
        assert left == doubles.squeeze(text) == re.sub(r"(.)\1+", r"\1", text, flags=re.S)
    # It is stored, and hashed, as any other str of these characters.
    assert hash(left) == hash("".join(list(left)))
    # Strings of one character are there once, and may have UTF-8 that others asked for.
    assert len(left) < 2 or sys.getsizeof(left) == sys.getsizeof("".join(list(left)))


@given(kinds, st.integers(1, 5), st.booleans())
def test_squeezed_items(doubles, val, max_run, some):
    values = listed(val)[:1] if some else None
    left = doubles.squeeze(val, max_run=max_run, values=values)
    expected = squeezed(val, max_run, values)
    if isinstance(val, (bytes, bytearray)):
        assert (type(left), list(left)) == (type(val), expected)
    elif isinstance(val, array.array):
        assert left == array.array(val.typecode, expected)
    elif isinstance(val, np.ndarray):
        assert (left.dtype, left.tolist()) == (val.dtype, expected)
        left[:1] = left[:1]
    else:
        assert (type(left), left.format, left.tolist()) == (memoryview, val.format, expected)


@given(st.lists(values, max_size=8))
def test_many(doubles, values):
    expected = [doubles_of(listed(val)) for val in values]
    assert doubles.count_doubles_many(values) == expected
    assert doubles.count_doubles_many(tuple(values)) == doubles.count_doubles_many(iter(values)) == expected


def test_lone_surrogates(doubles):
    text = "a\ud800\ud800\udc00\udc00\udc00b"
    calls = [doubles.has_doubles, doubles.find_doubles, doubles.runs, doubles.longest_run, doubles.squeeze]
    calls += [doubles.count_doubles_by_value]
    if is_stable_abi(doubles):
        for call in calls:
            with pytest.raises(UnicodeEncodeError) as raised:
                call(text)
            assert "stable ABI" in raised.value.__notes__[0]
        return
    by_value = collections.Counter("\ud800\udc00\udc00")
    expected = [True, [1, 3, 4], [(1, 2), (3, 3)], (3, 3), "a\ud800\udc00b", by_value]
    assert [call(text) for call in calls] == expected


class Text(str):
    def __iter__(self):
        raise AssertionError("its own content is read, not this")

    __getitem__ = __len__ = __iter__


def test_a_subclass_is_read_as_str(doubles):
    assert doubles.find_doubles(Text("aab")) == [0]
    assert doubles.squeeze(Text("aéé")) == "aé"
    assert type(doubles.squeeze(Text("aab"))) is str


# Values are read in parts of some million items.
PART = 1 << 20


@pytest.mark.parametrize("kind", ["str", "wide str", "bytes", "bytearray", "strided", "bool"])
def test_long_values(doubles, kind):
    """Every seam between two parts, with a run over it or beside it, or of more parts than one."""
    rng = np.random.default_rng(5)
    items = rng.integers(0, 90, 3 * PART + 5).astype("u1")
    items[1:] += (items[1:] == items[:-1]) * np.uint8(90)  # hardly any doubles
    items[PART - 3 : PART + 4] = 7
    items[2 * PART - 1 : 2 * PART + 1] = 8
    items[3 * PART : 3 * PART + 5] = 9
    if kind == "bool":
        items[:] = np.arange(len(items)) % 2
        items[PART - 3 : PART + 4] = 1
    val = {
        "str": lambda: items.tobytes().decode("latin-1"),
        "wide str": lambda: items.tobytes().decode("latin-1") + "\U0001f600",
        "bytes": items.tobytes,
        "bytearray": lambda: bytearray(items),
        "strided": lambda: np.repeat(items.astype("u4"), 2)[::2],
        "bool": lambda: items.astype("?"),
    }[kind]()
    codes = np.append(items, np.uint8(255)) if kind == "wide str" else items
    equal = np.flatnonzero(codes[1:] == codes[:-1])
    edges = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1], [True])))
    starts, lengths = edges[:-1], np.diff(edges)
    assert doubles.find_doubles(val) == equal.tolist()
    for min_length in (1, 2, 6):
        long = lengths >= min_length
        assert doubles.runs(val, min_length) == list(zip(starts[long].tolist(), lengths[long].tolist()))
    assert doubles.longest_run(val) == (int(starts[lengths.argmax()]), int(lengths.max()))
    assert sum(doubles.count_doubles_by_value(val).values()) == len(equal)
    for max_run in (1, 5):
        kept = np.concatenate(
            [np.arange(s, s + min(n, max_run)) for s, n in zip(starts[lengths > 1], lengths[lengths > 1])]
        )
        alone = starts[lengths == 1]
        expected = codes[np.sort(np.concatenate((kept, alone)))]
        left = doubles.squeeze(val, max_run)
        assert len(left) == len(expected)
        if kind == "wide str":
            assert left == expected[:-1].tobytes().decode("latin-1") + "\U0001f600"
        elif kind == "str":
            assert left == expected.tobytes().decode("latin-1")
        else:
            assert np.array_equal(np.asarray(memoryview(left)).view(np.asarray(memoryview(left)).dtype), expected)


@pytest.mark.parametrize("seam", [PART - 1, PART, PART + 1])
def test_one_run_over_a_seam(doubles, seam):
    val = bytearray(b"ab" * PART)
    assert not doubles.has_doubles(val)
    val[seam] = val[seam - 1]
    assert doubles.has_doubles(val)
    assert doubles.find_doubles(val)[0] in (seam - 1, seam)
    assert doubles.has_doubles(bytes(val))


def test_one_run_of_many_parts(doubles):
    val = bytes(3 * PART)
    assert doubles.runs(val) == [(0, 3 * PART)]
    assert doubles.longest_run(val) == (0, 3 * PART)
    assert doubles.squeeze(val, 2) == b"\0\0"
    assert doubles.squeeze(bytearray(val), 2 * PART) == bytes(2 * PART)
    assert doubles.count_doubles_by_value(val) == {0: 3 * PART - 1}


def test_an_mmap(doubles):
    with mmap.mmap(-1, 4) as memory:
        memory[:] = b"aabb"
        assert doubles.runs(memory) == [(0, 2), (2, 2)]
        assert doubles.squeeze(memory) == b"ab"


CALLS = ["has_doubles", "find_doubles", "runs", "longest_run", "squeeze", "count_doubles_by_value"]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "val", [None, 3, ["a", "a"], np.zeros(3, "c16"), np.zeros((2, 2), "u1"), np.zeros(2, "U1")], ids=repr
)
def test_refused_as_count_doubles_refuses(doubles, name, val):
    expected = outcome(doubles.count_doubles, val)
    assert expected[0] in ("TypeError", "ValueError")
    assert outcome(getattr(doubles, name), val) == expected
    assert outcome(doubles.count_doubles_many, ["a", val]) == expected


@pytest.mark.parametrize("number", [0, -1, -(10**30)])
def test_lengths_below_one(doubles, number):
    assert outcome(doubles.runs, "a", number) == ("ValueError", f"min_length must be at least 1, got {number}")
    assert outcome(doubles.squeeze, "a", number) == ("ValueError", f"max_run must be at least 1, got {number}")


def test_lengths_of_any_size(doubles):
    for number in (10**6, sys.maxsize, 10**30):
        assert doubles.runs("aab", number) == []
        assert doubles.squeeze("aab", number) == "aab"
    assert doubles.runs("aab", True) == [(0, 2), (2, 1)]


@pytest.mark.parametrize("number", ["2", 1.0, [1]], ids=repr)
def test_lengths_that_are_no_int(doubles, number):
    text = f"'{type(number).__name__}' object cannot be interpreted as an integer"
    assert outcome(doubles.runs, "a", number) == ("TypeError", text)
    assert outcome(doubles.squeeze, "a", number) == ("TypeError", text)


def test_values_of_another_kind(doubles):
    assert outcome(doubles.squeeze, "aa", 1, b"a") == ("TypeError", "values must be characters, got int")
    text = "values must be characters, got a str of length 2"
    assert outcome(doubles.squeeze, "aa", 1, ["aa"]) == ("TypeError", text)
    assert outcome(doubles.squeeze, b"aa", 1, "a") == ("TypeError", "values must be integers, got str")
    assert outcome(doubles.squeeze, b"aa", 1, [1.5]) == ("TypeError", "values must be integers, got float")
    assert outcome(doubles.squeeze, b"aa", 1, 3) == ("TypeError", "'int' object is not iterable")


def test_values_that_no_item_has(doubles):
    assert doubles.squeeze(b"aa", 1, [-1, 256, 10**30]) == b"aa"
    assert doubles.squeeze(array.array("b", [-1, -1, 1, 1]), 1, [-1, 255]) == array.array("b", [-1, 1, 1])
    assert doubles.squeeze(array.array("B", [255, 255]), 1, [-1]) == array.array("B", [255, 255])
    assert doubles.squeeze("aaéé", 1, "ж\U0001f600é") == "aaé"


@pytest.mark.parametrize("val", ["aa", b"aa", "", b""], ids=repr)
def test_many_of_what_is_no_sequence_of_values(doubles, val):
    text = f"expected a sequence of str or bytes-like objects, got {type(val).__name__}"
    assert outcome(doubles.count_doubles_many, val) == ("TypeError", text)
    assert outcome(doubles.count_doubles_many, 3) == ("TypeError", "'int' object is not iterable")


def test_nothing_is_kept(doubles):
    text, data = "aab" * 9, bytearray(b"aab" * 9)
    for val in (text, data, data.__class__(data), np.frombuffer(bytes(data), "u1")):
        before = sys.getrefcount(val)
        for _ in range(100):
            for name in CALLS:
                getattr(doubles, name)(val)
            doubles.squeeze(val, values=val)
            doubles.count_doubles_many([val, val])
            for bad in (0, "x"):
                outcome(doubles.squeeze, val, bad)
        gc.collect()
        assert sys.getrefcount(val) == before
    data.append(1)  # no buffer is lent any more


def test_long_str_keeps_no_utf8(doubles):
    text = "é" * 1000
    size = sys.getsizeof(text)
    for name in CALLS:
        getattr(doubles, name)(text)
    assert sys.getsizeof(text) == size

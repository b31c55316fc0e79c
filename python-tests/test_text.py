"""count_doubles over str: every str, by code point, read where it lies."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oracle import check_text, is_stable_abi

# An alphabet for each storage: ASCII, Latin-1, 2 bytes (with lone surrogates), 4 bytes.
ALPHABETS = ["ab\x00\x7f", "aé\x80ÿ", "aé\u0100\u4e2d\ud800\udfff\uffff", "aé\u4e2d\U00010000\U0001f600\U0010ffff"]
WIDTHS = {"ASCII": "a", "Latin-1": "é", "2 bytes": "中", "4 bytes": "😀", "surrogate": "\udc80"}

any_text = st.text(st.characters(), max_size=300)
runs = st.sampled_from(ALPHABETS).flatmap(
    lambda alphabet: st.lists(st.tuples(st.sampled_from(alphabet), st.integers(1, 90)), max_size=12)
)


@given(any_text)
@example("")
@example("a")
@example("aabccc")
@example("\x00\x00")
@example("\ud800\ud800\udc00\udc00")
@example("\U00010000")
@example("e\u0301e\u0301")
def test_any_text(doubles, text):
    check_text(doubles, text)


@given(runs)
def test_text_with_many_doubles(doubles, runs):
    text = "".join(char * length for char, length in runs)
    check_text(doubles, text)


@given(st.sampled_from(ALPHABETS), st.data())
def test_short_alphabets(doubles, alphabet, data):
    text = data.draw(st.text(st.sampled_from(alphabet), max_size=300))
    check_text(doubles, text)


def test_a_build_for_the_stable_abi_is_known(doubles):
    assert is_stable_abi(doubles) == ("DOUBLES_STABLE_ABI" in os.environ)


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS)
def char(doubles, request):
    """A character of each storage, but those that the build at hand has to refuse."""
    if is_stable_abi(doubles) and request.param == WIDTHS["surrogate"]:
        pytest.skip("the stable ABI has no lone surrogates; check_text looks at how they are refused")
    return request.param


def test_every_length(doubles, char):
    for length in range(300):
        assert doubles.count_doubles(char * length) == max(length - 1, 0)
        assert doubles.count_doubles((char + "b") * length) == 0


@pytest.mark.parametrize("power", [20, 22, 23, 24, 25])
def test_long_text_counts_each_pair_once(doubles, char, power):
    """All equal: a pair that is missed, or counted twice, where one part ends and the next begins shows."""
    for length in range(2**power - 2, 2**power + 4):
        assert doubles.count_doubles(char * length) == length - 1


def test_no_utf8_is_left_on_the_text(doubles, char):
    text = char * 1000
    before = sys.getsizeof(text)
    doubles.count_doubles(text)
    assert sys.getsizeof(text) == before


def test_the_test_above_would_see_utf8(doubles):
    text = "é".join("é" * 1000)
    before = sys.getsizeof(text)
    doubles.count_doubles_once(text)
    assert sys.getsizeof(text) > before


class Text(str):
    """A str that says of itself what is not so."""

    def __iter__(self):
        raise AssertionError("iterated")

    def __getitem__(self, index):
        raise AssertionError("indexed")

    def __len__(self):
        return 10**9

    def __eq__(self, other):
        raise AssertionError("compared")

    def __hash__(self):
        raise AssertionError("hashed")

    def __str__(self):
        raise AssertionError("converted")

    def __buffer__(self, flags):
        raise AssertionError("taken for bytes")

    @property
    def __class__(self):
        return int


@given(any_text)
def test_subclass_counts_by_its_content(doubles, text):
    check_text(doubles, text, Text(text))


def test_subclass_of_every_storage(doubles, char):
    class Plain(str):
        __slots__ = ()

    class WithDict(str):
        pass

    for type_ in (Text, Plain, WithDict):
        for length in (0, 1, 2, 3, 1000, 2**20 + 1):
            assert doubles.count_doubles(type_(char * length)) == max(length - 1, 0)


def test_what_only_looks_like_text_is_refused(doubles):
    class Fake:
        @property
        def __class__(self):
            return str

    with pytest.raises(TypeError, match="got Fake"):
        doubles.count_doubles(Fake())


def test_interned_and_immortal_text(doubles):
    for text in ("", "a", "aa", sys.intern("aabccc"), "é", "éé"):
        for _ in range(1000):
            check_text(doubles, text)


def test_returns_int(doubles):
    assert type(doubles.count_doubles("aa")) is int

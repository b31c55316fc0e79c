"""The article's functions: what they count, and what their &str argument does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle import doubles_of, outcome

BY_CHARACTER = ["count_doubles_zip", "count_doubles_once", "count_doubles_peek", "count_doubles_fold"]
BY_BYTE = ["count_doubles_bytes_once", "count_doubles_bytes_windows"]

texts = st.one_of(st.text(max_size=200), st.text("aé中😀", max_size=200))


@pytest.mark.parametrize("name", BY_CHARACTER)
@given(text=texts)
def test_counts_characters(doubles, name, text):
    assert getattr(doubles, name)(text) == doubles_of(text)


@pytest.mark.parametrize("name", BY_BYTE)
@given(text=texts)
def test_counts_bytes(doubles, name, text):
    assert getattr(doubles, name)(text) == doubles_of(text.encode())


@pytest.mark.parametrize("name", BY_CHARACTER + BY_BYTE)
def test_known_counts(doubles, name):
    function = getattr(doubles, name)
    assert [function(text) for text in ("", "a", "aa", "aabccc", "x\n\ny", "\x00\x00")] == [0, 0, 1, 3, 1, 1]
    assert function(val="aab") == 1
    assert function("éé") == (1 if name in BY_CHARACTER else 0)
    assert function("\U00010000") == (0 if name in BY_CHARACTER else 1)
    assert function(type("Text", (str,), {"__iter__": None})("aab")) == 1


@pytest.mark.parametrize("name", BY_CHARACTER + BY_BYTE)
def test_lone_surrogates_have_no_utf8(both, name):
    for text in ("\ud800", "a\udc80", "\udc00\ud800"):
        outcomes = {outcome(getattr(doubles, name), text) for doubles in both}
        assert outcomes == {outcome(text.encode)}
        assert outcomes.pop()[0] == "UnicodeEncodeError"


@pytest.mark.parametrize("name", BY_CHARACTER + BY_BYTE)
@pytest.mark.parametrize("value", [None, 1, b"aa", bytearray(b"aa"), ["a", "a"]], ids=repr)
def test_takes_str_only(doubles, name, value):
    """The words are those of each binding library, but the class is one."""
    with pytest.raises(TypeError):
        getattr(doubles, name)(value)


@pytest.mark.parametrize("name", BY_CHARACTER + BY_BYTE)
def test_takes_one_argument(doubles, name):
    for args, kwargs in (((), {}), (("a", "b"), {}), ((), {"other": "a"}), (("a",), {"val": "b"})):
        with pytest.raises(TypeError):
            getattr(doubles, name)(*args, **kwargs)

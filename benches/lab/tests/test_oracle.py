"""The oracle, against counts that were made by hand."""

from __future__ import annotations

import pytest

from doubles_lab.problems.count_doubles import oracle


@pytest.mark.parametrize(
    ("text", "characters", "in_bytes"),
    [
        ("", 0, 0),
        ("x", 0, 0),
        ("aabccc", 3, 3),
        ("abab", 0, 0),
        ("x\n\ny", 1, 1),
        ("aa\0\0bb", 3, 3),
        ("éé", 1, 0),
        ("e\u0301e\u0301", 0, 0),
        ("\U00010000", 0, 1),
        ("😀😀😁", 1, 0),
        ("\ud83d\ud83d", 1, 0),
    ],
)
def test_counts(text: str, characters: int, in_bytes: int) -> None:
    assert oracle.count_doubles(text) == characters
    assert oracle.count_bytes(text) == in_bytes


def test_items_of_anything() -> None:
    assert oracle.count_items([1, 1, True, 2]) == 2
    assert oracle.count_items(b"aab") == 1

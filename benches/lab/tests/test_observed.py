"""What values are: their kinds, recursively, and the kinds of several taken together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doubles_lab.observed import NOTHING, Called, Kind, join, joined, kind_of, only, reading


@dataclass
class Point:
    x: float
    y: float


class Slotted:
    __slots__ = ("name", "size")

    def __init__(self) -> None:
        self.name, self.size = "a", 1


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "None"),
        (True, "bool"),
        (7, "int"),
        (1.5, "float"),
        (1j, "complex"),
        ("é", "str"),
        (b"", "bytes"),
        (bytearray(2), "bytearray"),
        ([], "list[Never]"),
        ([1.0, 2.0], "list[float]"),
        ([1.0, None], "list[float | None]"),
        ([1] * 20_000 + ["a"], "list[int | str]"),
        ([[1], [], ["a"]], "list[list[int | str]]"),
        ((1, "a"), "tuple[int, str]"),
        ((1, 2, 3, 4), "tuple[int, ...]"),
        ([("a", 1), ("b", 2)], "list[tuple[str, int]]"),
        ({"a": [1]}, "dict[str, list[int]]"),
        ({1, 2}, "set[int]"),
        (np.zeros(3), "ndarray[float64]"),
        (iter([1]), "iterator"),
        (len, "callable"),
        (Point(1.0, 2.0), "Point"),
        (Slotted(), "Slotted"),
    ],
)
def test_a_value_is_named_as_an_annotation(value: Any, said: str) -> None:
    assert str(kind_of(value)) == said


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        (2**63 - 1, "64"),
        (2**63, "big"),
        (-(2**63), "64"),
        ("abc", "ascii"),
        ("é", "latin-1"),
        ("中", "2"),
        ("😀", "4"),
        (np.zeros((2, 3), np.float32), "float32 2 C"),
        (np.zeros((2, 3), order="F"), "float64 2 F"),
        (np.zeros((4, 6))[::2, ::2], "float64 2 strided"),
    ],
)
def test_what_a_type_does_not_say_is_a_detail(value: Any, detail: str) -> None:
    assert kind_of(value).detail == detail


def test_the_widest_of_several_counts() -> None:
    assert joined(["a", "中", "é"]).detail == "2"
    assert joined([1, 2**70]).detail == "big"
    assert joined([["a"], ["😀"]]).inside[0].detail == "4"


def test_objects_have_the_kinds_of_their_attributes() -> None:
    found = joined([Point(1.0, 2.0), Point(3, 4.0)])
    assert (found.attributes, [str(each) for each in found.inside]) == (("x", "y"), ["float | int", "float"])
    assert kind_of(Slotted()).attributes == ("name", "size")


def test_optional_is_what_it_is_besides_none() -> None:
    assert joined([1.0, None]).optional == Kind("float")
    assert joined([1.0, "a"]).optional is None and kind_of(1.0).optional is None


def test_a_value_within_itself_ends() -> None:
    value: list[Any] = []
    value.append(value)
    assert kind_of(value).name == "list"


def test_a_callable_notes_how_it_is_called() -> None:
    noted = Called(lambda x, y=1: x + y)
    assert [noted(1), noted(2, y=3)] == [2, 5]
    assert (noted.calls, noted.arguments, noted.result) == (2, (1,), 2)


def test_objects_note_which_attributes_are_read_and_stay_as_they_are() -> None:
    found: dict[str, list[str]] = {}
    points = [Point(1.0, 2.0), Point(3.0, 4.0)]
    watched = reading(points, found)
    assert [type(each) for each in points] == [Point, Point] and isinstance(watched[0], Point)
    assert sum(each.y for each in watched) == 6.0 and found == {"Point": ["y"]}
    kept = only(kind_of(points), found)
    assert (kept.inside[0].attributes, kept.inside[0].inside) == (("y",), (Kind("float"),))
    slotted: dict[str, list[str]] = {}
    assert reading({"a": Slotted()}, slotted)["a"].size == 1 and slotted == {"Slotted": ["size"]}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inside: (
        st.lists(inside, max_size=4) | st.tuples(inside, inside) | st.dictionaries(st.text(), inside, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES, VALUES, VALUES)
def test_kinds_are_joined_in_any_order(one: Any, two: Any, three: Any) -> None:
    a, b, c = map(kind_of, (one, two, three))
    assert join(a, a) == a and join(a, NOTHING) == join(NOTHING, a) == a
    assert alike(join(a, b), join(b, a))
    assert alike(join(join(a, b), c), join(a, join(b, c)))


def alike(one: Kind, other: Kind) -> bool:
    """Whether two kinds are the same but for the order of what is mixed."""
    if one.name == other.name == "mixed":
        left = list(other.inside)
        for each in one.inside:
            found = next((place for place, more in enumerate(left) if alike(each, more)), None)
            if found is None:
                return False
            del left[found]
        return not left
    same = (one.name, one.attributes, one.detail) == (other.name, other.attributes, other.detail)
    return same and len(one.inside) == len(other.inside) and all(map(alike, one.inside, other.inside))

"""What the documentation says that a function equals: each claim is executed, on the inputs on which it would break.

A claim is a row of ``CLAIMS``: where it stands, what it says, and both sides. A claim that holds with an exception
has a test of its own below, which shows the exception.
"""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

from oracle import grouped

FLAGS = "🇦🇺🇺🇸"
#: Texts on which a claim about characters breaks first.
TEXTS = [
    *("", "a", "aa", "aab", "\n", "\n\n\n", "a\n\n\nb\n\n", "\r\n\r\n", "\0\0\0", "  \t\t", "ёё文文文", "😀😀"),
    *(FLAGS, "e\u0301e\u0301", "\ud800\ud800", "\ud83d\ude00", "aaa" * 50, "ab" * 40, "\u2028\u2028", "ß" * 33),
]
NAN = float("nan")
#: Sequences on which a claim about items breaks first.
ITEMS = [
    *(b"", b"a", b"aab\n\n\n", bytes(range(256)), b"\0" * 70),
    *(np.array(items, "f8") for items in ([], [NAN], [NAN, NAN], [0.0, -0.0, 0.0], [1.5, 1.5, NAN, NAN, -0.0, 0.0])),
    np.array([1, 1, 2, 2, 2], ">i4")[::-1],
    np.array([True, True, False]),
]


class Claim(NamedTuple):
    """Two sides that the documentation says are equal."""

    where: str
    what: str
    left: Callable[[ModuleType, Any], Any]
    right: Callable[[Any], Any]
    inputs: list[Any]


def listed(val: Any) -> list[Any]:
    """The items of a value as Python has them."""
    return val.tolist() if isinstance(val, np.ndarray) else list(val)


def pairs(val: Any) -> list[tuple[int, Any, Any]]:
    """Each item with the next one, and where it is."""
    items = listed(val)
    return [(at, a, b) for at, (a, b) in enumerate(zip(items, items[1:]))]


STUB, OPERATIONS = "doubles.pyi", "docs/operations.md"
EVERYTHING = TEXTS + ITEMS
CLAIMS = [
    Claim(
        f"{STUB}, count_doubles",
        "sum(a == b for a, b in zip(val, val[1:]))",
        lambda doubles, val: doubles.count_doubles(val),
        lambda val: sum(a == b for _, a, b in pairs(val)),
        EVERYTHING,
    ),
    Claim(
        f"{STUB}, has_doubles",
        "any(a == b for a, b in zip(val, val[1:]))",
        lambda doubles, val: doubles.has_doubles(val),
        lambda val: any(a == b for _, a, b in pairs(val)),
        EVERYTHING,
    ),
    Claim(
        f"{STUB}, find_doubles",
        "[i for i in range(len(val) - 1) if val[i] == val[i + 1]]",
        lambda doubles, val: doubles.find_doubles(val),
        lambda val: [at for at, a, b in pairs(val) if a == b],
        EVERYTHING,
    ),
    Claim(
        f"{STUB}, find_doubles_array",
        "the positions that find_doubles gives",
        lambda doubles, val: doubles.find_doubles_array(val).tolist(),
        lambda val: [at for at, a, b in pairs(val) if a == b],
        EVERYTHING,
    ),
    Claim(
        f"{STUB}, runs",
        "with a min_length of 1, what itertools.groupby groups",
        lambda doubles, val: [length for _, length in doubles.runs(val, min_length=1)],
        lambda val: [len(list(group)) for _, group in itertools.groupby(val)],
        TEXTS + [items for items in ITEMS if isinstance(items, bytes)],
    ),
    Claim(
        f"{STUB}, runs_arrays",
        "the runs that runs gives",
        lambda doubles, val: list(zip(*doubles.runs_arrays(val, 1))),
        lambda val: grouped(listed(val)),
        EVERYTHING,
    ),
    Claim(
        f"{STUB}, count_doubles_by_value",
        "Counter(a for a, b in zip(val, val[1:]) if a == b)",
        lambda doubles, val: doubles.count_doubles_by_value(val),
        lambda val: dict(Counter(a for _, a, b in pairs(val) if a == b)),
        EVERYTHING,
    ),
    Claim(
        f"{STUB}, count_doubles_many",
        "[count_doubles(val) for val in values]",
        lambda doubles, values: doubles.count_doubles_many(values),
        lambda values: [sum(a == b for _, a, b in pairs(val)) for val in values],
        [[], TEXTS, ITEMS, EVERYTHING],
    ),
    Claim(
        f"{OPERATIONS}, squeeze",
        're.sub(r"(.)\\1+", r"\\1", val, flags=re.DOTALL)',
        lambda doubles, val: doubles.squeeze(val),
        lambda val: re.sub(r"(.)\1+", r"\1", val, flags=re.DOTALL),
        TEXTS,
    ),
    Claim(
        f"{OPERATIONS}, runs",
        "len(val) - count_doubles(val) is the number of runs of any value that is not empty",
        lambda doubles, val: len(val) - doubles.count_doubles(val),
        lambda val: len(grouped(listed(val))),
        EVERYTHING,
    ),
    Claim(
        f"{OPERATIONS}, What is left out",
        '"".join(item * length for item, length in pairs) undoes run-length encoding',
        lambda doubles, val: "".join(val[start] * length for start, length in doubles.runs(val, min_length=1)),
        lambda val: val,
        TEXTS,
    ),
]


@pytest.mark.parametrize("claim", CLAIMS, ids=[f"{claim.where}: {claim.what}"[:80] for claim in CLAIMS])
def test_both_sides_are_equal(doubles, claim):
    for val in claim.inputs:
        found, expected = claim.left(doubles, val), claim.right(val)
        assert found == expected, f"{claim.where}: {claim.what} of {val!r}"


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def test_squeeze_of_bytes_is_tr_s(doubles):
    tr = [program("tr"), "-s", r"\0-\377"]
    for val in [text.encode("utf-8", "surrogatepass") for text in TEXTS] + [bytes(range(256)) * 2, b"\xff\xff"]:
        done = subprocess.run(tr, input=val, stdout=subprocess.PIPE, check=True, env={"LC_ALL": "C"})
        assert doubles.squeeze(val) == done.stdout, val


def test_squeeze_of_newlines_is_cat_s_but_at_the_start(doubles):
    cat = [program("cat"), "-s"]
    for text in ("a\n\n\n\nb\n", "a\n\nb", "a\n\n\n", "one\n\n\n\ntwo\n\n\n", "", "a"):
        done = subprocess.run(cat, input=text.encode(), stdout=subprocess.PIPE, check=True)
        assert doubles.squeeze(text, max_run=2, values="\n") == done.stdout.decode(), text
    done = subprocess.run(cat, input=b"\n\n\n\na\n", stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"\na\n" and doubles.squeeze("\n\n\n\na\n", max_run=2, values="\n") == "\n\na\n"


def test_squeeze_takes_a_flag_apart(doubles):
    assert doubles.squeeze(FLAGS) != FLAGS == doubles.squeeze(FLAGS, values="🇳")


def test_an_empty_value_has_no_longest_run(doubles):
    for val in ("", b"", np.array([])):
        assert doubles.longest_run(val) is None


def test_a_file_of_windows_is_counted_as_it_lies_on_the_disk(doubles, tmp_path: Path):
    file = tmp_path / "windows.txt"
    file.write_bytes(b"one\r\n\r\ntwo\r\n")
    with file.open(newline="") as opened:
        assert doubles.count_doubles(opened.read()) == doubles.count_doubles_file(file) == 0
    assert doubles.count_doubles(file.read_text()) == 1

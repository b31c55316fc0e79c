"""The article's: reading a string, and SIMD."""

from string import ascii_letters

from doubles_lab import Input, Problem
from doubles_lab.approaches import capi
from doubles_lab.sequence import random_ascii


def count_doubles(val: str) -> int:
    """The characters of a text that equal the next one."""
    return sum(a == b for a, b in zip(val, val[1:]))


def letters_of(length: int) -> str:
    """Random letters, as in the article."""
    return random_ascii("letters", length, ascii_letters)


#: What the native code is linked with: this project's core, and a header that reads a str in place.
LINKS = capi.links

PROBLEM = Problem(
    count_doubles,
    inputs=[Input.sized("letters", letters_of, sizes=[1, 100, 10_000, 1_000_000])],
    edge_cases={
        "empty": "",
        "one": "a",
        "two": "aa",
        "NUL": "a\0\0b",
        "two bytes": "ééa",
        "four bytes": "😀😀a",
        "new lines": "\n\n\n",
    },
)

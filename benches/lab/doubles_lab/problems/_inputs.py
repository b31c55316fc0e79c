"""Texts that several problems are about, from those of ``count_doubles``."""

from __future__ import annotations

import bisect
import functools
import itertools
import random
from collections.abc import Sequence

from doubles_lab.problems.count_doubles.inputs import HOSTILE, INPUTS


def text(name: str) -> str:
    """The input of ``count_doubles`` with that name."""
    made: str = next(each for each in INPUTS if each.name == name).make()
    return made


def letters() -> str:
    """A million random letters."""
    return text("article")


def dna() -> str:
    """A million random bases: a quarter of them doubles."""
    return text("dna")


def log() -> str:
    """40,000 lines of a log, one in six blank."""
    return text("log")


def no_doubles() -> str:
    """A million letters and not one double."""
    return text("no-doubles")


def drawn(seed: str, items: Sequence[str], count: int) -> list[str]:
    """So many items, drawn as a language draws words, by Zipf's law: the nth item is n times as rare as the first."""
    uniform = random.Random(seed).random  # the one method whose numbers are the same in every Python
    steps = list(itertools.accumulate(1 / (1 + rank) for rank in range(len(items))))
    return [items[bisect.bisect(steps, uniform() * steps[-1])] for _ in range(count)]


@functools.cache
def vocabulary(alphabet: str, count: int = 10_000) -> tuple[str, ...]:
    """So many different words of one to ten letters, the shortest first: frequent words are short."""
    uniform = random.Random(alphabet).random
    found: dict[str, None] = {}
    while len(found) < count:
        length = 1 + int(uniform() * 10)
        found["".join(alphabet[int(uniform() * len(alphabet))] for _ in range(length))] = None
    return tuple(sorted(found, key=len))


LATIN, CYRILLIC = "abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя"


def words(count: int, alphabet: str = LATIN) -> str:
    """A text of so many words, which blanks and ends of lines separate."""
    found = drawn(f"words {count}", vocabulary(alphabet), count)
    return "\n".join(" ".join(found[at : at + 12]) for at in range(0, count, 12))


def edited(text: str, seed: str) -> str:
    """A text with a typing error in one of eight characters: it is dropped, doubled or replaced."""
    uniform = random.Random(seed).random
    return "".join(c if uniform() < 7 / 8 else ("", c + c, "x")[int(uniform() * 3)] for c in text)


EDGE_CASES: dict[str, str] = {
    **{each.name: each.make() for each in HOSTILE},
    "different": "xy",
    "all-equal": "a" * 300,
    "runs": "aabccc",
    "bases": "GATTACAAA",
    "blank-lines": "x\n\n\ny//z  .",
}

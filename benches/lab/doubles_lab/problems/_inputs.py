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


def records(count: int, alphabet: str = LATIN) -> str:
    """So many lines with a number, a word and a price."""
    names = drawn(f"records {count}", vocabulary(alphabet), count)
    return "".join(f"{17 * i},{name},{i % 997}.{i % 89:02}\n" for i, name in enumerate(names))


#: Lines as they are meant to be, and as people write them too.
RECORDS: dict[str, str] = {
    "empty": "",
    "one": "1,name,2.5\n",
    "no end of line": "1,a,2.5\n2,b,3",
    "blank lines": "\n\n1,a,2.5\n\n2,b,3\n\n",
    "no name": "1,,2.5\n",
    "negative": "-17,a,-0.25\n",
    "signs": "+1,a,+2\n-0,b,-0\n",
    "exponents": "1,a,1e5\n2,b,1E-7\n3,c,2.5e+3\n",
    "points": "1,a,.5\n2,b,5.\n",
    "no numbers": "1,a,nan\n2,b,-inf\n3,c,Infinity\n",
    "-0.0": "0,a,-0.0\n",
    "many digits": "1,a,0.1234567890123456789012\n2,b,9007199254740993\n3,c,123456789012345678901234567890.5\n",
    "half-way": "1,a,1.00000000000000011102230246251565404\n2,b,8.41e21\n3,c,9214843084008499\n",
    "smallest": "1,a,4.9406564584124654e-324\n2,b,1e-400\n",
    "beyond floats": "1,a,1e400\n",
    "64 bits": f"{2**63 - 1},a,1\n{-(2**63)},b,1\n",
    "beyond 64 bits": f"{2**63},a,1\n{-(2**70)},b,1\n",
    "leading zeros": "007,a,00.50\n",
    "white space": " 1 , a , 2.5 \n\t2,b,3\u2003\n",
    "underscores": "1_000,a,2_0.5\n",
    "other digits": "٣,a,1\n1,b,٣.٥\n",
    "carriage returns": "1,a,2.5\r\n2,b,3\r\n",
    "carriage return in a name": "1,a\rb,2.5\n",
    "Latin-1": "1,é,2.5\n2,ÿ\xa0,3\n",
    "two bytes": "1,имя,2.5\n2,中文,3\n",
    "four bytes": "1,😀,2.5\n",
    "NUL": "1,a\0b,2.5\n",
    "quotes": '1,"a",2.5\n',
    "lone surrogate": "1,\ud800,2.5\n",
    "too few": "1,a\n",
    "too many": "1,a,2,3\n",
    "no int": "1.5,a,2\n",
    "no float": "1,a,b\n",
    "no digits": "1,a,\n",
    "hexadecimal": "1,a,0x10\n",
    "blanks alone": "1,a,2\n   \n",
    "NUL in a number": "1,a,2\0\n",
}

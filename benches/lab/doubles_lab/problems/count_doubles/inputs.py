"""What the implementations are called with: the article's letters, text with a structure, four scripts, many sizes, and
little texts that approaches are known to disagree on.
"""

from __future__ import annotations

import string

from doubles_lab.problem import Input
from doubles_lab.sequence import random_ascii, random_bytes, random_text

LINE_ENDS = ["", "GET /index.html 200", "GET /account//settings 404", "retry in 500 ms", "connection closed", "!!"]


def log_lines() -> str:
    """Lines with a time stamp; one in six is blank, so that newlines double."""
    lines = []
    for number, byte in enumerate(random_bytes("log", 40_000)):
        message = LINE_ENDS[byte % len(LINE_ENDS)]
        lines.append(
            f"2026-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02} {message}" if message else ""
        )
    return "\n".join(lines) + "\n"


# An alphabet repeats a letter for each time that it is as frequent as the rarest ones.
LATIN_1 = "eeeeeeeaaaaasssssiiiiinnnnrrrrtttoooullddcmpévqfbghjàxêèâôîçùûüöäß" + " " * 12 + ",."
CYRILLIC = "ооооооааааееееиииинннтттссссрррвввллккммддпуягьзбчйжхшюцщэфъё" + " " * 10 + ",."
CHINESE = (
    "的的的的一一是是不不了了人人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去"
    "行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从，，，，。。"
)
EMOJI = "".join(chr(c) for c in range(0x1F600, 0x1F650)) + "👍👍👍❤❤✨🎉🎉🔥🔥 "


def script(name: str, about: str, alphabet: str) -> Input:
    """A text of one script."""
    about = f"1,000,000 random characters: {about}"
    return Input(name, lambda: random_text(name, 1_000_000, alphabet), about=about, tags=("script",))


SIZES = {"0": 0, "1": 1, "3": 3, "16": 16, "64": 64, "1k": 1 << 10, "64k": 1 << 16, "1M": 1 << 20, "64M": 1 << 26}


def letters(length: int) -> str:
    """So many random letters."""
    return random_ascii("size", length, string.ascii_letters)


def size(name: str, length: int) -> Input:
    """Random letters: what a call costs, and what the memory does."""
    kind = "large" if length > 1 << 20 else "small" if length < 1 << 10 else "medium"
    return Input(
        f"size-{name}",
        lambda: letters(length),
        about=f"{length:,} random ASCII letters",
        tags=("size", "ascii", kind),
    )


INPUTS = [
    Input(
        "article",
        lambda: random_ascii("article", 1_000_000, string.ascii_letters),
        about="1,000,000 random ASCII letters, as in the article",
        tags=("default", "ascii"),
    ),
    # Text with a structure that random letters lack.
    Input(
        "dna",
        lambda: random_ascii("dna", 1_000_000, "ACGT"),
        about="1,000,000 random bases: a quarter of them doubles",
        tags=("pattern", "ascii"),
    ),
    Input("log", log_lines, about="40,000 lines of a log, one in six blank", tags=("pattern", "ascii")),
    Input("all-equal", lambda: "a" * 1_000_000, about="1,000,000 times the same letter", tags=("pattern", "ascii")),
    Input(
        "no-doubles",
        lambda: "ab" * 500_000,
        about="1,000,000 letters and not one double",
        tags=("pattern", "ascii"),
    ),
    # Four scripts: one, two, three and four bytes a character in UTF-8, and 1, 2 or 4 in a str.
    script("latin-1", "French and German letters, 1 byte each in a str and up to 2 in UTF-8", LATIN_1),
    script("cyrillic", "Russian letters, 2 bytes each in both", CYRILLIC),
    script("chinese", "the commonest Chinese characters, 2 bytes each in a str and 3 in UTF-8", CHINESE),
    script("emoji", "4 bytes each in both", EMOJI),
    *(size(name, length) for name, length in SIZES.items()),
    # The same for the atlas, as one input, for a curve over size.
    Input.sized(
        "letters",
        letters,
        [1, 16, 256, 4096, 65_536, 1_000_000],
        "random ASCII letters",
        tags=("size", "ascii"),
    ),
]


def hostile(name: str, about: str, text: str) -> Input:
    """A text that approaches are known to disagree on. Timing it would say nothing."""
    return Input(name, lambda: text, about=about, tags=("hostile",))


HOSTILE = [
    hostile("empty", "the empty text", ""),
    hostile("one", "one character", "x"),
    hostile("newlines", "a blank line", "x\n\ny"),
    hostile("crlf", "blank lines as Windows ends them", "x\r\n\r\n\r\ny"),
    hostile("nuls", "NULs, doubled, before a double", "aa\0\0bb"),
    hostile("nul-pair", "nothing but NULs", "\0\0"),
    hostile("latin-double", "two letters of two bytes each in UTF-8", "éé"),
    hostile("combining", "the same, each written as a letter and its accent: no code point doubles", "e\u0301e\u0301"),
    hostile("bytes-only", "U+10000 alone: two of its four bytes are equal", "\U00010000"),
    hostile("neighbours", "different characters, with equal bytes where they meet", "\u0410\u0450\u0490\u0400\u0840"),
    hostile("astral", "two emoji, the first twice", "😀😀😁"),
    hostile("lone-surrogate", "half of a pair, twice: a str may hold it, UTF-8 may not", "a\ud83d\ud83da"),
    hostile("split-pair", "both halves of a pair, in one str", "\ud83d\ude00"),
    hostile("mixed", "one character of each width in UTF-8, all doubled", "aaéé中中😀😀"),
    hostile(
        "blocks",
        "a run longer than any vector, a block's end and a counter of one byte",
        "ab" * 95 + "c" * 1000 + "d" * 67,
    ),
]

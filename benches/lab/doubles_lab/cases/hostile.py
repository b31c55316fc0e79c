"""Little texts that approaches are known to disagree on. They are for ``verify``: timing them says nothing."""

from doubles_lab.case import Case


def _case(name, about, text):
    return Case(name, about, lambda: text, ("hostile",))


CASES = [
    _case("empty", "the empty text", ""),
    _case("one", "one character", "x"),
    _case("newlines", "a blank line", "x\n\ny"),
    _case("crlf", "blank lines as Windows ends them", "x\r\n\r\n\r\ny"),
    _case("nuls", "NULs, doubled, before a double", "aa\0\0bb"),
    _case("nul-pair", "nothing but NULs", "\0\0"),
    _case("latin-double", "two letters of two bytes each in UTF-8", "éé"),
    _case("combining", "the same, each written as a letter and its accent: no code point doubles", "e\u0301e\u0301"),
    _case("bytes-only", "U+10000 alone: two of its four bytes are equal", "\U00010000"),
    _case("neighbours", "different characters, with equal bytes where they meet", "\u0410\u0450\u0490\u0400\u0840"),
    _case("astral", "two emoji, the first twice", "😀😀😁"),
    _case("lone-surrogate", "half of a pair, twice: a str may hold it, UTF-8 may not", "a\ud83d\ud83da"),
    _case("split-pair", "both halves of a pair, in one str", "\ud83d\ude00"),
    _case("mixed", "one character of each width in UTF-8, all doubled", "aaéé中中😀😀"),
    _case(
        "blocks",
        "a run longer than any vector, a block's end and a counter of one byte",
        "ab" * 95 + "c" * 1000 + "d" * 67,
    ),
]

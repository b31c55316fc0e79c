"""Building Python objects: a dict of words."""

from doubles_lab import Input, Problem
from doubles_lab.implementation import raises_beyond_ascii, raises_on_lone_surrogates
from doubles_lab.problems import _inputs
from doubles_lab.problems._shared import of


def word_count(text: str) -> dict[str, int]:
    """How often each word is in a text, where white space separates words."""
    counts: dict[str, int] = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


PROBLEM = Problem(
    word_count,
    inputs=[
        Input.sized("words", _inputs.words, [1, 1_000, 100_000], "words of a language, by Zipf's law"),
        Input("Cyrillic", lambda: _inputs.words(10_000, _inputs.CYRILLIC), about="10,000 words, two bytes a letter"),
    ],
    edge_cases={
        "empty": "",
        "one": "word",
        "twice": "a b a",
        "spaces": " \t\n\v\f\r\x1c\x1d\x1e\x1f",
        "Latin-1 spaces": "a\x85b\xa0a été",
        "other spaces": "a\u1680b\u2000c\u200ad\u2028e\u2029f\u202fg\u205fh\u3000i",
        "no spaces": "a\u200bb\ufeffc\u180ed\u2060e",
        "two bytes": "мир 中文 мир",
        "four bytes": "😀 😀 🏳️‍🌈",
        "NUL": "a\0 a a\0 \0",
        "lone surrogate": "a \ud800 a",
        "many": " ".join(map(str, range(1_000))),
    },
    shape="str -> dict[str, int]",
    shows="The result is a dict of new objects, so the time to build them bounds the speedup.",
)

ENCODE_ERROR = raises_on_lone_surrogates("UnicodeEncodeError")
TYPE_ERROR = raises_on_lone_surrogates("TypeError")
ASCII = raises_beyond_ascii("TypeError")

IMPLEMENTATIONS = [
    of("c", "c.c", "word_count", "a str and an int for each word"),
    of("c-in-place", "c.c", "word_count_in_place", "counts in the str's memory"),
    of("cffi-api", "cffi_api.py", "word_count", "copy: encode; the words come back as one text", ENCODE_ERROR),
    of("ctypes", "ctypes.py", "word_count", "copy: encode; the words come back as one text", ENCODE_ERROR),
    of("cython", "cython.pyx", "word_count", "str and dict, typed"),
    of("cython-indexed", "cython.pyx", "word_count_indexed", "counts in an array of C"),
    of("nanobind", "nanobind.cpp", "word_count", "std::string_view", TYPE_ERROR),
    of("nanobind-string", "nanobind.cpp", "word_count_string", "std::string", TYPE_ERROR),
    of("numpy", "numpy.py", "word_count", "str.split, then an array", ENCODE_ERROR),
    of("polars", "polars.py", "word_count", "a column of one text, then of words", ENCODE_ERROR),
    of("polars-split", "polars.py", "word_count_split", "str.split, then a column", ENCODE_ERROR),
    of("pybind11", "pybind11.cpp", "word_count", "std::string_view", ENCODE_ERROR),
    of("pybind11-string", "pybind11.cpp", "word_count_string", "std::string", TYPE_ERROR),
    of("pythran", "pythran.py", "word_count", "copy: ASCII", ASCII),
    of("pyo3", "pyo3.rs", "word_count", "&str", ENCODE_ERROR),
    of("pyo3-abi3", "pyo3_abi3.rs", "word_count", "&str", ENCODE_ERROR),
    of("pyo3-string", "pyo3.rs", "word_count_string", "String", ENCODE_ERROR),
    of("rust-cpython", "rust_cpython.rs", "word_count", "&str", ENCODE_ERROR),
    of("rust-cpython-string", "rust_cpython.rs", "word_count_string", "String", ENCODE_ERROR),
]

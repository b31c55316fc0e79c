"""One call for many pairs of short texts: what batching saves."""

import re
from typing import Any

from doubles_lab import Input, Problem
from doubles_lab.implementation import Divergence, Raises
from doubles_lab.problems import _inputs
from doubles_lab.problems._shared import of, rapidfuzz

Pairs = list[tuple[str, str]]


def levenshtein_pairs(pairs: Pairs) -> list[int]:
    """The distance of Levenshtein between the two texts of each pair."""
    distances = []
    for a, b in pairs:
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, 1):
            diagonal, row[0] = row[0], i
            for j, y in enumerate(b, 1):
                diagonal, row[j] = row[j], min(diagonal + (x != y), row[j] + 1, row[j - 1] + 1)
        distances.append(row[-1])
    return distances


def typos(count: int) -> Pairs:
    """So many words, each with itself as somebody typed it."""
    words = _inputs.vocabulary(_inputs.LATIN)[-count:]
    return list(zip(words, _inputs.edited("\n".join(words), "typos").split("\n")))


def library() -> Any:
    """What rapidfuzz has for pairs, of two lists: an array."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cpdist

    def distances(pairs: Pairs) -> list[int]:
        if not pairs:
            return []
        found: list[int] = cpdist(*zip(*pairs), scorer=Levenshtein.distance).tolist()
        return found

    return distances


def raises_on_lone_surrogates(exception: str) -> Divergence:
    """A lone surrogate in any text raises ``exception``."""
    return Divergence(
        f"a lone surrogate has no UTF-8: {exception}",
        lambda pairs: Raises(exception) if any(re.search("[\ud800-\udfff]", a + b) for a, b in pairs) else None,
    )


PROBLEM = Problem(
    levenshtein_pairs,
    inputs=[Input.sized("typos", typos, [1, 100, 1_000], "words of ten letters and the same with typing errors")],
    edge_cases={
        "none": [],
        "empty": [("", ""), ("", "a"), ("abc", "")],
        "textbook": [("kitten", "sitting"), ("Saturday", "Sunday")],
        "widths": [("mañana", "manana"), ("мир", "мера"), ("a😀b", "a😁😀")],
        "NUL": [("a\0b", "a\0\0c"), ("\0", "")],
        "lone surrogate": [("a", "b"), ("a\ud800b", "a\udc00b")],
        "long": [("x" * 128, "x" * 63 + "y" * 300)],
    },
    shape="list[tuple[str, str]] -> list[int]",
    shows="One call for many small tasks costs less than many calls, most of all where a call is dear.",
)

ENCODE_ERROR = raises_on_lone_surrogates("UnicodeEncodeError")
TYPE_ERROR = raises_on_lone_surrogates("TypeError")
JOINED = "copy: all texts in one, UTF-32"

IMPLEMENTATIONS = [
    rapidfuzz(library, "two tuples of str, in place; the rows as bits"),
    of("python-bits", "python.py", "levenshtein_pairs_bits", "the rows as bits of an int"),
    of("numba", "numba.py", "levenshtein_pairs", JOINED),
    of("mypyc", "mypyc.py", "levenshtein_pairs", "lists of code points"),
    of("mypyc-vec", "mypyc_vec.py", "levenshtein_pairs", "vectors of code points"),
    of("cython", "cython.pyx", "levenshtein_pairs", "the str, in place"),
    of("c", "c.c", "levenshtein_pairs", "the str, in place"),
    of("cffi-api", "cffi_api.py", "levenshtein_pairs", JOINED),
    of("cffi-api-each", "cffi_api.py", "levenshtein_pairs_each", "a call for each pair"),
    of("ctypes", "ctypes.py", "levenshtein_pairs", JOINED),
    of("ctypes-each", "ctypes.py", "levenshtein_pairs_each", "a call for each pair"),
    of("pybind11", "pybind11.cpp", "levenshtein_pairs", "the list, and each str copied"),
    of("pybind11-vector", "pybind11.cpp", "levenshtein_pairs_vector", "std::vector of std::u32string", TYPE_ERROR),
    of("nanobind", "nanobind.cpp", "levenshtein_pairs", "the list, and each str copied"),
    of("pyo3", "pyo3.rs", "levenshtein_pairs", "&PyList and &str", ENCODE_ERROR),
    of("pyo3-vec", "pyo3.rs", "levenshtein_pairs_vec", "Vec of String", ENCODE_ERROR),
    of("rust-cpython", "rust_cpython.rs", "levenshtein_pairs", "&PyList and Cow<str>", ENCODE_ERROR),
    of("rust-cpython-vec", "rust_cpython.rs", "levenshtein_pairs_vec", "Vec of String", ENCODE_ERROR),
]

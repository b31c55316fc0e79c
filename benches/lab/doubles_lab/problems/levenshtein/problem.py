"""Two short texts and one number: the cost of a call, and of much computing."""

from typing import Any

from doubles_lab import Call, Input, Problem
from doubles_lab.implementation import Divergence, Raises, raises_beyond_ascii, raises_on_lone_surrogates
from doubles_lab.problems import _inputs
from doubles_lab.problems._shared import of, rapidfuzz


def levenshtein(a: str, b: str) -> int:
    """How many characters to insert, delete or replace to get from one text to another."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(diagonal + (x != y), row[j] + 1, row[j - 1] + 1)
    return row[-1]


def typos(length: int, alphabet: str = _inputs.LATIN) -> Call:
    """A text of that length, and the same with typing errors."""
    text = _inputs.words(length, alphabet)[:length]
    return Call(text, _inputs.edited(text, "typos"))


def library() -> Any:
    """The function of rapidfuzz."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance


PROBLEM = Problem(
    levenshtein,
    inputs=[
        Input.sized("typos", typos, [5, 30, 1_000], "a text and the same with typing errors"),
        Input("Cyrillic", lambda: typos(30, _inputs.CYRILLIC), about="30 characters of two bytes"),
    ],
    edge_cases={
        "both empty": Call("", ""),
        "one empty": Call("", "abc"),
        "other empty": Call("abc", ""),
        "one letter": Call("a", "b"),
        "equal": Call("kitten", "kitten"),
        "textbook": Call("kitten", "sitting"),
        "nothing in common": Call("abcdefgh", "zyxwvutsrqp"),
        "64 letters": Call("ab" * 32, "ba" * 32),
        "65 letters": Call("ab" * 32 + "c", "ba" * 31),
        "two words of bits": Call("x" * 128, "x" * 63 + "y" * 66),
        "two widths": Call("mañana", "manana"),
        "two bytes": Call("мир", "мера"),
        "four bytes": Call("a😀b", "a😁😀"),
        "accents": Call("e\u0301", "é"),
        "NUL": Call("a\0b", "a\0\0c"),
        "lone surrogate": Call("a\ud800b", "a\udc00b"),
        "None": Call(None, "abc"),
        "int": Call("abc", 5),
    },
    shape="str, str -> int",
    shows="The cost of a call decides for short texts and the loop for long ones; a better algorithm beats both.",
)

NO_STR = Divergence(
    "an argument of a type that it cannot compile for: TypingError",
    lambda a, b: None if isinstance(a, str) and isinstance(b, str) else Raises("TypingError"),
)
ENCODE_ERROR = raises_on_lone_surrogates("UnicodeEncodeError")
TYPE_ERROR = raises_on_lone_surrogates("TypeError")
ASCII = raises_beyond_ascii("TypeError")
COPIED, IN_BITS = "copy: UTF-32", "the rows as bits, 64 in a word"

IMPLEMENTATIONS = [
    rapidfuzz(library, "the str, in place; the rows as bits"),
    of("python-bits", "python.py", "levenshtein_bits", "the rows as bits of an int"),
    of("numpy", "numpy.py", "levenshtein", COPIED),
    of("numba", "numba.py", "levenshtein", COPIED),
    of("numba-bits", "numba.py", "levenshtein_bits", f"{COPIED}; {IN_BITS}"),
    of("numba-str", "numba.py", "levenshtein_str", "the str, in place", NO_STR),
    of("mypyc", "mypyc.py", "levenshtein", "lists of code points"),
    of("mypyc-vec", "mypyc_vec.py", "levenshtein", "vectors of code points"),
    of("mypyc-vec-bits", "mypyc_vec.py", "levenshtein_bits", "vectors of words; the rows as bits, 62 in a word"),
    of("pythran", "pythran.py", "levenshtein", "copy: ASCII", ASCII),
    of("pythran-bits", "pythran.py", "levenshtein_bits", f"copy: ASCII; {IN_BITS}", ASCII),
    of("cython", "cython.pyx", "levenshtein", "the str, in place"),
    of("cython-bits", "cython.pyx", "levenshtein_bits", f"the str, in place; {IN_BITS}"),
    of("cython-untyped", "cython_untyped.pyx", "levenshtein", "the reference, compiled"),
    of("c", "c.c", "levenshtein", COPIED),
    of("c-bits", "c.c", "levenshtein_bits", IN_BITS),
    of("swig", "swig.i", "levenshtein", "char * (UTF-8 conversion)", TYPE_ERROR),
    of("swig-bits", "swig.i", "levenshtein_bits", f"char * (UTF-8 conversion); {IN_BITS}", TYPE_ERROR),
    of("cffi-api", "cffi_api.py", "levenshtein", COPIED),
    of("cffi-api-bits", "cffi_api.py", "levenshtein_bits", f"{COPIED}; {IN_BITS}"),
    of("ctypes", "ctypes.py", "levenshtein", COPIED),
    of("ctypes-bits", "ctypes.py", "levenshtein_bits", f"{COPIED}; {IN_BITS}"),
    of("pybind11", "pybind11.cpp", "levenshtein", COPIED),
    of("pybind11-bits", "pybind11.cpp", "levenshtein_bits", f"{COPIED}; {IN_BITS}"),
    of("pybind11-u32string", "pybind11.cpp", "levenshtein_u32string", "std::u32string", TYPE_ERROR),
    of("nanobind", "nanobind.cpp", "levenshtein", COPIED),
    of("nanobind-bits", "nanobind.cpp", "levenshtein_bits", f"{COPIED}; {IN_BITS}"),
    of("pyo3", "pyo3.rs", "levenshtein", "&str", ENCODE_ERROR),
    of("pyo3-bits", "pyo3.rs", "levenshtein_bits", f"&str; {IN_BITS}", ENCODE_ERROR),
    of("pyo3-string", "pyo3.rs", "levenshtein_string", "String", ENCODE_ERROR),
    of("rust-cpython", "rust_cpython.rs", "levenshtein", "&str", ENCODE_ERROR),
    of("rust-cpython-bits", "rust_cpython.rs", "levenshtein_bits", f"&str; {IN_BITS}", ENCODE_ERROR),
]

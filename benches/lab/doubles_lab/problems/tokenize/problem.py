"""Many small strings: made one by one, lazily, or all from one."""

from doubles_lab import Input, Problem
from doubles_lab.implementation import raises_beyond_ascii, raises_on_lone_surrogates
from doubles_lab.problems import _inputs
from doubles_lab.problems._shared import of

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
SPACES = frozenset(" \t\n\r\f\v")


def tokenize(text: str) -> list[str]:
    """The words of a text and its other characters, without white space of ASCII.

    Words are of letters, digits and underscores, and of whatever is not ASCII.
    """
    tokens = []
    word = ""
    for c in text:
        if c in LETTERS or c > "\x7f":
            word += c
            continue
        if word:
            tokens.append(word)
            word = ""
        if c not in SPACES:
            tokens.append(c)
    if word:
        tokens.append(word)
    return tokens


def source(count: int, alphabet: str = _inputs.LATIN) -> str:
    """So many calls of functions, as a program has them."""
    names = iter(_inputs.words(3 * count, alphabet).split())
    return "".join(f"{next(names)} = {next(names)}({next(names)}, {i % 97}, x[{i}]);\n" for i in range(count))


PROBLEM = Problem(
    tokenize,
    inputs=[
        Input.sized("source", source, [1, 100, 10_000], "lines of a program, of fourteen tokens each"),
        Input("Cyrillic", lambda: source(1_000, _inputs.CYRILLIC), about="1,000 lines with letters of two bytes"),
    ],
    edge_cases={
        "empty": "",
        "one word": "word",
        "one mark": "+",
        "spaces": " \t\n\r\f\v ",
        "no spaces": "a+b=_c1",
        "marks": "((a))--b..",
        "every ASCII": "".join(map(chr, range(128))),
        "around the letters": "@AZ[`az{/09:^_",
        "Latin-1": "é=ÿ+\x80\x85\xa0b",
        "two bytes": "имя = 中文(мир)\u2003x\u3000y",
        "four bytes": "😀+a😀 😀",
        "NUL": "a\0b\0\0",
        "separators": "a\x1cb\x1f\x1c",
        "lone surrogate": "a\ud800+\udc00",
        "long": "x" * 100_000 + "+",
    },
    shape="str -> list[str]",
    shows="Making the strings takes most of the time, whoever finds them; ctypes keeps up where they come back as one.",
)

ENCODE_ERROR = raises_on_lone_surrogates("UnicodeEncodeError")
TYPE_ERROR = raises_on_lone_surrogates("TypeError")
ASCII = raises_beyond_ascii("TypeError")
AT_ONCE = "the tokens come back as one text"
LAZILY = "an iterator, which list() exhausts"

IMPLEMENTATIONS = [
    of("python-lazily", "python.py", "tokenize_lazily", "re.finditer, which list() exhausts"),
    of("numpy", "numpy.py", "tokenize", f"copy: an array of code points; {AT_ONCE}"),
    of("numba", "numba.py", "tokenize", f"copy: an array of code points; {AT_ONCE}"),
    of("polars", "polars.py", "tokenize", "a column of one text", ENCODE_ERROR),
    of("pythran", "pythran.py", "tokenize", "copy: ASCII", ASCII),
    of("cython", "cython.pyx", "tokenize", "the str, in place; slices of it"),
    of("cython-lazily", "cython.pyx", "tokenize_lazily", f"the str, in place; {LAZILY}"),
    of("cython-untyped", "cython_untyped.pyx", "tokenize", "the reference, compiled"),
    of("c", "c.c", "tokenize", "the str, in place; slices of it"),
    of("c-at-once", "c.c", "tokenize_at_once", f"the str, in place; {AT_ONCE}"),
    of("cffi-api", "cffi_api.py", "tokenize", f"copy: UTF-8; {AT_ONCE}", ENCODE_ERROR),
    of("ctypes", "ctypes.py", "tokenize", f"copy: UTF-8; {AT_ONCE}", ENCODE_ERROR),
    of("pybind11", "pybind11.cpp", "tokenize", "std::string_view", ENCODE_ERROR),
    of("pybind11-vector", "pybind11.cpp", "tokenize_vector", "std::vector of std::string_view", ENCODE_ERROR),
    of("pybind11-string", "pybind11.cpp", "tokenize_string", "std::vector of std::string", TYPE_ERROR),
    of("nanobind", "nanobind.cpp", "tokenize", "std::string_view", TYPE_ERROR),
    of("nanobind-vector", "nanobind.cpp", "tokenize_vector", "std::vector of std::string_view", TYPE_ERROR),
    of("nanobind-string", "nanobind.cpp", "tokenize_string", "std::vector of std::string", TYPE_ERROR),
    of("pyo3", "pyo3.rs", "tokenize", "Vec<&str>", ENCODE_ERROR),
    of("pyo3-string", "pyo3.rs", "tokenize_string", "Vec<String>", ENCODE_ERROR),
    of("pyo3-at-once", "pyo3.rs", "tokenize_at_once", AT_ONCE, ENCODE_ERROR),
    of("pyo3-lazily", "pyo3.rs", "tokenize_lazily", LAZILY, ENCODE_ERROR),
    of("rust-cpython", "rust_cpython.rs", "tokenize", "Vec<PyString>", ENCODE_ERROR),
    of("rust-cpython-string", "rust_cpython.rs", "tokenize_string", "Vec<String>", ENCODE_ERROR),
]

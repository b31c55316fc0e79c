"""Lines to columns: numbers need no objects there."""

from __future__ import annotations

from typing import Any

from doubles_lab import Input, Problem
from doubles_lab.implementation import Divergence, Raises, raises_on_lone_surrogates
from doubles_lab.problems import _inputs
from doubles_lab.problems._shared import OUT_OF_RANGE, equal_once, of, plain, raises_on_other_numbers, rows_of


def parse_columns(text: str) -> tuple[list[int], list[str], list[float]]:
    """The columns of lines with a whole number, a name and a price, which commas separate."""
    keys, names, prices = [], [], []
    for line in text.split("\n"):
        if line:
            key, name, price = line.split(",")
            keys.append(int(key))
            names.append(name)
            prices.append(float(price))
    return keys, names, prices


def lists(columns: Any) -> Any:
    """Columns of any kind as lists."""
    return tuple(each.tolist() if isinstance(each, memoryview) else plain(each) for each in columns)


PROBLEM = Problem(
    parse_columns,
    inputs=[
        Input.sized("records", _inputs.records, [1, 100, 20_000], "lines with a number, a word and a price"),
        Input("Cyrillic", lambda: _inputs.records(1_000, _inputs.CYRILLIC), about="1,000 lines, two bytes a letter"),
    ],
    equal=equal_once(lists),
    edge_cases=_inputs.RECORDS,
    shape="str -> columns",
    shows="Columns of numbers are filled without a Python object, so native code gains more than it does for rows.",
)


def beyond_64_bits(text: str) -> Raises | None:
    """What it raises where an int has no room in a column."""
    try:
        keys = [int(row[0]) for row in rows_of(text)]
    except ValueError:
        return None
    return None if all(-(1 << 63) <= key < 1 << 63 for key in keys) else Raises("OverflowError")


BEYOND_64_BITS = Divergence("an int beyond 64 bits raises OverflowError", beyond_64_bits)
ENCODE_ERROR = raises_on_lone_surrogates("UnicodeEncodeError")
TYPE_ERROR = raises_on_lone_surrogates("TypeError")
BUT_CRLF = raises_on_other_numbers("ValueError", after="\r")
VALUE_ERROR = raises_on_other_numbers("ValueError")
INVALID = raises_on_other_numbers("InvalidOperationError")
INTO_ARRAYS = "copy: UTF-8; into NumPy arrays, and one text of names"
ARRAYS, VIEWS = "into NumPy arrays", "into memory that a memoryview shows"

IMPLEMENTATIONS = [
    of("numpy", "numpy.py", "parse_columns", "str.split, int and float into arrays", BEYOND_64_BITS),
    of("polars", "polars.py", "parse_columns", "a column of one text", ENCODE_ERROR, INVALID),
    of("polars-csv", "polars.py", "parse_columns_csv", "copy: UTF-8; read_csv", ENCODE_ERROR, BUT_CRLF),
    of("mypyc", "mypyc.py", "parse_columns", "the reference, typed"),
    of("cython", "cython.pyx", "parse_columns", f"the str, in place; {ARRAYS}", BEYOND_64_BITS),
    of("cython-split", "cython_split.pyx", "parse_columns", f"str.split, int() and float() {ARRAYS}", BEYOND_64_BITS),
    of("c", "c.c", "parse_columns", f"the str, in place; {VIEWS}", BEYOND_64_BITS),
    of("cffi-api", "cffi_api.py", "parse_columns", INTO_ARRAYS, ENCODE_ERROR, VALUE_ERROR),
    of("ctypes", "ctypes.py", "parse_columns", INTO_ARRAYS, ENCODE_ERROR, VALUE_ERROR),
    of("pybind11", "pybind11.cpp", "parse_columns", ARRAYS, ENCODE_ERROR, VALUE_ERROR, OUT_OF_RANGE),
    of("pybind11-vector", "pybind11.cpp", "parse_columns_vector", "vectors", ENCODE_ERROR, VALUE_ERROR, OUT_OF_RANGE),
    of("nanobind", "nanobind.cpp", "parse_columns", ARRAYS, TYPE_ERROR, VALUE_ERROR, OUT_OF_RANGE),
    of("nanobind-vector", "nanobind.cpp", "parse_columns_vector", "vectors", TYPE_ERROR, VALUE_ERROR, OUT_OF_RANGE),
    of("pyo3", "pyo3.rs", "parse_columns", VIEWS, ENCODE_ERROR, VALUE_ERROR),
    of("pyo3-numpy", "pyo3_numpy", "parse_columns", f"vectors, {ARRAYS} without a copy", ENCODE_ERROR, VALUE_ERROR),
    of("pyo3-vec", "pyo3.rs", "parse_columns_vec", "a Vec for each column", ENCODE_ERROR, VALUE_ERROR),
    of("rust-cpython", "rust_cpython.rs", "parse_columns", VIEWS, ENCODE_ERROR, VALUE_ERROR),
    of("rust-cpython-vec", "rust_cpython.rs", "parse_columns_vec", "a Vec for each column", ENCODE_ERROR, VALUE_ERROR),
]

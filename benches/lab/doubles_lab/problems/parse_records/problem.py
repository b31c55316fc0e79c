"""Lines to rows: an object for each field, and one for each row."""

from __future__ import annotations

import re

from doubles_lab import Input, Problem
from doubles_lab.implementation import Divergence, Raises, raises_on_lone_surrogates
from doubles_lab.problems import _inputs
from doubles_lab.problems._shared import OUT_OF_RANGE, of, raises_on_other_numbers, rows_of


def parse_records(text: str) -> list[tuple[int, str, float]]:
    """The rows of lines with a whole number, a name and a price, which commas separate."""
    records = []
    for line in text.split("\n"):
        if line:
            key, name, price = line.split(",")
            records.append((int(key), name, float(price)))
    return records


PROBLEM = Problem(
    parse_records,
    inputs=[
        Input.sized("records", _inputs.records, [1, 100, 20_000], "lines with a number, a word and a price"),
        Input("Cyrillic", lambda: _inputs.records(1_000, _inputs.CYRILLIC), about="1,000 lines, two bytes a letter"),
    ],
    edge_cases=_inputs.RECORDS,
    shape="str -> list[tuple[int, str, float]]",
    shows="Four objects for each row bound the speedup; parse_columns shows what is left without most of them.",
)


def in_a_field(text: str) -> Raises | None:
    """What the module csv raises where a carriage return does not end a line."""
    return Raises("Error") if any(re.search("\r[^\r]", ",".join(row)) for row in rows_of(text)) else None


CARRIAGE_RETURN = Divergence("a carriage return inside of a line raises csv.Error", in_a_field)
TYPE_ERROR = raises_on_lone_surrogates("TypeError")
ENCODE_ERROR = raises_on_lone_surrogates("UnicodeEncodeError")
BUT_CRLF = raises_on_other_numbers("ValueError", after="\r")
VALUE_ERROR = raises_on_other_numbers("ValueError")
INVALID = raises_on_other_numbers("InvalidOperationError")
FALLS_BACK = "int() and float() for unusual numbers"
TUPLES = "a std::vector of tuples"
AT_ONCE = "copy: UTF-8; three columns come back"

IMPLEMENTATIONS = [
    of("python-csv", "python.py", "parse_records_csv", "csv.reader", CARRIAGE_RETURN),
    of("polars", "polars.py", "parse_records", "a column of one text", ENCODE_ERROR, INVALID),
    of("polars-csv", "polars.py", "parse_records_csv", "copy: UTF-8; read_csv", ENCODE_ERROR, BUT_CRLF),
    of("mypyc", "mypyc.py", "parse_records", "the reference, typed"),
    of("cython", "cython.pyx", "parse_records", "the reference, typed"),
    of("cython-in-place", "cython_in_place.pyx", "parse_records", f"the str, in place; {FALLS_BACK}"),
    of("c", "c.c", "parse_records", "str.split, int and float of the API"),
    of("c-in-place", "c.c", "parse_records_in_place", f"the str, in place; {FALLS_BACK}"),
    of("cffi-api", "cffi_api.py", "parse_records", AT_ONCE, ENCODE_ERROR, VALUE_ERROR),
    of("ctypes", "ctypes.py", "parse_records", AT_ONCE, ENCODE_ERROR, VALUE_ERROR),
    of("pybind11", "pybind11.cpp", "parse_records", f"std::string_view; {FALLS_BACK}", ENCODE_ERROR),
    of("pybind11-vector", "pybind11.cpp", "parse_records_vector", TUPLES, ENCODE_ERROR, VALUE_ERROR, OUT_OF_RANGE),
    of("nanobind", "nanobind.cpp", "parse_records", f"std::string_view; {FALLS_BACK}", TYPE_ERROR),
    of("nanobind-vector", "nanobind.cpp", "parse_records_vector", TUPLES, TYPE_ERROR, VALUE_ERROR, OUT_OF_RANGE),
    of("pyo3", "pyo3.rs", "parse_records", f"&str; {FALLS_BACK}", ENCODE_ERROR),
    of("pyo3-vec", "pyo3.rs", "parse_records_vec", "a Vec of tuples with &str", ENCODE_ERROR, VALUE_ERROR),
    of("pyo3-string", "pyo3.rs", "parse_records_string", "a Vec of tuples with String", ENCODE_ERROR, VALUE_ERROR),
    of("rust-cpython", "rust_cpython.rs", "parse_records", "a Vec of tuples", ENCODE_ERROR, VALUE_ERROR),
]

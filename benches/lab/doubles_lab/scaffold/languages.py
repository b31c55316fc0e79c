"""How Rust, C++ and C write what differs, with ints that are checked to fit in 64 bits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from doubles_lab.scaffold.typed import BOOL, CHARACTER, ELEMENTS, FLOAT, INT, TEXT


@dataclass(frozen=True)
class Language:
    """How a language writes what differs."""

    name: str
    #: By type.
    types: dict[str, str]
    #: How a function is called that may fail.
    checked: Callable[[str, str], str]
    #: What follows a statement that called one; "" if it leaves the function by itself.
    check: str
    returns: Callable[[str], str]
    #: What a loop goes through, and what an element of it is: of an argument of a type, at a place.
    length: Callable[[str, str], str]
    element: Callable[[str, str, str], str]
    #: The same at any place, which may be none: with what that function is called.
    indexed: Callable[[str, str, str], tuple[str, str]]
    #: The functions that code uses, by name.
    helpers: dict[str, str]


TYPES_OF_RUST = {
    INT: "i64",
    FLOAT: "f64",
    BOOL: "bool",
    CHARACTER: "char",
    "list[int]": "Vec<i64>",
    "list[float]": "Vec<f64>",
    "list[bool]": "Vec<bool>",
}
RUST = Language(
    "Rust",
    TYPES_OF_RUST,
    lambda helper, arguments: f"{helper}({arguments})?",
    "",
    lambda value: f"Ok({value})",
    lambda name, of: f"{name}.chars().count()" if of == TEXT else f"{name}.len()",
    lambda name, of, place: "",
    lambda name, of, place: (f"indexed({name}, {place})?.extract::<{TYPES_OF_RUST[ELEMENTS[of]]}>()?", "indexed"),
    {
        "indexed": """/// From the end, if the place is negative.
fn indexed<'py>(list: &Bound<'py, PyList>, place: i64) -> PyResult<Bound<'py, PyAny>> {
    let length = list.len() as i64;
    let at = if place < 0 { place + length } else { place };
    if at < 0 || at >= length {
        return Err(PyIndexError::new_err("list index out of range"));
    }
    list.get_item(at as usize)
}""",
        "overflow": """fn overflow() -> PyErr {
    PyOverflowError::new_err("an int beyond 64 bits, which Python has")
}""",
        "checked_add": """fn checked_add(a: i64, b: i64) -> PyResult<i64> {
    a.checked_add(b).ok_or_else(overflow)
}""",
        "checked_sub": """fn checked_sub(a: i64, b: i64) -> PyResult<i64> {
    a.checked_sub(b).ok_or_else(overflow)
}""",
        "checked_mul": """fn checked_mul(a: i64, b: i64) -> PyResult<i64> {
    a.checked_mul(b).ok_or_else(overflow)
}""",
        "checked_abs": """fn checked_abs(a: i64) -> PyResult<i64> {
    a.checked_abs().ok_or_else(overflow)
}""",
        "zero_division": """fn zero_division() -> PyErr {
    PyZeroDivisionError::new_err("division by zero")
}""",
        "floor_div": """/// Rounds down, as Python does.
fn floor_div(a: i64, b: i64) -> PyResult<i64> {
    if b == 0 {
        return Err(zero_division());
    }
    let rounded = a.checked_div(b).ok_or_else(overflow)?;
    Ok(if a % b != 0 && (a < 0) != (b < 0) { rounded - 1 } else { rounded })
}""",
        "modulo": """/// Has the sign of the divisor, as in Python.
fn modulo(a: i64, b: i64) -> PyResult<i64> {
    if b == 0 {
        return Err(zero_division());
    }
    let rest = a.wrapping_rem(b);
    Ok(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
}""",
        "divide": """fn divide(a: f64, b: f64) -> PyResult<f64> {
    if b == 0.0 { Err(zero_division()) } else { Ok(a / b) }
}""",
        "quotient": """/// Ints that a float cannot hold exactly are refused.
fn quotient(a: i64, b: i64) -> PyResult<f64> {
    if a.unsigned_abs() > 1 << 53 || b.unsigned_abs() > 1 << 53 {
        return Err(overflow());
    }
    divide(a as f64, b as f64)
}""",
        "least": "fn least(a: f64, b: f64) -> f64 {\n    if b < a { b } else { a }\n}",
        "greatest": "fn greatest(a: f64, b: f64) -> f64 {\n    if b > a { b } else { a }\n}",
        "least_int": "fn least_int(a: i64, b: i64) -> i64 {\n    a.min(b)\n}",
        "greatest_int": "fn greatest_int(a: i64, b: i64) -> i64 {\n    a.max(b)\n}",
    },
)

TYPES_OF_C = {INT: "long long", FLOAT: "double", BOOL: "bool", CHARACTER: "Py_UCS4", "size": "Py_ssize_t"}
#: What computes with ints of 64 bits and divides as Python does, in C++ and in C: ``{failed}`` is the last parameter of
#: each, and ``{overflow}`` and ``{zero}`` leave it.
OF_C = {
    "checked_add": """static long long checked_add(long long a, long long b{failed}) {
  long long sum;
  if (__builtin_add_overflow(a, b, &sum)) {overflow}
  return sum;
}""",
    "checked_sub": """static long long checked_sub(long long a, long long b{failed}) {
  long long difference;
  if (__builtin_sub_overflow(a, b, &difference)) {overflow}
  return difference;
}""",
    "checked_mul": """static long long checked_mul(long long a, long long b{failed}) {
  long long product;
  if (__builtin_mul_overflow(a, b, &product)) {overflow}
  return product;
}""",
    "checked_abs": """static long long checked_abs(long long a{failed}) {
  if (a == LLONG_MIN) {overflow}
  return a < 0 ? -a : a;
}""",
    "floor_div": """// Rounds down, as Python does.
static long long floor_div(long long a, long long b{failed}) {
  if (b == 0) {zero}
  if (a == LLONG_MIN && b == -1) {overflow}
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}""",
    "modulo": """// Has the sign of the divisor, as in Python.
static long long modulo(long long a, long long b{failed}) {
  if (b == 0) {zero}
  if (b == -1) return 0;
  long long rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}""",
    "divide": """static double divide(double a, double b{failed}) {
  if (b == 0) {zero}
  return a / b;
}""",
    "quotient": """// Ints that a double cannot hold exactly are refused.
static double quotient(long long a, long long b{failed}) {
  const long long most = 1LL << 53;
  if (a > most || a < -most || b > most || b < -most) {overflow}
  if (b == 0) {zero}
  return (double)a / (double)b;
}""",
    "least": "static double least(double a, double b) { return b < a ? b : a; }",
    "greatest": "static double greatest(double a, double b) { return b > a ? b : a; }",
    "least_int": "static long long least_int(long long a, long long b) { return b < a ? b : a; }",
    "greatest_int": "static long long greatest_int(long long a, long long b) { return b > a ? b : a; }",
}


def indexed_in_c(of: str) -> str:
    """The function that reads an element of a list at any place."""
    return f"""// From the end, if the place is negative.
static {TYPES_OF_C[of]} indexed_{of}(PyObject *list, long long place, int *failed) {{
  const long long at = place < 0 ? place + PyList_GET_SIZE(list) : place;
  if (at < 0 || at >= PyList_GET_SIZE(list)) return *failed = OUT_OF_RANGE, 0;
  return item_{of}(list, at, failed);
}}"""


def indexed_in_library(of: str) -> str:
    """The same of numbers in memory."""
    return f"""// From the end, if the place is negative.
static {TYPES_OF_C[of]} indexed_{of}(const {TYPES_OF_C[of]} *values, size_t size, long long place, int *failed) {{
  const long long at = place < 0 ? place + (long long)size : place;
  if (at < 0 || at >= (long long)size) return *failed = OUT_OF_RANGE, 0;
  return values[at];
}}"""


OF_LISTS = {
    "item_float": """static double item_float(PyObject *list, Py_ssize_t place, int *failed) {
  PyObject *item = PyList_GET_ITEM(list, place);
  if (PyFloat_CheckExact(item)) return PyFloat_AS_DOUBLE(item);
  double value = PyFloat_AsDouble(item);
  if (value == -1.0 && PyErr_Occurred()) *failed = RAISED;
  return value;
}""",
    "item_int": """static long long item_int(PyObject *list, Py_ssize_t place, int *failed) {
  long long value = PyLong_AsLongLong(PyList_GET_ITEM(list, place));
  if (value == -1 && PyErr_Occurred()) *failed = RAISED;
  return value;
}""",
    "item_bool": """static bool item_bool(PyObject *list, Py_ssize_t place, int *failed) {
  int value = PyObject_IsTrue(PyList_GET_ITEM(list, place));
  if (value < 0) *failed = RAISED;
  return value > 0;
}""",
    **{f"indexed_{of}": indexed_in_c(of) for of in (INT, FLOAT, BOOL)},
    "character_at": """// From the end, if the place is negative.
static Py_UCS4 character_at(PyObject *text, long long place, int *failed) {
  const long long at = place < 0 ? place + PyUnicode_GET_LENGTH(text) : place;
  if (at < 0 || at >= PyUnicode_GET_LENGTH(text)) return *failed = OUT_OF_RANGE, 0;
  return PyUnicode_READ_CHAR(text, at);
}""",
}


def helpers_of(failed: str, overflow: str, zero: str) -> dict[str, str]:
    """The functions in :data:`OF_C`, for a way to fail."""
    found = {}
    for name, text in OF_C.items():
        found[name] = text.replace("{failed}", failed).replace("{overflow}", overflow).replace("{zero}", zero)
    return found


CPP = Language(
    "C++",
    {
        **TYPES_OF_C,
        "list[int]": "std::vector<long long>",
        "list[float]": "std::vector<double>",
        "list[bool]": "std::vector<bool>",
    },
    lambda helper, arguments: f"{helper}({arguments})",
    "",
    lambda value: value,
    lambda name, of: f"PyUnicode_GET_LENGTH({name}.ptr())" if of == TEXT else f"PyList_GET_SIZE({name}.ptr())",
    lambda name, of, place: (
        f"PyUnicode_READ_CHAR({name}.ptr(), {place})"
        if of == TEXT
        else f"py::cast<{TYPES_OF_C[ELEMENTS[of]]}>(py::handle(PyList_GET_ITEM({name}.ptr(), {place})))"
    ),
    lambda name, of, place: (
        (f"character_at({name}, {place})", "character_at")
        if of == TEXT
        else (f"py::cast<{TYPES_OF_C[ELEMENTS[of]]}>(indexed({name}, {place}))", "indexed")
    ),
    {
        "fail": """[[noreturn]] static void fail(PyObject *error, const char *message) {
  PyErr_SetString(error, message);
  throw {error};
}""",
        "indexed": """// From the end, if the place is negative.
static py::handle indexed(const py::list &list, long long place) {
  const long long at = place < 0 ? place + PyList_GET_SIZE(list.ptr()) : place;
  if (at < 0 || at >= PyList_GET_SIZE(list.ptr())) fail(PyExc_IndexError, "list index out of range");
  return PyList_GET_ITEM(list.ptr(), at);
}""",
        "character_at": """// From the end, if the place is negative.
static Py_UCS4 character_at(const py::str &text, long long place) {
  const long long at = place < 0 ? place + PyUnicode_GET_LENGTH(text.ptr()) : place;
  if (at < 0 || at >= PyUnicode_GET_LENGTH(text.ptr())) fail(PyExc_IndexError, "string index out of range");
  return PyUnicode_READ_CHAR(text.ptr(), at);
}""",
        **helpers_of(
            "",
            'fail(PyExc_OverflowError, "an int beyond 64 bits, which Python has");',
            'fail(PyExc_ZeroDivisionError, "division by zero");',
        ),
    },
)
FAILED, OVERFLOW, ZERO = ", int *failed", "return *failed = OVERFLOW, 0;", "return *failed = ZERO_DIVISION, 0;"
C = Language(
    "C",
    TYPES_OF_C,
    lambda helper, arguments: f"{helper}({arguments}, failed)",
    "if (*failed) return 0;",
    lambda value: value,
    lambda name, of: f"PyUnicode_GET_LENGTH({name})" if of == TEXT else f"PyList_GET_SIZE({name})",
    lambda name, of, place: (
        f"PyUnicode_READ_CHAR({name}, {place})" if of == TEXT else f"item_{ELEMENTS[of]}({name}, {place}, failed)"
    ),
    lambda name, of, place: (
        (f"character_at({name}, {place}, failed)", "character_at")
        if of == TEXT
        else (f"indexed_{ELEMENTS[of]}({name}, {place}, failed)", f"indexed_{ELEMENTS[of]}")
    ),
    {**helpers_of(FAILED, OVERFLOW, ZERO), **OF_LISTS},
)
#: C that knows nothing of Python: a list is the address of its numbers, and how many there are.
LIBRARY = Language(
    "C",
    {INT: "long long", FLOAT: "double", BOOL: "bool", "size": "size_t"},
    C.checked,
    C.check,
    C.returns,
    lambda name, of: f"{name}_size",
    lambda name, of, place: f"{name}[{place}]",
    lambda name, of, place: (
        f"indexed_{ELEMENTS[of]}({name}, {name}_size, {place}, failed)",
        f"indexed_{ELEMENTS[of]}",
    ),
    {**helpers_of(FAILED, OVERFLOW, ZERO), **{f"indexed_{of}": indexed_in_library(of) for of in (INT, FLOAT)}},
)

"""Attributes of many objects: of Python's class, of each approach's own, and no objects at all."""

from __future__ import annotations

import sys
from typing import Any

from doubles_lab import Call, Input, Problem, Variant, approximately
from doubles_lab.approaches.approach import NATIVE
from doubles_lab.implementation import Divergence, Raises
from doubles_lab.problems._shared import of
from doubles_lab.problems.total.point import Point, SlottedPoint


def total(points: list[Point]) -> float:
    """The sum of x times y of all points."""
    result = 0.0
    for point in points:
        result += point.x * point.y
    return result


def line(count: int) -> list[Point]:
    """So many points on a line."""
    return [Point(i / 10, 3 - i / 7) for i in range(count)]


def each_as(make: Any, call: Call) -> list[Any]:
    """The points as other objects. Raises ``ValueError`` where something else is among them, or in them."""
    (points,) = call.args
    for point in points:
        if not (isinstance(point, Point) and {type(point.x), type(point.y)} <= {int, float}):
            raise ValueError("not all of them are points of numbers")
    return [make(point.x, point.y) for point in points]


def native(call: Call) -> list[Any]:
    """The points as objects of the class in the module that was built, which the process has loaded by then."""
    return each_as(sys.modules[NATIVE].Point, call)


def array(call: Call) -> Any:
    """The points as rows of an array."""
    import numpy as np

    return np.array(each_as(lambda x, y: (x, y), call), float).reshape(-1, 2)


PROBLEM = Problem(
    total,
    inputs=[Input.sized("line", line, [1, 1_000, 100_000], "points on a line")],
    equal=approximately(1e-9),
    edge_cases={
        "none": [],
        "NaN": [Point(1.0, float("nan")), Point(2.0, 3.0)],
        "infinities": [Point(float("inf"), 1.0), Point(2.0, float("-inf"))],
        "infinity": [Point(float("-inf"), 1.0), Point(2.0, 3.0)],
        "-0.0": [Point(-0.0, 1.0)],
        "tiny": [Point(5e-324, 1.0)],
        "int": [Point(1, 2), Point(3, 0.5)],
        "beyond 64 bits": [Point(2**70, 1)],
        "beyond floats": [Point(10**400, 1)],
        "None": [Point(None, 1.0)],
        "str": [Point("1", 1.5)],
        "not a point": [1.5],
        "not a list": 5,
    },
    variants=[
        Variant("slots", lambda call: each_as(SlottedPoint, call), "points with __slots__"),
        Variant("native", native, "points of a native class"),
        Variant("array", array, "a NumPy array with a row for each point"),
    ],
    shape="list[Point] -> float",
    shows="Reading attributes of Python objects costs the same from anywhere; native classes and arrays avoid it.",
)


def unusual(kinds: set[type], points: Any) -> bool:
    """Whether there are points with attributes of such a type."""
    listed = points if isinstance(points, list) else []
    return any(isinstance(point, Point) and kinds & {type(point.x), type(point.y)} for point in listed)


def as_numpy(points: Any) -> float | None:
    """The total where NumPy takes None for NaN, and a str for the number that it holds."""
    if not unusual({type(None), str}, points):
        return None
    return total([Point(*(float("nan" if each is None else each) for each in (point.x, point.y))) for point in points])


def beyond_floats(points: Any) -> Raises | None:
    """A ``TypeError`` where an int is too large for a float."""
    listed = points if unusual({int}, points) else []
    if any(type(each) is int and abs(each) > sys.float_info.max for point in listed for each in (point.x, point.y)):
        return Raises("TypeError")
    return None


AS_NUMPY = Divergence("None is NaN and a str is what it holds, as np.array has it", as_numpy)
BEYOND_FLOATS = Divergence("an int beyond floats raises TypeError", beyond_floats)
BY_NAME, OWN_CLASS, ROWS = "attributes by name", "objects of its own class", "the rows of an array"

IMPLEMENTATIONS = [
    of("python-slots", "python.py", "total_slots", "points with __slots__"),
    of("numpy", "numpy.py", "total", "two arrays, made of the attributes", AS_NUMPY),
    of("numpy-array", "numpy.py", "total_array", ROWS),
    of("numba-array", "numba.py", "total_array", ROWS),
    of("pythran-array", "pythran.py", "total_array", ROWS),
    of("mypyc", "mypyc.py", "total", BY_NAME, BEYOND_FLOATS),
    of("mypyc-native", "mypyc.py", "total_native", OWN_CLASS),
    of("cython", "cython.pyx", "total", BY_NAME),
    of("cython-native", "cython.pyx", "total_native", OWN_CLASS),
    of("cython-array", "cython.pyx", "total_array", ROWS),
    of("c", "c.c", "total", BY_NAME),
    of("c-native", "c.c", "total_native", OWN_CLASS),
    of("c-array", "c.c", "total_array", ROWS),
    of("cffi-api-array", "cffi_api.py", "total_array", ROWS),
    of("ctypes-array", "ctypes.py", "total_array", ROWS),
    of("pybind11", "pybind11.cpp", "total", f"{BY_NAME}, interned"),
    of("pybind11-attr", "pybind11.cpp", "total_attr", BY_NAME),
    of("pybind11-native", "pybind11.cpp", "total_native", f"{OWN_CLASS}, whose type is looked up once"),
    of("pybind11-cast-native", "pybind11.cpp", "total_cast_native", OWN_CLASS),
    of("pybind11-array", "pybind11.cpp", "total_array", ROWS),
    of("pybind11-vector-native", "pybind11.cpp", "total_vector_native", f"{OWN_CLASS}, copied to a std::vector"),
    of("nanobind", "nanobind.cpp", "total", f"{BY_NAME}, interned"),
    of("nanobind-attr", "nanobind.cpp", "total_attr", BY_NAME),
    of("nanobind-native", "nanobind.cpp", "total_native", OWN_CLASS),
    of("nanobind-array", "nanobind.cpp", "total_array", ROWS),
    of("pyo3", "pyo3.rs", "total", f"{BY_NAME}, interned"),
    of("pyo3-vec", "pyo3.rs", "total_vec", "a Vec of structs, by #[derive(FromPyObject)]", BEYOND_FLOATS),
    of("pyo3-native", "pyo3.rs", "total_native", OWN_CLASS),
    of("pyo3-array", "pyo3.rs", "total_array", ROWS),
    of("pyo3-vec-native", "pyo3.rs", "total_vec_native", "a Vec of references to objects of its own class"),
    of("rust-cpython", "rust_cpython.rs", "total", f"{BY_NAME}, made once a call"),
    of("rust-cpython-str", "rust_cpython.rs", "total_str", BY_NAME),
    of("rust-cpython-native", "rust_cpython.rs", "total_native", OWN_CLASS),
    of("rust-cpython-array", "rust_cpython.rs", "total_array", ROWS),
]

"""The article's: reading a string, and SIMD."""

from __future__ import annotations

import operator
from importlib.metadata import version
from typing import Any

from doubles_lab.approaches import capi
from doubles_lab.approaches.approach import Links
from doubles_lab.arrays import array_of
from doubles_lab.implementation import (
    CORE,
    Divergence,
    Implementation,
    Raises,
    Unit,
    raises_on_empty,
    raises_on_lone_surrogates,
)
from doubles_lab.problem import Call, Problem, Variant
from doubles_lab.problems.count_doubles import existing, oracle
from doubles_lab.problems.count_doubles.inputs import HOSTILE, INPUTS


def as_bytes(call: Call) -> bytes:
    """The text in UTF-8."""
    (val,) = call.args
    return val if isinstance(val, bytes) else val.encode("utf-8", "surrogatepass")


def as_frame(call: Call) -> Any:
    """The characters as a column of a frame of Polars."""
    import polars

    return polars.DataFrame({"val": array_of(*call.args)})


def as_column(call: Call) -> Any:
    """The characters as a column of Polars."""
    import polars

    return polars.Series("val", array_of(*call.args))


def same_number(result: Any, expected: Any) -> bool:
    """Whether a result is that count, as any type that is a whole number."""
    return operator.index(result) == expected


PROBLEM = Problem(
    oracle.count_doubles,
    inputs=INPUTS,
    equal=same_number,
    edge_cases={each.name: each for each in HOSTILE},
    variants=[
        Variant("bytes", as_bytes, "bytes already there"),
        Variant("array", lambda call: array_of(*call.args), "array already there"),
        Variant("frame", as_frame, "frame already there"),
        Variant("column", as_column, "column already there"),
    ],
    units={
        str(Unit.CHARACTERS): oracle.count_doubles,
        str(Unit.BYTES): oracle.count_bytes,
        str(Unit.ELEMENTS): oracle.count_doubles,
    },
    shape="str -> int",
    shows="A str can be read where it lies, and vectors then count at the speed of memory.",
    atlas=["article", "letters-*"],
)
BASELINE = "python-zip"
#: What is linked with this project's core, and a header that reads a str in place.
OVER_CORE = ("c.", "cffi_", "ctypes.", "cython_capi.", "nanobind.", "pybind11.", "swig_utf8.", "swig_in_place.")


def LINKS(source: str) -> Links:  # noqa: N802 (as the folder names it)
    """What the native code of a source is linked with."""
    return capi.links() if source.startswith(OVER_CORE) else Links()


def until_nul(text: str) -> int:
    """The doubles of the bytes before the first NUL."""
    return oracle.count_bytes(text.partition("\0")[0])


def without_newlines(text: str) -> int:
    """The doubles of all characters but the newline."""
    return oracle.count_items(text) - sum(a == b == "\n" for a, b in zip(text, text[1:]))


def refused(text: str) -> Raises | None:
    """What np.fromstring gives: an exception, but for the NumPys that only warned."""
    major, minor = version("numpy").split(".")[:2]
    return Raises("ValueError") if (int(major), int(minor)) >= (2, 3) else None


def of(name: str, source: str, function: str, access: str, origin: str, *tags: str, **more: Any) -> Implementation:
    """What there is to say of a source file."""
    more.setdefault("unit", Unit.CHARACTERS)
    function = f"count_doubles_{function}" if function else "count_doubles"
    return Implementation(name, access=access, origin=origin, tags=tags, source=source, function=function, **more)


def over_core(
    name: str, source: str, function: str, access: str, origin: str, *tags: str, surrogates: str = "", **more: Any
) -> Implementation:
    """The same for one that calls the core; ``surrogates`` is the exception that a lone surrogate raises."""
    if surrogates:
        more["divergences"] = (raises_on_lone_surrogates(surrogates),)
    tags = (source.replace(".", "_").split("_")[0], CORE, *tags)
    return of(name, source, function, access, origin, *tags, language="Rust", details=capi.details, **more)


ITERATES, IN_PLACE, ENCODES = "iterates the str", "the str, in place", "copy: encode"
CONVERTS = "char * (UTF-8 conversion)"
PYTHON = {"binding": "none", "takes_bytes": True}
RE = {"binding": "re"}
ARRAY = {"unit": Unit.ELEMENTS, "takes_bytes": True}
BYTES = {"unit": Unit.BYTES, "divergences": (raises_on_lone_surrogates("UnicodeEncodeError"),)}
NUMPY = {"language": "C"}
POLARS = {"language": "Rust", "packages": ("polars", "numpy"), **ARRAY}
SWIG = {"unit": Unit.BYTES}
THERE = "array already there"

IMPLEMENTATIONS = [
    *existing.IMPLEMENTATIONS,
    of("python-zip", "python.py", "zip", ITERATES, "the article: Bruno Rocha, 2017", "article", "python", **PYTHON),
    of(
        "python-once",
        "python.py",
        "once",
        ITERATES,
        "the article: Josh Stone, 2017",
        "article",
        "python",
        divergences=(raises_on_empty("StopIteration"),),
        **PYTHON,
    ),
    of(
        "python-itertools",
        "python.py",
        "itertools",
        ITERATES,
        "the article: Purple Pixie, 2017",
        "article",
        "python",
        **PYTHON,
    ),
    of(
        "python-comprehension",
        "python.py",
        "comprehension",
        ITERATES,
        "the article, 2017",
        "article",
        "python",
        **PYTHON,
    ),
    of("python-map", "python.py", "map", ITERATES, "the idiom that replaces such loops, 2026", "python", **PYTHON),
    of(
        "python-bigint",
        "python.py",
        "bigint",
        ENCODES,
        "the best of fifteen pure-Python versions that were measured, 2026",
        "best",
        "python",
        **PYTHON,
    ),
    of(
        "re-article",
        "python_re.py",
        "article",
        IN_PLACE,
        "the article: Bruno Rocha, 2017",
        "article",
        "re",
        divergences=(Divergence("`.` does not match a newline", without_newlines),),
        **RE,
    ),
    of(
        "re-best",
        "python_re.py",
        "best",
        IN_PLACE,
        "the article's, with DOTALL and one lookahead less, 2026",
        "best",
        "re",
        **RE,
    ),
    of(
        "numpy-article",
        "numpy_article.py",
        "",
        "copy: np.fromstring",
        "the article, 2017",
        "article",
        "numpy",
        unit=Unit.BYTES,
        divergences=(
            raises_on_lone_surrogates("UnicodeEncodeError"),
            Divergence("np.fromstring takes no binary data since NumPy 2.3", refused),
        ),
        **NUMPY,
    ),
    of(
        "numpy-frombuffer",
        "numpy.py",
        "frombuffer",
        ENCODES,
        "the article's, with what replaced np.fromstring, 2026",
        "article",
        "numpy",
        **BYTES,
        **NUMPY,
    ),
    of(
        "numpy-array",
        "numpy.py",
        "array",
        THERE,
        "NumPy as its users write it, 2026",
        "numpy",
        "array",
        **ARRAY,
        **NUMPY,
    ),
    of(
        "numpy-array-best",
        "numpy.py",
        "array_best",
        THERE,
        "the best of eight versions that were measured, 2026",
        "numpy",
        "array",
        "best",
        variant="array",
        **ARRAY,
        **NUMPY,
    ),
    of(
        "numba-str",
        "numba.py",
        "once",
        IN_PLACE,
        "the article: Shyba, 2017",
        "article",
        "numba",
        divergences=(raises_on_empty("StopIteration"),),
    ),
    of(
        "numba-bytes",
        "numba.py",
        "once",
        "bytes already there",
        "the article: Shyba, 2017, whose Numba took no str",
        "article",
        "numba",
        unit=Unit.BYTES,
        variant="bytes",
        takes_bytes=True,
        divergences=(raises_on_empty("StopIteration"),),
    ),
    of("numba-array", "numba.py", "array", THERE, "Numba as its users write it, 2026", "numba", "array", **ARRAY),
    of(
        "numba-array-best",
        "numba.py",
        "array_best",
        THERE,
        "the best of twenty versions that were measured, 2026",
        "numba",
        "array",
        "best",
        variant="array",
        **ARRAY,
    ),
    of(
        "polars-expression",
        "polars.py",
        "frame",
        "frame already there",
        "Polars as its users write it, 2026",
        "polars",
        "array",
        **POLARS,
    ),
    of(
        "polars-best",
        "polars.py",
        "column",
        "column already there",
        "the best of eleven versions that were measured, 2026",
        "polars",
        "array",
        "best",
        **POLARS,
    ),
    of("mypyc-zip", "mypyc_zip.py", "", ITERATES, "the article's zip (Bruno Rocha, 2017) with types, 2026", "mypyc"),
    of(
        "mypyc-best",
        "mypyc_best.py",
        "",
        IN_PLACE,
        "the best of ten versions that were measured, 2026",
        "mypyc",
        "best",
    ),
    of("cython-article", "cython_article.pyx", "", ITERATES, "the article: Mike Fletcher, 2017", "cython", "article"),
    of("cython-typed", "cython_typed.pyx", "", ITERATES, "the article's, with C types, 2026", "cython"),
    of("cython-best", "cython_best.pyx", "", IN_PLACE, "the article's, in the str's memory, 2026", "cython", "best"),
    of(
        "c-swig",
        "swig_article.i",
        "",
        CONVERTS,
        "the article: martinxyz, 2017",
        "swig",
        "c",
        "article",
        divergences=(raises_on_lone_surrogates("TypeError"), Divergence("a NUL ends the string", until_nul)),
        **SWIG,
    ),
    of(
        "c-swig-length",
        "swig_length.i",
        "",
        CONVERTS,
        "the article's, told the length, in blocks, 2026",
        "swig",
        "c",
        "best",
        divergences=(raises_on_lone_surrogates("TypeError"),),
        **SWIG,
    ),
    over_core("c-o", "c.c", "o", IN_PLACE, "Python's C API, called by METH_O, 2026", "best"),
    over_core("c-fastcall", "c.c", "fastcall", IN_PLACE, "Python's C API, called by METH_FASTCALL, 2026"),
    over_core(
        "cffi-abi",
        "cffi_abi.py",
        "",
        ENCODES,
        "cffi as Milksnake packaged it, which the article names, 2026",
        surrogates="UnicodeEncodeError",
    ),
    over_core(
        "cffi-api",
        "cffi_api.py",
        "",
        ENCODES,
        "cffi as its authors advise, 2026",
        "best",
        surrogates="UnicodeEncodeError",
    ),
    over_core(
        "ctypes-encode",
        "ctypes.py",
        "encode",
        ENCODES,
        "ctypes as its users write it, 2026",
        surrogates="UnicodeEncodeError",
    ),
    over_core(
        "ctypes-utf8",
        "ctypes.py",
        "utf8",
        "the UTF-8 that the str keeps",
        "without the copy, 2026",
        "best",
        surrogates="UnicodeEncodeError",
    ),
    over_core(
        "cython-capi-encode",
        "cython_capi.pyx",
        "encode",
        ENCODES,
        "a C library as Cython's users wrap one, 2026",
        surrogates="UnicodeEncodeError",
    ),
    over_core("cython-capi", "cython_capi.pyx", "", IN_PLACE, "the same, in the str's memory, 2026", "best"),
    over_core(
        "nanobind-utf8",
        "nanobind.cpp",
        "utf8",
        "string_view (UTF-8 conversion)",
        "nanobind as its users write it, 2026",
        surrogates="TypeError",
    ),
    over_core("nanobind-in-place", "nanobind.cpp", "in_place", IN_PLACE, "nanobind at its best, 2026", "best"),
    over_core(
        "pybind11-utf8",
        "pybind11.cpp",
        "utf8",
        CONVERTS,
        "pybind11 as its users write it, 2026",
        surrogates="UnicodeEncodeError",
    ),
    over_core("pybind11-in-place", "pybind11.cpp", "in_place", IN_PLACE, "pybind11 at its best, 2026", "best"),
    over_core(
        "swig-utf8",
        "swig_utf8.i",
        "",
        CONVERTS,
        "the article's SWIG, told the length, 2026",
        surrogates="TypeError",
    ),
    over_core("swig-in-place", "swig_in_place.i", "", IN_PLACE, "SWIG at its best, 2026", "best"),
]

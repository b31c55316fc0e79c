"""The implementations that are no source file of this folder: the two bindings, crates of the workspace, and ways that
are no longer released.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from doubles_lab.approaches import build
from doubles_lab.implementation import CORE, Implementation, Unavailable, Unit, raises_on_lone_surrogates

SURROGATES = (raises_on_lone_surrogates("UnicodeEncodeError"),)
CONVERTS = "&str (UTF-8 conversion)"

#: The functions of both bindings: what they count, and where they come from.
ARTICLE = [
    ("zip", Unit.CHARACTERS, "the article: Bruno Rocha, 2017"),
    ("once", Unit.CHARACTERS, "the article: Josh Stone, 2017"),
    ("peek", Unit.CHARACTERS, "the article's repository, 2017"),
    ("fold", Unit.CHARACTERS, "the article's repository, 2017"),
    ("bytes_once", Unit.BYTES, "the article: Josh Stone, 2017"),
    ("bytes_windows", Unit.BYTES, "windows of two bytes, 2026"),
]


def of_module(module: str, function: str) -> Callable[[], Callable[..., Any]]:
    """Imports a module and returns a function of it."""
    return lambda: getattr(importlib.import_module(module), function)


def backend_of(module: str) -> Callable[[], Mapping[str, str]]:
    """The instruction set that the core of a binding chose."""

    def details() -> Mapping[str, str]:
        return {"backend": str(sys.modules[module].backend)} if hasattr(sys.modules.get(module), "backend") else {}

    return details


def of_binding(prefix: str, module: str, binding: str) -> list[Implementation]:
    """The functions of a binding: both offer the same names over the same loops."""
    packages = (module.replace("_", "-"),)
    found = [
        Implementation(
            f"{prefix}-{name.replace('_', '-')}",
            "Rust",
            binding,
            CONVERTS,
            origin,
            unit,
            ("rust", prefix, *(["article"] if "2017" in origin else [])),
            load=of_module(module, f"count_doubles_{name}"),
            packages=packages,
            divergences=SURROGATES,
            approach=prefix.replace("-", "_"),
        )
        for name, unit, origin in ARTICLE
    ]
    origin = "this project: vectors, chosen for the CPU at run time, 2026"
    return [
        *found,
        Implementation(
            f"{prefix}-count-doubles",
            "Rust",
            binding,
            "the str, in place",
            origin,
            Unit.CHARACTERS,
            ("rust", prefix, CORE, "best"),
            load=of_module(module, "count_doubles"),
            takes_bytes=True,
            packages=packages,
            details=backend_of(module),
            approach=prefix.replace("-", "_"),
        ),
    ]


# The core through PyO3 and rust-cpython, once for each way to take the argument; and PyO3 for the stable ABI. What
# reads a str in place is the bindings that this project ships. The stable ABI has no functions for that.


def variant(
    prefix: str, binding: str, crate: str, argument: str, origin: str, access: str = CONVERTS, abi3: bool = False
) -> Implementation:
    """The core with a small binding that takes its argument in one way."""
    as_bytes = argument == "bytes"
    apart, options = ("abi3", ["--features=abi3"]) if abi3 else ("", [])

    def load() -> Callable[..., Any]:
        module = build.cargo_module(
            f"benches/lab/variants/{crate}", f"doubles_variants_{crate}", apart, options=options
        )
        return getattr(module, f"count_{argument}")  # type: ignore[no-any-return]

    return Implementation(
        f"{prefix}-{argument}",
        "Rust",
        binding,
        "bytes already there" if as_bytes else access,
        origin,
        Unit.BYTES if as_bytes else Unit.CHARACTERS,
        ("rust", prefix, CORE),
        "bytes" if as_bytes else "",
        takes_bytes=as_bytes,
        load=load,
        compiled=True,
        flags="feature abi3, for this Python and later" if abi3 else "",
        divergences=() if as_bytes else SURROGATES,
        approach=prefix.replace("-", "_"),
    )


VARIANTS = [
    variant("pyo3", "PyO3", "pyo3", "str", "PyO3 as its users write it, 2026"),
    variant("pyo3", "PyO3", "pyo3", "bytes", "a caller that has bytes, 2026"),
    variant("pyo3-abi3", "PyO3, abi3", "pyo3", "str", "one wheel for many Pythons, 2026", abi3=True),
    variant(
        "pyo3-abi3",
        "PyO3, abi3",
        "pyo3",
        "bytes",
        "one wheel for many Pythons, a caller that has bytes, 2026",
        abi3=True,
    ),
    variant("rust-cpython", "rust-cpython", "cpython", "str", "rust-cpython as its users wrote it, 2026"),
    variant(
        "rust-cpython",
        "rust-cpython",
        "cpython",
        "cow",
        "the same, by the type that may copy, 2026",
        "Cow<str> (UTF-8 conversion)",
    ),
    variant("rust-cpython", "rust-cpython", "cpython", "bytes", "a caller that has bytes, 2026"),
]

#: What Jason Knight proposed under the article: its byte loop, built for this very CPU.
NATIVE = "-C target-cpu=native"


def native() -> Callable[..., Any]:
    """The article's byte loop of the PyO3 binding."""
    module = build.cargo_module("bindings/pyo3", "_native", "native", {"RUSTFLAGS": NATIVE})
    return module.count_doubles_bytes_once  # type: ignore[no-any-return]


#: By the C API alone, once for each convention by which CPython calls a function. The two binding libraries differ in
#: their convention too: these tell one from the other. See ``doubles-lab calls``.
CONVENTIONS = {
    "o": "O",
    "fastcall": "FASTCALL",
    "fastcall_keywords": "FASTCALL|KEYWORDS",
    "varargs": "VARARGS",
    "varargs_keywords": "VARARGS|KEYWORDS",
}


@functools.cache
def conventions() -> ModuleType:
    """The module ``doubles_conventions``, built if it has to be."""
    return build.cargo_module("benches/lab/conventions", "doubles_conventions")


def by_convention(convention: str) -> Callable[[], Callable[..., Any]]:
    """The function that CPython calls by a convention."""
    return lambda: getattr(conventions(), f"count_{convention}")


def uniffi() -> Callable[..., Any]:
    """What UniFFI generates for Python: Python over ctypes, which hands the text over byte by byte."""
    name, generator = "doubles_variants_uniffi", build.tool("uniffi-bindgen")
    made = build.cargo("benches/lab/variants/uniffi")
    library = made.library(".so", ".dylib", ".dll")

    def generate(work: Path) -> None:
        # It finds the library beside itself.
        shutil.copy(library, work)
        how = ["--language", "python", "--no-format", "--out-dir", str(work), str(library)]
        build.run([generator, "generate", *how], made.crate)

    [version] = build.installed("uniffi-bindgen")
    place = build.built("uniffi", [version, hashlib.sha256(library.read_bytes()).hexdigest()], generate)
    return build.import_file(name, place / f"{name}.py").count_str  # type: ignore[no-any-return]


def gone(name: str, binding: str, language: str, origin: str, approach: str, reason: str) -> Implementation:
    """A way that was, and what replaced it: a row that says so."""

    def load() -> Callable[..., Any]:
        raise Unavailable(reason)

    return Implementation(
        name, language, binding, "none", origin, Unit.CHARACTERS, ("gone",), load=load, approach=approach
    )


IMPLEMENTATIONS = [
    *of_binding("pyo3", "doubles_pyo3", "PyO3"),
    *of_binding("rust-cpython", "doubles_cpython", "rust-cpython"),
    *VARIANTS,
    Implementation(
        "pyo3-bytes-once-native",
        "Rust",
        "PyO3",
        CONVERTS,
        "the article: Jason Knight, 2017",
        Unit.BYTES,
        ("article", "rust", "pyo3"),
        load=native,
        compiled=True,
        flags=NATIVE,
        divergences=SURROGATES,
        approach="pyo3",
    ),
    *(
        Implementation(
            f"ffi-{convention.replace('_', '-')}",
            "Rust",
            "pyo3-ffi",
            "the str, in place",
            f"this project's core, called by METH_{flags.replace('|', ' | METH_')}, 2026",
            Unit.CHARACTERS,
            ("rust", "ffi", CORE),
            load=by_convention(convention),
            compiled=True,
            approach="pyo3_ffi",
        )
        for convention, flags in CONVENTIONS.items()
    ),
    Implementation(
        "uniffi",
        "Rust",
        "UniFFI",
        "copy: encode, then byte by byte in Python",
        "UniFFI as its users write it, 2026",
        Unit.CHARACTERS,
        ("rust", "uniffi", CORE),
        load=uniffi,
        compiled=True,
        packages=("uniffi-bindgen",),
        divergences=SURROGATES,
        approach="uniffi",
    ),
    # The releases are those that PyPI had on 2026-11-24, from its JSON (pypi.org/pypi/NAME/json).
    gone(
        "milksnake",
        "Milksnake",
        "Rust",
        "named in the article, 2017",
        "cffi_abi",
        "no longer released: the last is 0.1.6 of 2023-10-12 (PyPI, seen 2026-11-24). It packaged cffi in ABI mode, "
        "which is cffi-abi here; maturin packages that and PyO3",
    ),
    gone(
        "hpy",
        "HPy",
        "C",
        "a C API for every Python, 2021 to 2023",
        "c",
        "no longer released: the last is 0.9.0 of 2023-09-22, with wheels for CPython 3.8 to 3.11 (PyPI, seen "
        "2026-11-24). One binary for many versions is now CPython's stable ABI: see pyo3-abi3-str",
    ),
]

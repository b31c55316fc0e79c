"""The approaches, each as the smallest project that its users would write, and this project's own two bindings.

A project in ``projects/`` has one module with ``count_doubles``, which counts adjacent equal UTF-8 bytes, and ``fail``,
which fails the way code in its language does. It is built as a user builds it: ``pip`` reads its pyproject.toml.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from doubles_lab.approaches import build
from doubles_lab.implementation import Unavailable

PROJECTS = Path(__file__).parent / "projects"

#: What every module is called with, and the count that it must give.
TEXT, DOUBLES = "aabccc", 3

IGNORED = ("target", ".git", ".venv", ".cache", ".mypy_cache", "results", "__pycache__", "build", "*.so", "*.egg-info")


@dataclass(frozen=True)
class Edit:
    """A change of one line, after which the count is ``FACTOR`` times what it was."""

    file: str
    before: str
    after: str

    def apply(self, project: Path, factor: int, last: int) -> None:
        """Makes the factor another one. Raises :class:`Unavailable` if the line is not there."""
        path = project / self.file
        text = path.read_text(encoding="utf-8")
        line = self.before if last == 1 else self.after.replace("FACTOR", str(last))
        if text.count(line) != 1:
            raise Unavailable(f"{line!r} is not on one line of {self.file}")
        path.write_text(text.replace(line, self.after.replace("FACTOR", str(factor))), encoding="utf-8")


def step(file: str, before: str = "STEP = 1") -> Edit:
    """The edit of a project that counts in steps."""
    return Edit(file, before, before.removesuffix("1") + "FACTOR")


@dataclass(frozen=True)
class Approach:
    """One way to make a module, with a project that takes it."""

    name: str
    #: A directory of ``projects/``, or of the repository.
    project: str
    module: str
    edit: Edit
    #: Distributions and programs that build it; their versions are recorded.
    tools: tuple[str, ...] = ()
    #: What ``fail`` does; "" where there is none.
    failure: str = ""
    #: The environment that it is built with.
    env: Mapping[str, str] = field(default_factory=dict)
    #: What asks for one build for several versions of CPython, added to the environment; ``None`` if nothing does.
    stable: Mapping[str, str] | None = None
    #: The minor version of Python 3 from which it can be built.
    stable_since: int = 0
    #: Distributions that the module that is built imports.
    needs: tuple[str, ...] = ()
    #: Why there is nothing to ask for.
    no_stable: str = ""
    #: Packages whose upkeep is the user's business, as in upkeep.json.
    depends_on: tuple[str, ...] = ()
    #: Whether it is the project's own, and built in a copy of its repository.
    own: bool = False

    @property
    def rust(self) -> bool:
        """Whether Cargo builds it."""
        return "cargo" in self.tools

    def source(self) -> Path:
        """The tree that is copied to build it. Raises :class:`Unavailable` if it is not there."""
        if not self.own:
            return PROJECTS / self.project
        for above in Path(__file__).resolve().parents:
            if (above / self.project / "Cargo.toml").exists():
                return above
        raise Unavailable(f"needs the sources in {self.project}: git clone {build.REPOSITORY}, and make lab")

    def copy(self, to: Path) -> Path:
        """Copies the tree to ``to``, without what was built in it; returns the project's directory there."""
        shutil.copytree(self.source(), to, symlinks=True, ignore=shutil.ignore_patterns(*IGNORED))
        return to / self.project if self.own else to

    def digest(self) -> str:
        """A hash of the sources that go into it."""
        source = self.source()
        roots = [source / "crates", source / "bindings", source / "Cargo.lock"] if self.own else [source]
        found = hashlib.sha256()
        for root in roots:
            files = [root] if root.is_file() else sorted(file for file in root.rglob("*") if file.is_file())
            for file in files:
                if (
                    not {"target", "build", "__pycache__"} & set(file.relative_to(source).parts)
                    and file.suffix != ".so"
                ):
                    found.update(str(file.relative_to(source)).encode() + b"\0" + file.read_bytes())
        return found.hexdigest()


SETUPTOOLS = ("setuptools",)
STABLE = {"LAB_STABLE_ABI": "1"}
PURE = "Python code is not tied to a version"

#: In the order of the tables, which is that of their build times, more or less.
APPROACHES = [
    Approach(
        "pure Python",
        "python",
        "lab_python",
        step("lab_python.py"),
        tools=SETUPTOOLS,
        failure="raise RuntimeError",
        no_stable=PURE,
    ),
    Approach(
        "NumPy",
        "numpy",
        "lab_numpy",
        step("lab_numpy.py"),
        tools=(*SETUPTOOLS, "numpy"),
        failure="raise RuntimeError",
        no_stable=PURE,
        depends_on=("numpy",),
    ),
    Approach(
        "Numba",
        "numba",
        "lab_numba",
        step("lab_numba.py"),
        tools=(*SETUPTOOLS, "numba", "numpy"),
        failure="raise RuntimeError, compiled",
        no_stable=PURE,
        depends_on=("numba", "numpy"),
    ),
    Approach(
        "ctypes",
        "ctypes",
        "lab_ctypes",
        step("count.c"),
        tools=(*SETUPTOOLS, "cc"),
        failure="abort(), as assert does",
        no_stable="the C library knows nothing of Python; setuptools tags its wheel for one version all the same",
    ),
    Approach(
        "C by hand",
        "c",
        "lab_c",
        step("lab_c.c"),
        tools=(*SETUPTOOLS, "cc"),
        failure="abort(), as assert does",
        stable=STABLE,
    ),
    Approach(
        "cffi, API mode",
        "cffi",
        "lab_cffi",
        step("count.c"),
        tools=(*SETUPTOOLS, "cffi", "cc"),
        failure="abort(), as assert does",
        stable=STABLE,
        needs=("cffi",),
        depends_on=("cffi",),
    ),
    Approach(
        "SWIG",
        "swig",
        "lab_swig",
        step("count.c"),
        tools=(*SETUPTOOLS, "swig", "cc"),
        failure="abort(), as assert does",
        stable=STABLE,
        depends_on=("swig",),
    ),
    Approach(
        "Cython",
        "cython",
        "lab_cython",
        step("lab_cython.pyx"),
        tools=(*SETUPTOOLS, "cython", "cc"),
        failure="raise RuntimeError, compiled",
        stable=STABLE,
        depends_on=("cython",),
    ),
    Approach(
        "mypyc",
        "mypyc",
        "lab_mypyc",
        step("lab_mypyc.py"),
        tools=(*SETUPTOOLS, "mypy", "cc"),
        failure="raise RuntimeError, compiled",
        no_stable="mypyc has no option for it",
        depends_on=("mypy",),
    ),
    Approach(
        "pybind11",
        "pybind11",
        "lab_pybind11",
        step("lab_pybind11.cpp"),
        tools=(*SETUPTOOLS, "pybind11", "c++"),
        failure="throw std::runtime_error",
        stable=STABLE,
        depends_on=("pybind11",),
    ),
    Approach(
        "nanobind",
        "nanobind",
        "lab_nanobind",
        step("lab_nanobind.cpp"),
        tools=("scikit-build-core", "nanobind", "cmake", "ninja", "c++"),
        failure="throw std::runtime_error",
        stable=STABLE,
        stable_since=12,
        depends_on=("nanobind", "scikit-build-core"),
    ),
    Approach(
        "rust-cpython",
        "rust-cpython",
        "lab_rust_cpython",
        step("src/lib.rs", "STEP: usize = 1"),
        tools=(*SETUPTOOLS, "setuptools-rust", "cargo"),
        failure="panic!",
        no_stable="the crate cpython has no feature for it",
        depends_on=("cpython", "setuptools-rust"),
    ),
    Approach(
        "PyO3",
        "pyo3",
        "lab_pyo3",
        step("src/lib.rs", "STEP: usize = 1"),
        tools=("maturin", "cargo"),
        failure="panic!",
        stable={"MATURIN_PEP517_ARGS": "--features abi3"},
        depends_on=("pyo3", "maturin"),
    ),
    Approach(
        "PyO3, abi3",
        "pyo3",
        "lab_pyo3",
        step("src/lib.rs", "STEP: usize = 1"),
        tools=("maturin", "cargo"),
        failure="panic!",
        env={"MATURIN_PEP517_ARGS": "--features abi3"},
        stable={},
        depends_on=("pyo3", "maturin"),
    ),
    Approach(
        "doubles_pyo3, this project's",
        "bindings/pyo3",
        "doubles_pyo3",
        Edit(
            "src/lib.rs",
            "PyStringData::Ucs1(chars) => count_immutable(py, chars, threads),",
            "PyStringData::Ucs1(chars) => count_immutable(py, chars, threads).map(|count| count * FACTOR),",
        ),
        tools=("maturin", "cargo"),
        no_stable="reads a str in place, which the stable ABI hides",
        depends_on=("pyo3", "maturin"),
        own=True,
    ),
    Approach(
        "doubles_cpython, this project's",
        "bindings/cpython",
        "doubles_cpython",
        Edit(
            "src/lib.rs",
            "PyStringData::Latin1(chars) => count_immutable(py, chars, threads),",
            "PyStringData::Latin1(chars) => count_immutable(py, chars, threads).map(|count| count * FACTOR),",
        ),
        tools=(*SETUPTOOLS, "setuptools-rust", "cargo"),
        no_stable="reads a str in place, which the stable ABI hides",
        depends_on=("cpython", "setuptools-rust"),
        own=True,
    ),
]

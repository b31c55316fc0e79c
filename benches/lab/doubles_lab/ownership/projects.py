"""The projects that are built: that of each approach, and this project's own two bindings."""

from __future__ import annotations

from doubles_lab import approaches
from doubles_lab.approaches.project import SETUPTOOLS, Edit, Project

#: The compilers that a project may need, in the order of the tables, which is more or less that of the build times.
COMPILERS = ("", "cc", "c++", "cargo")
NO_STABLE = "reads a str in place, which the stable ABI hides"


def counted(kind: str) -> Edit:
    """The edit of a binding, which counts the text of a str that is stored in bytes as ``kind``."""
    line = f"PyStringData::{kind}(chars) => count_immutable(py, chars, threads)"
    return Edit("src/lib.rs", f"{line},", f"{line}.map(|count| count * FACTOR),")


OWN = (
    Project(
        "doubles_pyo3, this project's",
        "bindings/pyo3",
        counted("Ucs1"),
        tools=("maturin", "cargo"),
        no_stable=NO_STABLE,
        depends_on=("pyo3", "maturin"),
        own="doubles_pyo3",
    ),
    Project(
        "doubles_cpython, this project's",
        "bindings/cpython",
        counted("Latin1"),
        tools=(*SETUPTOOLS, "setuptools-rust", "cargo"),
        no_stable=NO_STABLE,
        depends_on=("cpython", "setuptools-rust"),
        own="doubles_cpython",
    ),
)


def compiler(project: Project) -> int:
    """The place in :data:`COMPILERS` of what a project is compiled with."""
    return max((COMPILERS.index(tool) for tool in project.tools if tool in COMPILERS), default=0)


def find() -> list[Project]:
    """Every project, those with the same compiler by name, and the own ones last."""
    found = [each.project for each in approaches.find().values() if each.project is not None]
    return [*sorted(found, key=lambda each: (compiler(each), each.name.lower())), *OWN]

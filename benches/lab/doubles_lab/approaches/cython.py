"""Cython, which makes a C extension of Python with C types."""

from __future__ import annotations

from pathlib import Path

from doubles_lab.approaches import build
from doubles_lab.approaches.approach import NATIVE, ExtensionApproach, Form
from doubles_lab.approaches.project import RAISES_COMPILED, SETUPTOOLS, STABLE, Project, step


class Cython(ExtensionApproach):
    """``cythonize``, and then setuptools. Directives stand at the top of the source."""

    name = "cython"
    title = "Cython"
    language = "Cython"
    suffixes = (".pyx",)
    packages = ("cython", "setuptools")
    definition = r"^(?:def|cpdef[^\n(]*?)\s+(?P<name>{}\w*)\s*\("
    forms = (Form("typed", "list, str, C types"), Form("memoryview", "memoryview", arrays=True))
    project = Project(
        title,
        "cython",
        step("lab_cython.pyx"),
        tools=(*SETUPTOOLS, "cython", "cc"),
        failure=RAISES_COMPILED,
        stable=STABLE,
        depends_on=("cython",),
    )

    def sources(self) -> list[str]:
        """The C that Cython makes."""
        return [f"{NATIVE}.c"]

    def includes(self) -> list[str]:
        """NumPy's, for those that cimport it."""
        import numpy

        return [numpy.get_include()]

    def before(self, work: Path) -> None:
        """Makes C of it."""
        build.run([build.tool("cython"), "-3", f"{NATIVE}.pyx"], work)

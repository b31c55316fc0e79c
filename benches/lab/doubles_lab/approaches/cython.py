"""Cython, which makes a C extension of Python with C types."""

from __future__ import annotations

from pathlib import Path

from doubles_lab.approaches import build
from doubles_lab.approaches.approach import NATIVE, ExtensionApproach, Form, Hint
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
    hints = (
        Hint("take an array by a typed memoryview, such as double[::1], in place of a list", of=("numbers",)),
        Hint("take the array by a typed memoryview, such as double[::1], and loop over it", of=("array",)),
        Hint("declare variables by cdef, and look for the yellow lines of cython -a"),
        Hint(
            "set boundscheck=False and wraparound=False once every index is known to be in range", of=("list", "array")
        ),
        Hint("declare characters as Py_UCS4, so that no str is made of each", of=("str",)),
        Hint("release the GIL by `with nogil` where no Python object is touched"),
    )
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

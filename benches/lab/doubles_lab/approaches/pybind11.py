"""pybind11: C++ with templates that convert."""

from __future__ import annotations

from doubles_lab.approaches.approach import ExtensionApproach, Form, Hint
from doubles_lab.approaches.project import SETUPTOOLS, STABLE, THROWS, Project, step


class Pybind11(ExtensionApproach):
    """A ``PYBIND11_MODULE(native, …)``."""

    name = "pybind11"
    title = "pybind11"
    language = "C++"
    suffixes = (".cpp",)
    packages = ("pybind11", "setuptools")
    flags = "-O3 -g0 -std=c++17 -fvisibility=hidden -DNDEBUG"
    definition = r"\bdef\(\s*\"(?P<name>{}\w*)\""
    forms = (
        Form("typed", "C++ types"),
        Form("objects", "py::list", collections=True),
        Form("in_place", "py::str, in place", texts=True),
        Form("array", "py::array_t", arrays=True),
    )
    hints = (
        Hint("take an array by py::array_t in place of a list", of=("numbers",)),
        Hint("read the array by unchecked<1>()", of=("array",)),
        Hint("work on the bytes of a std::string_view where only ASCII matters", of=("str",)),
        Hint("release the GIL by py::call_guard<py::gil_scoped_release>() where no Python object is touched"),
    )
    project = Project(
        title,
        "pybind11",
        step("lab_pybind11.cpp"),
        tools=(*SETUPTOOLS, "pybind11", "c++"),
        failure=THROWS,
        stable=STABLE,
        depends_on=("pybind11",),
    )

    def includes(self) -> list[str]:
        """The headers, which are all of it."""
        import pybind11

        return [pybind11.get_include()]

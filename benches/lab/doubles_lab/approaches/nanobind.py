"""nanobind: pybind11's successor, smaller and faster."""

from __future__ import annotations

import sysconfig
from dataclasses import replace
from pathlib import Path
from typing import Any

from doubles_lab.approaches import build
from doubles_lab.approaches.approach import ExtensionApproach, Form, Hint, Links
from doubles_lab.approaches.project import STABLE, THROWS, Project, step

#: What its own code is compiled to.
OBJECT = "nanobind.o"


class Nanobind(ExtensionApproach):
    """An ``NB_MODULE(native, …)``, with the flags that nanobind's CMake functions set for a release with ``NOMINSIZE``.

    Without that they optimise for size, and most loops are not vectorised.
    """

    name = "nanobind"
    title = "nanobind"
    language = "C++"
    suffixes = (".cpp",)
    packages = ("nanobind", "setuptools")
    flags = "-O3 -g0 -std=c++17 -fvisibility=hidden -fno-strict-aliasing -DNDEBUG -DNB_COMPACT_ASSERTIONS"
    definition = r"\bdef\(\s*\"(?P<name>{}\w*)\""
    forms = (
        Form("typed", "C++ types"),
        Form("objects", "nb::list", collections=True),
        Form("in_place", "nb::str, in place", texts=True),
        Form("ndarray", "nb::ndarray", arrays=True),
    )
    hints = (
        Hint("take an array by nb::ndarray in place of a list", of=("numbers",)),
        Hint("read the array by view()", of=("array",)),
        Hint("work on the bytes of a std::string_view where only ASCII matters", of=("str",)),
        Hint("release the GIL by nb::call_guard<nb::gil_scoped_release>() where no Python object is touched"),
    )
    project = Project(
        title,
        "nanobind",
        step("lab_nanobind.cpp"),
        tools=("scikit-build-core", "nanobind", "cmake", "ninja", "c++"),
        failure=THROWS,
        stable=STABLE,
        stable_since=12,
        depends_on=("nanobind", "scikit-build-core"),
    )

    def root(self) -> Path:
        """Where nanobind lies."""
        import nanobind

        return Path(nanobind.include_dir()).parent

    def extension(self, links: Links, flags: str) -> dict[str, Any]:
        """What ``setuptools.Extension`` takes, with nanobind's own code."""
        return super().extension(replace(links, objects=(*links.objects, str(self.own_code()))), flags)

    def own_code(self) -> Path:
        """nanobind's own code, compiled once for all modules."""
        compiler = (sysconfig.get_config_var("CXX") or "c++").split()
        include = [f"-I{each}" for each in (*self.includes(), sysconfig.get_path("include"))]
        command = [*compiler, *self.flags.split(), "-fPIC", *include, "-c", "-o", OBJECT]

        def make(work: Path) -> None:
            build.run([*command, str(self.root() / "src" / "nb_combined.cpp")], work)

        with build.alone("nanobind"):  # the others wait for it
            return build.built("nanobind", [*build.installed("nanobind"), *command], make) / OBJECT

    def includes(self) -> list[str]:
        """The headers of nanobind and of the hash map that it brings."""
        return [str(self.root() / "include"), str(self.root() / "ext" / "robin_map" / "include")]

"""SWIG, which generates the C of an extension from an interface file."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

from doubles_lab.approaches import build
from doubles_lab.approaches.approach import NATIVE, ExtensionApproach, Links
from doubles_lab.approaches.project import ABORTS, SETUPTOOLS, STABLE, Project, step


class Swig(ExtensionApproach):
    """A ``%module native``. A C file of the same name beside the interface is compiled with it.

    A comment may hold options of SWIG: ``// swig: -builtin``.
    """

    name = "swig"
    title = "SWIG"
    language = "C"
    suffixes = (".i",)
    packages = ("swig", "setuptools")
    definition = r"(?:^(?!//|return)[\w *]+?\b|%rename\()(?P<name>{}\w*)(?:\s*\([^;{]*\)\s*;|\))"
    project = Project(
        title,
        "swig",
        step("count.c"),
        tools=(*SETUPTOOLS, "swig", "cc"),
        failure=ABORTS,
        stable=STABLE,
        depends_on=("swig",),
    )

    def load(self, source: Path, links: Links = Links()) -> ModuleType:  # noqa: B008
        """The module in Python, over the one in C."""
        versions = build.installed(*self.packages)
        said = re.search(r"^// swig: (.*)$", source.read_text(encoding="utf-8"), re.MULTILINE)
        options = said[1].split() if said else []
        swig = build.tool("swig")
        sources = {f"{NATIVE}.i": source.read_bytes()}
        beside = source.with_suffix(".c")
        if beside.exists():
            sources["beside.c"] = beside.read_bytes()

        def wrap(work: Path) -> None:
            build.run([swig, "-python", *options, f"{NATIVE}.i"], work)

        extension = {**self.extension(links, self.flags_of(source)), "name": f"_{NATIVE}"}
        extension["sources"] = [f"{NATIVE}_wrap.c", *(["beside.c"] if beside.exists() else [])]
        place = build.compiled(
            f"{source.parent.name}-{source.stem}", sources, extension, [*versions, *options], before=wrap
        )
        build.import_file(f"_{NATIVE}", build.extension_file(place, f"_{NATIVE}"))
        return build.import_file(NATIVE, place / f"{NATIVE}.py")

"""Pythran, which compiles a module of Python and NumPy by way of C++: comments say which functions, for which types."""

from __future__ import annotations

from pathlib import Path

from doubles_lab.approaches import build
from doubles_lab.approaches.approach import NATIVE, ExtensionApproach, Links
from doubles_lab.approaches.project import RAISES_COMPILED, SETUPTOOLS, STABLE, Project, step


class Pythran(ExtensionApproach):
    """The command ``pythran``. A source has ``# pythran export total(float[:])`` for each function and its types."""

    name = "pythran"
    title = "Pythran"
    language = "Python"
    suffixes = (".py",)
    packages = ("pythran", "setuptools")
    definition = r"^#\s*pythran export (?P<name>{}\w*)"
    project = Project(
        title,
        "pythran",
        step("lab_pythran.py"),
        tools=(*SETUPTOOLS, "pythran", "numpy", "c++"),
        failure=RAISES_COMPILED,
        stable=STABLE,
        stable_since=10,
        needs=("numpy",),
        depends_on=("pythran", "numpy"),
    )

    def built(self, source: Path, links: Links) -> Path:
        """The directory with the extension, which the command makes with options of its own before these."""
        versions = build.installed(*self.packages)
        text, flags = source.read_text(encoding="utf-8"), self.flags_of(source)

        def make(work: Path) -> None:
            (work / f"{NATIVE}.py").write_text(text, encoding="utf-8")
            build.run([build.tool("pythran"), *flags.split(), f"{NATIVE}.py"], work)

        return build.built(f"{source.parent.name}-{source.stem}", [text, flags, *versions], make)

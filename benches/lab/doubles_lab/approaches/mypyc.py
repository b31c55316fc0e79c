"""mypyc, which compiles a module of typed Python."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from doubles_lab.approaches import build
from doubles_lab.approaches.approach import NATIVE, Approach, Form, Hint, Links
from doubles_lab.approaches.project import RAISES_COMPILED, SETUPTOOLS, Project, step


class Mypyc(Approach):
    """The command ``mypyc``."""

    name = "mypyc"
    title = "mypyc"
    language = "Python"
    suffixes = (".py",)
    compiled = True
    packages = ("mypy", "setuptools")
    flags = "-O3"
    forms = (Form("typed", "annotated types"),)
    hints = (
        Hint(
            "annotate every argument and every variable: mypyc compiles what has types, and checks the rest at run time"
        ),
        Hint("use mypy_extensions.i64 for ints that always fit in 64 bits", of=("int", "numbers")),
        Hint("make the class of the objects a native one, by moving it here", of=("object",)),
    )
    project = Project(
        title,
        "mypyc",
        step("lab_mypyc.py"),
        tools=(*SETUPTOOLS, "mypy", "cc"),
        failure=RAISES_COMPILED,
        no_stable="mypyc has no option for it",
        depends_on=("mypy",),
    )

    def load(self, source: Path, links: Links = Links()) -> ModuleType:  # noqa: B008
        """The compiled module."""
        versions = build.installed(*self.packages)
        text = source.read_text(encoding="utf-8")

        def make(work: Path) -> None:
            (work / f"{NATIVE}.py").write_text(text, encoding="utf-8")
            build.run([build.tool("mypyc"), f"{NATIVE}.py"], work, {"MYPYC_OPT_LEVEL": "3"})

        place = build.built(f"{source.parent.name}-{source.stem}", [text, *versions], make)
        return build.import_file(NATIVE, build.extension_file(place, NATIVE))

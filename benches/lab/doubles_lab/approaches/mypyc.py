"""mypyc, which compiles a module of typed Python."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import ModuleType

from doubles_lab.approaches import build
from doubles_lab.approaches.approach import NATIVE, Approach, Form, Hint, Links
from doubles_lab.approaches.project import RAISES_COMPILED, SETUPTOOLS, Project, step
from doubles_lab.implementation import Unavailable


def write(work: Path, text: str) -> None:
    """Writes a module into a directory, with a configuration in place of that of a project which may be around it."""
    (work / f"{NATIVE}.py").write_text(text, encoding="utf-8")
    (work / "mypy.ini").write_text("[mypy]\n", encoding="utf-8")


def accepts(text: str) -> bool:
    """Whether mypy finds nothing wrong with a module, its functions without annotations included.

    False where mypy is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="doubles-lab-") as place:
        work = Path(place)
        write(work, text)
        try:
            build.run([build.tool("mypy"), "--cache-dir", os.devnull, "--check-untyped-defs", f"{NATIVE}.py"], work)
        except Unavailable:
            return False
    return True


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
            write(work, text)
            build.run([build.tool("mypyc"), f"{NATIVE}.py"], work, {"MYPYC_OPT_LEVEL": "3", "MYPYC_DEBUG_LEVEL": "0"})

        place = build.built(f"{source.parent.name}-{source.stem}", [text, *versions], make)
        return build.import_file(NATIVE, build.extension_file(place, NATIVE))

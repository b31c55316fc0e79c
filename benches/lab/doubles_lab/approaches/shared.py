"""C without Python: a shared library that ctypes and cffi load, and a Python file that says how."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from types import ModuleType

from doubles_lab.approaches import build, included
from doubles_lab.approaches.approach import Approach, Links, flags_said
from doubles_lab.implementation import Unavailable

#: The C that a file of these approaches is about, beside it: for ``ctypes.py`` or ``cffi_abi.py`` that is ``lib.c``.
LIBRARY = "lib.c"
#: What it is compiled with, unless a comment at its top says otherwise.
FLAGS = "-O3"


def flags_of(folder: Path, usual: str = FLAGS) -> str:
    """What ``lib.c`` in a problem's folder is compiled with."""
    source = folder / LIBRARY
    return (flags_said(source) if source.exists() else "") or usual


def library(folder: Path, links: Links) -> Path:
    """The shared library of ``lib.c`` in a problem's folder, or the one that the problem is linked with."""
    source = folder / LIBRARY
    if not source.exists():
        if links.shared:
            return Path(links.shared)
        raise Unavailable(f"{folder.name} has no {LIBRARY}, which the shared library is made of")
    text = included.text(source)
    compiler = (sysconfig.get_config_var("CC") or "cc").split()
    command = [*compiler, *flags_of(folder).split(), "-shared", "-fPIC", *(f"-I{each}" for each in links.include)]

    def make(work: Path) -> None:
        (work / LIBRARY).write_text(text, encoding="utf-8")
        build.run([*command, "-o", "library.so", LIBRARY, *links.objects, *links.options], work)

    return build.built(f"{folder.name}-lib", [text, *command, *links.options], make) / "library.so"


class OverLibrary(Approach):
    """One whose source is Python: it finds the path of the library in its global name ``LIBRARY``."""

    language = "C"
    suffixes = (".py",)
    compiled = True
    flags = FLAGS
    beside = (LIBRARY,)

    def flags_of(self, source: Path) -> str:
        """What ``lib.c`` is compiled with."""
        return flags_of(source.parent, self.flags)

    def load(self, source: Path, links: Links = Links()) -> ModuleType:  # noqa: B008
        """The module, with the path of the library in it."""
        build.installed(*self.packages)
        return build.import_file(f"doubles_lab_{source.stem}", source, {"LIBRARY": str(library(source.parent, links))})

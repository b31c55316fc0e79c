"""What an approach is: a toolchain that makes a Python callable of a source file."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from doubles_lab.approaches import build
from doubles_lab.approaches.project import Project

#: What every compiled module is called, so that a source file can say so.
NATIVE = "native"


@dataclass(frozen=True)
class Links:
    """What native code of a problem is compiled and linked with besides its own source."""

    include: tuple[str, ...] = ()
    #: Static libraries.
    objects: tuple[str, ...] = ()
    #: Options of the linker.
    options: tuple[str, ...] = ()
    #: A shared library, for those that load one.
    shared: str = ""


@dataclass(frozen=True)
class Form:
    """A way in which the users of an approach take arguments, which its template for floors has."""

    name: str
    #: What the arguments are taken as, in the words of the approach.
    taken: str
    #: Whether it is for arrays; if not, it is for all else.
    arrays: bool = False
    #: Whether it only makes sense where there are Python objects inside of an argument.
    collections: bool = False
    #: Whether it only makes sense where an argument is a str.
    texts: bool = False


@dataclass(frozen=True)
class Hint:
    """What the users of an approach do next to make its code fast, as the end of "To make it fast, …"."""

    text: str
    #: The shapes of arguments or results that it is for, as :class:`doubles_lab.ceiling.signature.Shape` names them, or
    #: "numbers", a list of those; all if there is none.
    of: tuple[str, ...] = ()


class Approach:
    """One toolchain. A subclass is one file of this package, which finds it by itself."""

    #: What source files of it are called: ``cython.pyx``, or ``cython_typed.pyx`` for a second one.
    name: ClassVar[str]
    #: What people call it.
    title: ClassVar[str]
    #: What the code is written in.
    language: ClassVar[str]
    #: Of its source files. A folder of the same name stands for a file with the first of them.
    suffixes: ClassVar[tuple[str, ...]]
    #: Whether loading compiles something the first time.
    compiled: ClassVar[bool] = False
    #: Whether :meth:`build` builds all source files that it is given in one go.
    builds_together: ClassVar[bool] = False
    #: Distributions that it needs, whose versions are recorded.
    packages: ClassVar[tuple[str, ...]] = ()
    #: Finds the functions that a source defines: a pattern with the group ``name``, for names that begin with ``{}``.
    #: In Python that is a ``def``, or another name for a function: ``add = operator.add``.
    definition: ClassVar[str] = r"^(?:\s*def\s+(?=\w+\s*\()|(?=\w+\s*=[^=]))(?P<name>{}\w*)"
    #: What it compiles with.
    flags: ClassVar[str] = ""
    #: What is known of owning it; ``None`` if nothing is.
    project: ClassVar[Project | None] = None
    #: The forms in which it takes arguments, for :mod:`doubles_lab.ceiling`; none if it has no template for floors.
    forms: ClassVar[tuple[Form, ...]] = ()
    #: Files beside a source that it is about, which may be those of several approaches.
    beside: ClassVar[tuple[str, ...]] = ()
    #: What makes it fast, for :mod:`doubles_lab.scaffold`; none if that has no template for it.
    hints: ClassVar[tuple[Hint, ...]] = ()
    #: Whether a type check alone makes sense in it.
    bare: ClassVar[bool] = True

    def functions(self, source: Path, name: str) -> list[str]:
        """The functions of a source file that are called ``name``, or ``name_`` and more, as they stand there."""
        text = self.file(source).read_text(encoding="utf-8")
        pattern = re.compile(self.definition.replace("{}", re.escape(name)), re.MULTILINE)
        found = dict.fromkeys(match["name"] for match in pattern.finditer(text))
        return [each for each in found if each == name or each.startswith(f"{name}_")]

    def file(self, source: Path) -> Path:
        """The file with the code, of a source that may be a folder."""
        return source

    def flags_of(self, source: Path) -> str:
        """What a source is compiled with."""
        return self.flags

    def build(self, sources: Sequence[Path]) -> None:
        """Builds source files together where that is quicker; others are built when they are loaded."""

    def load(self, source: Path, links: Links = Links()) -> Any:
        """The module of a source file, whose functions are attributes; built, if it has to be and is not yet.

        Raises :class:`doubles_lab.implementation.Unavailable` with the reason where that cannot be done here.
        """
        raise NotImplementedError


def flags_said(source: Path) -> str:
    """The flags that a comment at the top of a source names, ``flags: -O2``; "" without one."""
    top = source.read_text(encoding="utf-8")[:500]
    found = re.match(r"(?:\s*(?://|#|/\*)[^\n]*\n)*?\s*(?://|#|/\*)\s*flags:\s*([^\n*]*)", top)
    return found[1].strip() if found else ""


class PythonApproach(Approach):
    """One whose source is a Python file that is imported as it is."""

    language = "Python"
    suffixes = (".py",)

    def load(self, source: Path, links: Links = Links()) -> ModuleType:
        """The module, once the packages that it needs are there."""
        build.installed(*self.packages)
        return build.import_file(f"doubles_lab_{source.stem}", source)


class ExtensionApproach(Approach):
    """One whose source setuptools compiles to an extension module."""

    compiled = True
    packages: ClassVar[tuple[str, ...]] = ("setuptools",)
    #: Without debug information, which takes a third of the time of a compiler and none of a call.
    flags = "-O3 -g0"

    def load(self, source: Path, links: Links = Links()) -> ModuleType:
        """The extension module :data:`NATIVE`."""
        place = self.built(source, links)
        return build.import_file(NATIVE, build.extension_file(place, NATIVE))

    def built(self, source: Path, links: Links) -> Path:
        """The directory with the extension."""
        versions = build.installed(*self.packages)
        return build.compiled(
            f"{source.parent.name}-{source.stem}",
            {self.called(source): source.read_bytes()},
            self.extension(links, self.flags_of(source)),
            [*versions, *self.tools()],
            before=self.before,
        )

    def called(self, source: Path) -> str:
        """What the source is called where it is compiled."""
        return f"{NATIVE}{source.suffix}"

    def tools(self) -> Sequence[str]:
        """Programs that it is built with, and their versions."""
        return []

    def flags_of(self, source: Path) -> str:
        """What a source is compiled with: what it says in a comment at its top, or what is usual."""
        return flags_said(source) or self.flags

    def extension(self, links: Links, flags: str) -> dict[str, Any]:
        """What ``setuptools.Extension`` takes."""
        return {
            "name": NATIVE,
            "sources": self.sources(),
            "include_dirs": [".", *links.include, *self.includes()],
            "extra_objects": list(links.objects),
            "extra_compile_args": flags.split() if sys.platform != "win32" else [],
            "extra_link_args": list(links.options),
        }

    def sources(self) -> list[str]:
        """What is compiled."""
        return [f"{NATIVE}{self.suffixes[0]}"]

    def includes(self) -> list[str]:
        """Where the headers of the approach lie."""
        return []

    def before(self, work: Path) -> None:
        """Makes in ``work``, where the source is, what is compiled besides."""

"""Rust: a crate of one file, or a folder with a manifest of its own, that Cargo builds into a module."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from doubles_lab.approaches import build
from doubles_lab.approaches.approach import NATIVE, Approach, Links

MANIFESTS = Path(__file__).with_name("manifests")
#: What a shared library is called, by system.
LIBRARIES = (".so", ".dylib", ".dll")


class CrateApproach(Approach):
    """One whose source is the ``src/lib.rs`` of a crate, or a folder with ``Cargo.toml`` and that."""

    language = "Rust"
    suffixes = (".rs",)
    compiled = True
    flags = "release, fat link-time optimisation"
    #: The manifest of a crate of one file, and its lock file, in :data:`MANIFESTS`.
    manifest: ClassVar[str]
    #: Options of Cargo.
    options: ClassVar[Sequence[str]] = ()

    def file(self, source: Path) -> Path:
        """The file with the code."""
        return source / "src" / "lib.rs" if source.is_dir() else source

    def load(self, source: Path, links: Links = Links()) -> ModuleType:  # noqa: B008
        """The extension module :data:`NATIVE`."""
        return build.import_file(NATIVE, self.library(source))

    def library(self, source: Path) -> Path:
        """The shared library that Cargo makes."""
        if source.is_dir():
            # Crates of one name in one directory would overwrite each other's library.
            apart = hashlib.sha256(f"{source} {self.options}".encode()).hexdigest()[:12]
            return build.cargo_at(source, f"{self.name}-{apart}", self.options).library(*LIBRARIES)
        return next(each for each in self.built(source).iterdir() if each.suffix in LIBRARIES)

    def built(self, source: Path) -> Path:
        """A crate in the cache whose ``src/lib.rs`` is the source, with the library that was made of it.

        What such crates depend on is built once for all of them.
        """
        manifest, lock = (MANIFESTS / f"{self.manifest}.{suffix}" for suffix in ("toml", "lock"))
        text = source.read_text(encoding="utf-8")

        def make(work: Path) -> None:
            shutil.copy(manifest, work / "Cargo.toml")
            shutil.copy(lock, work / "Cargo.lock")
            (work / "src").mkdir()
            (work / "src" / "lib.rs").write_text(text, encoding="utf-8")
            # Cargo takes all of these crates for one, which it builds again only where a file is newer than the last
            # build, whosever that was: so each is built with a flag of its own.
            apart = f"crate_{hashlib.sha256(text.encode()).hexdigest()}"
            with build.alone(f"{self.name}-shared"):  # the library of the next one has the same name
                made = build.cargo_at(work, f"{self.name}-shared", self.options, rustc=["--cfg", apart])
                library = made.library(*LIBRARIES)
                shutil.copy(library, work / library.name)

        files = [each.read_text(encoding="utf-8") for each in (manifest, lock)]
        ingredients = [
            "apart",
            text,
            *files,
            *self.options,
            build.run([build.tool("rustc"), "--version"], source.parent),
        ]
        return build.built(f"{source.parent.name}-{source.stem}", ingredients, make)

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
        crate = source if source.is_dir() else self.crate(source)
        # Crates of one name in one directory would overwrite each other's library.
        apart = hashlib.sha256(f"{crate} {self.options}".encode()).hexdigest()[:12]
        made = build.cargo_at(crate, f"{self.name}-{apart}", self.options)
        return made.library(".so", ".dylib", ".dll")

    def crate(self, source: Path) -> Path:
        """A crate in the cache whose ``src/lib.rs`` is the source."""
        manifest, lock = (MANIFESTS / f"{self.manifest}.{suffix}" for suffix in ("toml", "lock"))
        text = source.read_text(encoding="utf-8")

        def make(work: Path) -> None:
            shutil.copy(manifest, work / "Cargo.toml")
            shutil.copy(lock, work / "Cargo.lock")
            (work / "src").mkdir()
            (work / "src" / "lib.rs").write_text(text, encoding="utf-8")

        ingredients = [text, *(each.read_text(encoding="utf-8") for each in (manifest, lock))]
        return build.built(f"{source.parent.name}-{source.stem}", ingredients, make)

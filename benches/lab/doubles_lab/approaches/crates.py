"""Rust: a crate of one file, or a folder with a manifest of its own, that Cargo builds into a module.

The files of an approach are built together: each is an example of one crate, so that Cargo builds what they depend on
once and them in parallel.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from doubles_lab import temporary
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
    builds_together = True
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
        """A crate in the cache whose ``src/lib.rs`` is a file, with the library that was made of it."""
        self.build([source])
        return self.place(source)

    def build(self, sources: Sequence[Path]) -> None:
        """Builds all files together that are not built yet.

        Raises :class:`doubles_lab.implementation.Unavailable` where there is one alone and it fails; of several, the
        others are built.
        """
        sources = [each for each in sources if each.is_file()]
        if all(self.place(each).exists() for each in sources):
            return
        with build.alone(f"{self.name}-shared"):
            if not (missing := [each for each in sources if not self.place(each).exists()]):
                return  # another process built them meanwhile
            with temporary.directory(".building-", build.cache_dir()) as crate:
                made = self.libraries(missing, crate, check=len(sources) == 1)
            for each in missing:
                if library := made.get(self.target(each)):
                    build.built(*self.named(each), functools.partial(self.keep, each, library))
                    # Nothing stays in Cargo's directory, where it would never be removed.
                    for file in library.parent.glob(f"*{self.target(each)}*"):
                        file.unlink()

    def place(self, source: Path) -> Path:
        """Where the cache has, or would have, what was made of a file."""
        return build.place_of(*self.named(source))

    def named(self, source: Path) -> tuple[str, list[str]]:
        """What a build of a file is called, and all that it depends on."""
        files = [(MANIFESTS / f"{self.manifest}.{suffix}").read_text(encoding="utf-8") for suffix in ("toml", "lock")]
        text = source.read_text(encoding="utf-8")
        return f"{source.parent.name}-{source.stem}", [
            "example",
            text,
            *files,
            *self.options,
            build.version_said(build.tool("rustc")),
        ]

    def target(self, source: Path) -> str:
        """What a file's example is called: one name for each text, since Cargo keeps its library by that."""
        digest = hashlib.sha256(source.read_bytes()).hexdigest()[:16]
        return f"{source.parent.name}_{source.stem}_{digest}"

    def keep(self, source: Path, library: Path, work: Path) -> None:
        """Fills a directory of the cache: a crate whose ``src/lib.rs`` is a source, with the library of it."""
        self.begin_crate(work)
        shutil.copy(source, work / "src" / "lib.rs")
        shutil.copy(library, work / f"lib{NATIVE}{library.suffix}")

    def begin_crate(self, crate: Path) -> None:
        """Writes the manifest of a crate and its lock file."""
        (crate / "src").mkdir()
        for suffix in ("toml", "lock"):
            shutil.copy(MANIFESTS / f"{self.manifest}.{suffix}", crate / f"Cargo.{suffix}")

    def libraries(self, sources: Sequence[Path], crate: Path, check: bool) -> dict[str, Path]:
        """Builds files as examples of one crate, in an empty directory; returns the libraries by :meth:`target`.

        Without ``check``, one that fails is missing.
        """
        self.begin_crate(crate)
        (crate / "src" / "lib.rs").touch()
        (crate / "examples").mkdir()
        with (crate / "Cargo.toml").open("a", encoding="utf-8") as manifest:
            for target, source in {self.target(each): each for each in sources}.items():
                shutil.copy(source, crate / "examples" / f"{target}.rs")
                manifest.write(f'\n[[example]]\nname = "{target}"\ncrate-type = ["cdylib"]\n')
        return build.cargo_examples(crate, f"{self.name}-shared", self.options, check)

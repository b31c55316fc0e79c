"""UniFFI, Mozilla's generator for many languages: what it makes for Python is Python over ctypes."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from doubles_lab.approaches import build
from doubles_lab.approaches.approach import NATIVE, Links
from doubles_lab.approaches.crates import LIBRARIES, CrateApproach


class UniFFI(CrateApproach):
    """Functions with ``#[uniffi::export]``."""

    name = "uniffi"
    title = "UniFFI"
    packages = ("uniffi-bindgen",)
    manifest = "uniffi"
    builds_together = False
    definition = r"#\[uniffi::export\b[^\]]*\]\s*(?:pub\s+)?fn\s+(?P<name>{}\w*)"

    def libraries(self, sources: Sequence[Path], crate: Path, check: bool) -> dict[str, Path]:
        """Builds a file as the library of a crate: by its name, the manifest's, UniFFI finds the functions."""
        (source,) = sources
        self.begin_crate(crate)
        shutil.copy(source, crate / "src" / "lib.rs")
        # Cargo takes all of these crates for one, and would not build it again for a file that is older than the last.
        target = self.target(source)
        made = build.cargo_at(crate, f"{self.name}-shared", self.options, rustc=["--cfg", target])
        return {target: made.library(*LIBRARIES)}

    def load(self, source: Path, links: Links = Links()) -> ModuleType:  # noqa: B008
        """The generated module."""
        generator = build.tool("uniffi-bindgen")
        library = self.library(source)
        crate = source if source.is_dir() else self.built(source)

        def generate(work: Path) -> None:
            # It finds the library beside itself.
            shutil.copy(library, work)
            how = ["--language", "python", "--no-format", "--out-dir", str(work), str(library)]
            build.run([generator, "generate", *how], crate)

        [version] = build.installed("uniffi-bindgen")
        place = build.built("uniffi", [version, hashlib.sha256(library.read_bytes()).hexdigest()], generate)
        return build.import_file(NATIVE, place / f"{NATIVE}.py")

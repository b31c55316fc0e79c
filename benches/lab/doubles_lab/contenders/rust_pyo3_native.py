"""The article's byte loop through PyO3, built for this very CPU: what Jason Knight proposed there."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from doubles_lab import build
from doubles_lab.contender import Contender, Unavailable, Unit, raises_on_lone_surrogates

FLAGS = "-C target-cpu=native"


def binding_sources():
    """The directory of the PyO3 binding in the repository that this lab is part of."""
    for above in Path(__file__).resolve().parents:
        if (above / "bindings" / "pyo3" / "Cargo.toml").exists():
            return above / "bindings" / "pyo3"
    raise Unavailable("needs the sources of doubles_pyo3, which are not beside this lab")


def load():
    sources = binding_sources()
    cargo = build.tool("cargo")
    target = build.cache_dir() / "pyo3-native"
    target.mkdir(parents=True, exist_ok=True)
    # Cargo knows better than a hash of ours when it has to build again.
    said = build.run(
        [cargo, "build", "--release", "--locked", "--lib", "--message-format=json", "--target-dir", str(target)],
        cwd=sources,
        env={
            "RUSTFLAGS": FLAGS,
            "PYO3_PYTHON": sys.executable,
            "PYTHON_SYS_EXECUTABLE": sys.executable,
            "PYO3_BUILD_EXTENSION_MODULE": "1",
        },
    )
    for line in said.splitlines():
        message = json.loads(line)
        if message.get("reason") == "compiler-artifact" and "cdylib" in message["target"]["crate_types"]:
            library = next(file for file in message["filenames"] if not file.endswith((".lib", ".d", ".pdb")))
            return build.import_file("_native", Path(os.path.realpath(library))).count_doubles_bytes_once
    raise Unavailable("cargo built no library")


CONTENDERS = [
    Contender(
        name="pyo3-bytes-once-native",
        unit=Unit.BYTES,
        load=load,
        language="Rust",
        binding="PyO3",
        access="&str (UTF-8 conversion)",
        origin="the article: Jason Knight, 2017",
        tags=("article", "rust", "pyo3"),
        compiled=True,
        flags=FLAGS,
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
    )
]

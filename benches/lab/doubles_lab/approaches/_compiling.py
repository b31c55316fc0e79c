"""A program that compiles, by setuptools, the extension which ``extension.json`` in the working directory describes."""

from __future__ import annotations

import json
from pathlib import Path

from setuptools import Extension
from setuptools.command.build_ext import build_ext
from setuptools.dist import Distribution


def main() -> None:
    """Builds it in place."""
    extension = Extension(**json.loads(Path("extension.json").read_text(encoding="utf-8")))
    distribution = Distribution({"ext_modules": [extension]})
    distribution.verbose = 0
    command = build_ext(distribution)
    command.inplace = True
    command.ensure_finalized()
    command.run()


if __name__ == "__main__":
    main()

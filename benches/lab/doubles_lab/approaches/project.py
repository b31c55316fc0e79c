"""What is known of owning an approach: the smallest project that its users would write, and what builds it.

A project in ``projects/`` has one module with ``count_doubles``, which counts adjacent equal UTF-8 bytes, and ``fail``,
which fails the way code in its language does. It is built as a user builds it: ``pip`` reads its pyproject.toml.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from doubles_lab.approaches import build
from doubles_lab.implementation import Unavailable

PROJECTS = Path(__file__).parent / "projects"

#: What every module is called with, and the count that it must give.
TEXT, DOUBLES = "aabccc", 3

IGNORED = ("target", ".git", ".venv", ".cache", ".mypy_cache", "results", "__pycache__", "build", "*.so", "*.egg-info")


@dataclass(frozen=True)
class Edit:
    """A change of one line, after which the count is ``FACTOR`` times what it was."""

    file: str
    before: str
    after: str

    def apply(self, project: Path, factor: int, last: int) -> None:
        """Makes the factor another one. Raises :class:`Unavailable` if the line is not there."""
        path = project / self.file
        text = path.read_text(encoding="utf-8")
        line = self.before if last == 1 else self.after.replace("FACTOR", str(last))
        if text.count(line) != 1:
            raise Unavailable(f"{line!r} is not on one line of {self.file}")
        path.write_text(text.replace(line, self.after.replace("FACTOR", str(factor))), encoding="utf-8")


def step(file: str, before: str = "STEP = 1") -> Edit:
    """The edit of a project that counts in steps."""
    return Edit(file, before, before.removesuffix("1") + "FACTOR")


@dataclass(frozen=True)
class Project:
    """A project that builds a module, and what is known of owning one like it."""

    #: What tables call it.
    name: str
    #: A directory of ``projects/``, or of the repository.
    folder: str
    edit: Edit
    #: Distributions and programs that build it; their versions are recorded.
    tools: tuple[str, ...] = ()
    #: What ``fail`` does; "" where there is none.
    failure: str = ""
    #: The environment that it is built with.
    env: Mapping[str, str] = field(default_factory=dict)
    #: What asks for one build for several versions of CPython, added to the environment; ``None`` if nothing does.
    stable: Mapping[str, str] | None = None
    #: The minor version of Python 3 from which it can be built.
    stable_since: int = 0
    #: Distributions that the module that is built imports.
    needs: tuple[str, ...] = ()
    #: Why there is nothing to ask for.
    no_stable: str = ""
    #: Packages whose upkeep is the user's business, as in upkeep.json.
    depends_on: tuple[str, ...] = ()
    #: The module of a binding that is built in a copy of this project's repository; "" for what is in ``projects/``.
    own: str = ""

    @property
    def module(self) -> str:
        """The module that it builds."""
        return self.own or f"lab_{self.folder.replace('-', '_')}"

    @property
    def rust(self) -> bool:
        """Whether Cargo builds it."""
        return "cargo" in self.tools

    def source(self) -> Path:
        """The tree that is copied to build it. Raises :class:`Unavailable` if it is not there."""
        if not self.own:
            return PROJECTS / self.folder
        for above in Path(__file__).resolve().parents:
            if (above / self.folder / "Cargo.toml").exists():
                return above
        raise Unavailable(f"needs the sources in {self.folder}: git clone {build.REPOSITORY}, and make lab")

    def copy(self, to: Path) -> Path:
        """Copies the tree to ``to``, without what was built in it; returns the project's directory there."""
        shutil.copytree(self.source(), to, symlinks=True, ignore=shutil.ignore_patterns(*IGNORED))
        return to / self.folder if self.own else to

    def digest(self) -> str:
        """A hash of the sources that go into it."""
        source = self.source()
        roots = [source / "crates", source / "bindings", source / "Cargo.lock"] if self.own else [source]
        found = hashlib.sha256()
        for root in roots:
            files = [root] if root.is_file() else sorted(file for file in root.rglob("*") if file.is_file())
            for file in files:
                if (
                    not {"target", "build", "__pycache__"} & set(file.relative_to(source).parts)
                    and file.suffix != ".so"
                ):
                    found.update(str(file.relative_to(source)).encode() + b"\0" + file.read_bytes())
        return found.hexdigest()


SETUPTOOLS = ("setuptools",)
#: How a project of setuptools or scikit-build-core is asked for the stable ABI.
STABLE = {"LAB_STABLE_ABI": "1"}
PURE = "Python code is not tied to a version"
#: What ``fail`` does, by the language that it is written in.
RAISES, ABORTS, THROWS, PANICS = (
    "raise RuntimeError",
    "abort(), as assert does",
    "throw std::runtime_error",
    "panic!",
)
RAISES_COMPILED = f"{RAISES}, compiled"
#: The line of a crate that is changed.
RUST_STEP = step("src/lib.rs", "STEP: usize = 1")

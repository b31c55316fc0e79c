"""The folder of a problem: ``problem.py``, and a source file for each approach, named after it.

``cython.pyx`` is for Cython, and so is ``cython_typed.pyx``. Each function in it that is called like the problem, or
like it with ``_`` and more, is an implementation. One whose name ends in that of a variant of the inputs takes that
variant.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doubles_lab import approaches
from doubles_lab.approaches.approach import Approach, Links
from doubles_lab.problem import Problem

FILE = "problem.py"
#: What the reference is called among the implementations.
REFERENCE = "reference"


class ProblemError(Exception):
    """A folder that holds no problem. Its text says what is wrong."""


@dataclass(frozen=True)
class Implementation:
    """An approach applied to a problem: a function in a source file."""

    name: str
    approach: str
    #: What lies between Python and the code, and what that is written in.
    title: str
    language: str
    folder: Path
    #: The source, relative to the folder.
    source: str
    function: str
    #: The variant of the inputs that it takes; "" for the inputs as they are.
    variant: str = ""
    compiled: bool = False
    packages: tuple[str, ...] = ()
    flags: str = ""


@dataclass(frozen=True)
class Folder:
    """A problem with its implementations, the reference first."""

    path: Path
    problem: Problem
    implementations: tuple[Implementation, ...]
    links: Links

    def implementation(self, name: str) -> Implementation:
        """The implementation of that name. Raises ``KeyError``."""
        for each in self.implementations:
            if each.name == name:
                return each
        raise KeyError(f"the problem {self.problem.name} has no implementation {name!r}")


def read(path: Path) -> Folder:
    """The problem that lies in a folder. Raises :class:`ProblemError` where none does."""
    path = path.resolve()
    if not (path / FILE).is_file():
        what = "is no folder" if not path.is_dir() else f"has no {FILE}"
        raise ProblemError(f"{path} {what}")
    module = load(path)
    problem = getattr(module, "PROBLEM", None)
    if not isinstance(problem, Problem):
        raise ProblemError(f"{path / FILE} has no PROBLEM that is a doubles_lab.Problem")
    links = getattr(module, "LINKS", Links)()
    found = [
        Implementation(REFERENCE, "python", "Python", "Python", path, FILE, problem.reference.__name__),
        *sorted(sources(path, problem), key=lambda each: each.name),
    ]
    names = [each.name for each in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ProblemError(f"two functions in {path} would be called {twice}")
    return Folder(path, problem, tuple(found), links)


def load(path: Path) -> Any:
    """The module ``problem.py`` of a folder, executed; other files there can be imported by it."""
    name = f"doubles_lab_problem_{path.name}"
    spec = importlib.util.spec_from_file_location(name, path / FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ProblemError(f"{path / FILE} cannot be imported: {type(error).__name__}: {error}") from None
    return module


def sources(path: Path, problem: Problem) -> Iterator[Implementation]:
    """The implementations in the source files of a folder."""
    for source in sorted(path.iterdir()):
        approach = approach_of(source)
        if approach is None or source.name == FILE:
            continue
        suffix = source.stem[len(approach.name) :]
        for function in approach.functions(source, problem.name):
            more = function[len(problem.name) :]
            yield Implementation(
                name=f"{approach.name}{suffix}{more}".replace("_", "-"),
                approach=approach.name,
                title=approach.title,
                language=approach.language,
                folder=path,
                source=source.name,
                function=function,
                variant=variant_of(more, problem),
                compiled=approach.compiled,
                packages=approach.packages,
                flags=approach.flags,
            )


def approach_of(source: Path) -> Approach | None:
    """The approach that a file or folder is for: the longest name that its own begins with."""
    known = approaches.find()
    fitting = [
        approach
        for name, approach in known.items()
        if (source.stem == name or source.stem.startswith(f"{name}_"))
        and (source.suffix in approach.suffixes or (source.is_dir() and (source / "Cargo.toml").exists()))
    ]
    return max(fitting, key=lambda approach: len(approach.name), default=None)


def variant_of(more: str, problem: Problem) -> str:
    """The variant that a function takes whose name goes on like this after that of the problem."""
    fitting = [each.name for each in problem.variants if more == f"_{each.name}" or more.endswith(f"_{each.name}")]
    return max(fitting, key=len, default="")


def function_of(folder: Folder, implementation: Implementation) -> Any:
    """The function itself, built and loaded in this process."""
    if implementation.name == REFERENCE:
        return folder.problem.reference
    approach = approaches.find()[implementation.approach]
    module = approach.load(folder.path / implementation.source, folder.links)
    return getattr(module, implementation.function)

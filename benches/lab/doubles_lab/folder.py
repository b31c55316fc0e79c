"""The folder of a problem: ``problem.py``, and a source file for each approach, named after it.

``cython.pyx`` is for Cython, and so is ``cython_typed.pyx``. Each function in it that is called like the problem, or
like it with ``_`` and more, is an implementation. One whose name ends in that of a variant of the inputs takes that
variant. ``IMPLEMENTATIONS``, a list in ``problem.py``, says more of them, such as their names, and adds those that are
no source file.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from doubles_lab import approaches, problems
from doubles_lab.approaches.approach import Approach, Links
from doubles_lab.implementation import THE_INPUT, Implementation
from doubles_lab.problem import Problem

FILE = "problem.py"
#: What the reference is called among the implementations.
REFERENCE = "reference"
#: What the files held whose modules :func:`load` has executed, by the module's name.
_contents: dict[str, bytes] = {}


class ProblemError(Exception):
    """A folder that holds no problem. Its text says what is wrong."""


@dataclass(frozen=True)
class Folder:
    """A problem with its implementations, the reference first."""

    path: Path
    problem: Problem
    implementations: tuple[Implementation, ...]
    #: What the native code of a source is compiled and linked with.
    links: Callable[[str], Links]
    #: The implementation that the others are compared with: the reference, unless the problem names another one.
    baseline: str = REFERENCE

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
    declared: list[Implementation] = list(getattr(module, "IMPLEMENTATIONS", []))
    found = [replace(each, file=str(path), folder=str(path)) for each in declared if not each.source]
    for shown in sources(path, problem):
        said = [each for each in declared if (each.source, each.function) == (shown.source, shown.function)]
        found += [filled(each, shown) for each in said] or [shown]
    there = {(each.source, each.function) for each in found}
    if lost := next((each for each in declared if each.source and (each.source, each.function) not in there), None):
        raise ProblemError(f"{path / FILE} says something of {lost.function} in {lost.source}, which is not there")
    found.sort(key=lambda each: each.name)
    baseline = getattr(module, "BASELINE", REFERENCE)
    if baseline == REFERENCE:
        here = Implementation(REFERENCE, "Python", "none", THE_INPUT, FILE, source=FILE)
        at = str(path)
        found.insert(
            0, replace(here, function=getattr(problem.reference, "__name__", problem.name), file=at, folder=at)
        )
    names = [each.name for each in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ProblemError(f"two functions in {path} would be called {twice}")
    if baseline not in names:
        raise ProblemError(f"{path / FILE} names the baseline {baseline!r}, which is no implementation")
    return Folder(path, problem, tuple(found), getattr(module, "LINKS", lambda source: Links()), baseline)


def bundled() -> Path:
    """The folder of the problem that the lab is about unless another is named."""
    return Path(problems.__path__[0]) / "count_doubles"


def import_from_here() -> None:
    """Has modules found in the working directory, too."""
    if str(Path.cwd()) not in sys.path and "" not in sys.path:
        sys.path.insert(0, str(Path.cwd()))


def load(path: Path) -> Any:
    """The module ``problem.py`` of a folder; it can import modules of the working directory.

    It is executed once, and again after the file has changed. Its name is made of the whole path, so that folders of
    one name are two modules. What it defines can so be pickled, however many problems a process reads.
    """
    import_from_here()
    file = path.resolve() / FILE
    name = f"doubles_lab_problem_{path.name}_{hashlib.sha256(bytes(file)).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    try:
        content = file.read_bytes()
        if (known := sys.modules.get(name)) is not None and _contents.get(name) == content:
            return known
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        _contents.pop(name, None)
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ProblemError(f"{path / FILE} cannot be imported: {type(error).__name__}: {error}") from None
    _contents[name] = content
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
            variant = variant_of(more, problem)
            yield Implementation(
                f"{approach.name}{suffix}{more}".replace("_", "-"),
                approach.language,
                approach.title,
                f"the {variant}, already there" if variant else THE_INPUT,
                source.name,
                variant=variant,
                compiled=approach.compiled,
                packages=approach.packages,
                flags=approach.flags_of(source),
                source=source.name,
                function=function,
                file=str(path),
                folder=str(path),
            )


def filled(said: Implementation, found: Implementation) -> Implementation:
    """What a problem says of an implementation, and for the rest what its source file shows."""
    kept = {name: getattr(said, name) or getattr(found, name) for name in FILLED}
    return replace(said, **kept, compiled=found.compiled, file=found.file, folder=found.folder)


#: What a source file shows where its problem does not say it.
FILLED = ("language", "binding", "access", "origin", "variant", "packages", "flags")


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
    if implementation.load is not None:
        return implementation.load()
    if implementation.source == FILE:
        return folder.problem.reference
    source = folder.path / implementation.source
    approach = approach_of(source)
    assert approach is not None
    module = approach.load(source, folder.links(source.name))
    return getattr(module, implementation.function)

"""What the atlas is about: the problems of a directory that name their shape, and what of them is measured already."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from doubles_lab import __version__, problems
from doubles_lab.approaches import included
from doubles_lab.approaches.python import Python
from doubles_lab.atlas import costs
from doubles_lab.atlas.index import LIBRARY, Entry, Index, Sizes, record_of
from doubles_lab.folder import FILE, Folder, approach_of, read
from doubles_lab.given import Given
from doubles_lab.implementation import Implementation
from doubles_lab.results.saved import NotAResult

#: Where the bundled problems are.
ROOT = Path(problems.__path__[0])


def folders(root: Path = ROOT) -> list[Folder]:
    """The problems of a directory that name their shape, by name."""
    found = [read(each) for each in sorted(root.iterdir()) if (each / FILE).exists()]
    return [each for each in found if each.problem.shape]


def approach_named(folder: Folder, implementation: Implementation) -> str:
    """The approach of an implementation; :data:`doubles_lab.atlas.index.LIBRARY` for what a package has ready."""
    if implementation.approach:
        return implementation.approach
    approach = approach_of(folder.path / implementation.source) if implementation.source else None
    if approach is None or (approach.name == Python.name and implementation.packages):
        return LIBRARY
    return approach.name


def entry_of(folder: Folder, cases: list[Given], how: str) -> Entry:
    """What the index says of a problem before it is measured. ``how`` tells in which way that is done."""
    others = [each for each in folder.implementations if each.name != folder.baseline]
    approaches = {each.name: approach_named(folder, each) for each in others}
    files = {each.name: each.source for each in others if each.source}
    sized: dict[str, list[tuple[int, str]]] = {}
    for given in cases:
        if given.size is not None:
            sized.setdefault(given.problem_input, []).append((given.size, given.name))
    return Entry(
        name=folder.problem.name,
        folder=folder.path.name,
        shape=folder.problem.shape,
        shows=folder.problem.shows,
        main=main_case(cases).name,
        approaches=approaches,
        files=files,
        sizes=[Sizes(name, sorted(found)) for name, found in sized.items()],
        sources=[costs.source(folder, file, approaches[name]) for name, file in distinct(files)],
        made_of=made_of(folder, how),
    )


def distinct(files: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each file once, with the first implementation in it."""
    first: dict[str, str] = {}
    for name, file in files.items():
        first.setdefault(file, name)
    return ((name, file) for file, name in first.items())


def main_case(cases: list[Given]) -> Given:
    """The case that the heat map is about: the first input, at its largest size."""
    of_first = [each for each in cases if each.problem_input == cases[0].problem_input]
    return max(of_first, key=lambda each: each.size or 0)


def made_of(folder: Folder, how: str) -> str:
    """A hash of a problem's files, of the versions of what they need, and of how they are measured."""
    found = hashlib.sha256()
    files = [each for each in folder.path.rglob("*") if each.is_file() and "__pycache__" not in each.parts]
    beside = [each for each in folder.path.parent.glob("_*.py") if each.name != "__init__.py"]
    elsewhere = [each for file in files if file.suffix == ".c" for each in included.files(file)]
    for file in sorted({*files, *beside, *elsewhere}):
        found.update(f"{os.path.relpath(file, folder.path.parent)}\0".encode() + file.read_bytes())
    packages = sorted({name for each in folder.implementations for name in each.packages})
    for told in (how, __version__, *(f"{name} {version_of(name)}" for name in packages)):
        found.update(f"\0{told}".encode())
    return found.hexdigest()


def version_of(package: str) -> str:
    """The version of a distribution; "" if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def complete(directory: Path, index: Index, entry: Entry) -> bool:
    """Whether a problem is measured to the end, and nothing of it has changed since."""
    known = index.entry(entry.name)
    if known is None or known.made_of != entry.made_of:
        return False
    try:
        record = record_of(directory, known)
    except NotAResult:
        return False
    return record is not None and not record.interrupted

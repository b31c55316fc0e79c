"""Finds contenders and cases: every module of the two packages, and every file of a directory named by the user.

A file declares ``CONTENDERS`` or ``CASES``, a list. Nothing else knows its name.
"""

from __future__ import annotations

import dataclasses
import difflib
import fnmatch
import importlib.util
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar

import doubles_lab.cases
import doubles_lab.contenders
from doubles_lab.case import Case
from doubles_lab.contender import Contender, Unavailable, Unit


class NotFound(Exception):
    """A name that nothing has. Its text lists near matches."""


class Named(Protocol):
    """What a registry holds."""

    @property
    def name(self) -> str: ...
    @property
    def tags(self) -> tuple[str, ...]: ...


Item = TypeVar("Item", bound=Named)


def modules_of(package: ModuleType, directories: Iterable[Path] = ()) -> list[Path]:
    """The files of a package and of further directories, sorted within each; those with a leading "_" are left out."""
    roots = [Path(root) for root in package.__path__] + list(directories)
    return [file for root in roots for file in sorted(root.glob("*.py")) if not file.name.startswith("_")]


def load_file(file: Path) -> ModuleType:
    """The module in ``file``, executed."""
    name = f"doubles_lab_found.{file.parent.name}.{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def contenders_in(file: Path) -> list[Contender]:
    """The contenders that one file declares."""
    declared: list[Contender] = load_file(file).CONTENDERS
    return [dataclasses.replace(contender, file=str(file)) for contender in declared]


def find_contenders(directories: Iterable[Path] = ()) -> list[Contender]:
    """Every contender. A file that cannot be imported is one too: it says why it cannot run."""
    found: list[Contender] = []
    for file in modules_of(doubles_lab.contenders, directories):
        try:
            found += contenders_in(file)
        except Exception as error:
            found.append(_broken(file, error))
    return _distinct(found)


def find_cases() -> list[Case]:
    """Every case that the lab brings."""
    found: list[Case] = []
    for file in modules_of(doubles_lab.cases):
        declared: list[Case] = load_file(file).CASES
        found += [dataclasses.replace(case, file=str(file)) for case in declared]
    return _distinct(found)


def select(items: list[Item], patterns: Iterable[str], tags: Iterable[str], kind: str) -> list[Item]:
    """Those that match one of the patterns (names, or globs such as ``pyo3-*``) and carry one of the tags.

    No pattern matches all, and so does no tag. Raises :class:`NotFound` for a pattern or tag that
    matches nothing.
    """
    chosen = items
    patterns, tags = list(patterns), list(tags)
    if patterns:
        for pattern in patterns:
            if not any(fnmatch.fnmatchcase(item.name, pattern) for item in items):
                raise NotFound(no_such(kind, pattern, [item.name for item in items]))
        chosen = [item for item in items if any(fnmatch.fnmatchcase(item.name, pattern) for pattern in patterns)]
    if tags:
        known = sorted({tag for item in items for tag in item.tags})
        for tag in tags:
            if tag not in known:
                raise NotFound(no_such("tag", tag, known))
        chosen = [item for item in chosen if set(tags) & set(item.tags)]
    return chosen


def no_such(kind: str, name: str, known: list[str]) -> str:
    """What to say of a name that nothing has, with near matches."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or [k for k in known if name.strip("*?") in k][:3]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"no {kind} is called {name!r}{hint}"


def _distinct(items: list[Item]) -> list[Item]:
    seen: dict[str, Any] = {}
    for item in items:
        if item.name in seen:
            raise ValueError(f"two files declare {item.name!r}: {seen[item.name]} and {getattr(item, 'file', '')}")
        seen[item.name] = getattr(item, "file", "")
    return items


def _broken(file: Path, error: Exception) -> Contender:
    reason = f"{file.name} cannot be imported: {type(error).__name__}: {error}"

    def load() -> Callable[[Any], Any]:
        raise Unavailable(reason)

    return Contender(
        name=file.stem.replace("_", "-"),
        unit=Unit.CHARACTERS,
        load=load,
        language="?",
        binding="?",
        access="?",
        origin=reason,
        file=str(file),
    )

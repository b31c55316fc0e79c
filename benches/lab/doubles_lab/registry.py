"""Finds contenders and cases: every module of the two packages, every file of a directory named by the user, and what
installed packages offer as entry points.

A file declares ``CONTENDERS`` or ``CASES``, a list. Nothing else knows its name.
"""

from __future__ import annotations

import dataclasses
import difflib
import fnmatch
import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar

import doubles_lab.cases
import doubles_lab.contenders
from doubles_lab.arrays import array_of
from doubles_lab.case import Case, one_line
from doubles_lab.contender import LONGEST, Contender, Unavailable, Unit, as_it_is

#: The group in which an installed package offers a module with ``CONTENDERS``, or such a list itself.
GROUP = "doubles_lab.contenders"

#: What the ``file`` of a contender begins with that no file declares.
ENTRY_POINT, FUNCTION = "entry-point:", "function:"

#: A function of the user's, as the command line takes it.
FUNCTION_PATTERN = r"[^\W\d][\w.]*:[^\W\d][\w.]*"


class NotFound(Exception):
    """A name that nothing has. Its text lists near matches."""


class Clash(Exception):
    """Two files declare the same name. Its text says which."""


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


def entry_points() -> list[importlib.metadata.EntryPoint]:
    """What installed packages offer, by name."""
    if sys.version_info >= (3, 10):
        found = list(importlib.metadata.entry_points(group=GROUP))
    else:
        found = list(importlib.metadata.entry_points().get(GROUP, []))
    return sorted(found, key=lambda point: point.name)


def contenders_at(point: importlib.metadata.EntryPoint) -> list[Contender]:
    """The contenders that an entry point offers."""
    offered = point.load()
    declared: list[Contender] = list(getattr(offered, "CONTENDERS", offered))
    return [dataclasses.replace(contender, file=ENTRY_POINT + point.name) for contender in declared]


def function_contender(spec: str, unit: Unit) -> Contender:
    """A function of the user's, ``module:function``, as a contender that counts ``unit``.

    It is imported where it runs, in a process of its own, from the working directory or as installed.
    """
    prepared = unit is Unit.ELEMENTS
    return Contender(
        name=spec,
        unit=unit,
        load=lambda: function_of(spec),
        language="yours",
        binding="yours",
        access="array already there" if prepared else "what your function does with the str",
        origin="your function",
        tags=("yours",),
        prepare=array_of if prepared else as_it_is,
        file=f"{FUNCTION}{unit}:{spec}",
    )


def function_of(spec: str) -> Callable[[Any], Any]:
    """The function that ``module:function`` names. Raises :class:`Unavailable` with what is wrong with it."""
    module, _, path = spec.partition(":")
    if str(Path.cwd()) not in sys.path and "" not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not (module == error.name or module.startswith(f"{error.name}.")):
            raise
        raise Unavailable(f"there is no module {module!r}, neither in the working directory nor installed") from None
    for name in path.split("."):
        if not hasattr(found, name):
            near = difflib.get_close_matches(name, dir(found), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise Unavailable(f"{module!r} has no {path!r}{hint}")
        found = getattr(found, name)
    if not callable(found):
        raise Unavailable(f"{spec} is of type {type(found).__name__}, which cannot be called")
    function: Callable[[Any], Any] = found
    return function


def declared_by(source: str) -> list[Contender]:
    """The contenders of a source, which is what ``file`` of a contender says: mostly a file."""
    if source.startswith(FUNCTION):
        unit, _, spec = source[len(FUNCTION) :].partition(":")
        return [function_contender(spec, Unit(unit))]
    if source.startswith(ENTRY_POINT):
        name = source[len(ENTRY_POINT) :]
        return [each for point in entry_points() if point.name == name for each in contenders_at(point)]
    return contenders_in(Path(source))


def is_function(name: str) -> bool:
    """Whether a name on the command line means a function of the user's."""
    return re.fullmatch(FUNCTION_PATTERN, name) is not None


def find_contenders(directories: Iterable[Path] = ()) -> list[Contender]:
    """Every contender. A file that cannot be imported is one too: it says why it cannot run."""
    found: list[Contender] = []
    for file in modules_of(doubles_lab.contenders, directories):
        try:
            found += contenders_in(file)
        except (Exception, SystemExit) as error:
            found.append(_broken(str(file), file.stem, error))
    for point in entry_points():
        try:
            found += contenders_at(point)
        except (Exception, SystemExit) as error:
            found.append(_broken(ENTRY_POINT + point.name, point.name, error))
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


def of_languages(contenders: list[Contender], languages: Iterable[str]) -> list[Contender]:
    """Those whose loop is written in one of the languages, upper and lower case alike; all if there is none.

    Raises :class:`NotFound` for a language that no contender is written in.
    """
    known = {contender.language.casefold(): contender.language for contender in contenders}
    wanted = [language.casefold() for language in languages]
    for language in wanted:
        if language not in known:
            raise NotFound(no_such("language", language, sorted(known.values())))
    return [each for each in contenders if not wanted or each.language.casefold() in wanted]


def matching(items: list[Any], patterns: Iterable[str], name: Callable[[Any], str], kind: str) -> list[Any]:
    """Those whose name matches one of the patterns; all if there is none.

    Raises :class:`NotFound` for a pattern that matches nothing.
    """
    patterns = list(patterns)
    names = list(dict.fromkeys(map(name, items)))
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            raise NotFound(no_such(kind, pattern, names))
    return [item for item in items if not patterns or any(fnmatch.fnmatchcase(name(item), each) for each in patterns)]


def no_such(kind: str, name: str, known: list[str]) -> str:
    """What to say of a name that nothing has, with near matches."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or [k for k in known if name.strip("*?") in k][:3]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"no {kind} is called {name!r}{hint}"


def _distinct(items: list[Item]) -> list[Item]:
    seen: dict[str, Any] = {}
    for item in items:
        if item.name in seen:
            raise Clash(f"two files declare {item.name!r}: {seen[item.name]} and {getattr(item, 'file', '')}")
        seen[item.name] = getattr(item, "file", "")
    return items


def _broken(source: str, name: str, error: BaseException) -> Contender:
    reason = f"{Path(source).name} cannot be imported: {type(error).__name__}: {error}"[:LONGEST]

    def load() -> Callable[[Any], Any]:
        raise Unavailable(reason)

    return Contender(
        name="-".join(one_line(name).replace("_", "-").split()),
        unit=Unit.CHARACTERS,
        load=load,
        language="?",
        binding="?",
        access="?",
        origin=reason,
        file=source,
    )

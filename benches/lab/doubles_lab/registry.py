"""Finds implementations besides those in the folder of a problem: in every file of a directory that the user names,
in what installed packages offer as entry points, and functions of the user's.

A file declares ``IMPLEMENTATIONS``, a list of :class:`doubles_lab.implementation.Implementation`.
"""

from __future__ import annotations

import dataclasses
import difflib
import fnmatch
import importlib.util
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from doubles_lab.folder import Folder, bundled, import_from_here, read
from doubles_lab.given import one_line
from doubles_lab.implementation import LONGEST, Implementation, Unavailable, Unit

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

#: The group in which an installed package offers a module with ``IMPLEMENTATIONS``, or such a list itself.
GROUP = "doubles_lab.implementations"

#: What the ``file`` of an implementation begins with that no file declares.
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


def modules_in(directories: Iterable[Path]) -> list[Path]:
    """The files of directories, sorted within each; those with a leading "_" are left out."""
    return [file for root in directories for file in sorted(root.glob("*.py")) if not file.name.startswith("_")]


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


def implementations_in(file: Path) -> list[Implementation]:
    """The implementations that one file declares."""
    declared: list[Implementation] = load_file(file).IMPLEMENTATIONS
    return [dataclasses.replace(each, file=str(file)) for each in declared]


def entry_points() -> list[EntryPoint]:
    """What installed packages offer, by name."""
    from importlib import metadata  # takes as long to import as all of the above

    if sys.version_info >= (3, 10):
        found = list(metadata.entry_points(group=GROUP))
    else:
        found = list(metadata.entry_points().get(GROUP, []))
    return sorted(found, key=lambda point: point.name)


def implementations_at(point: EntryPoint) -> list[Implementation]:
    """The implementations that an entry point offers."""
    offered = point.load()
    declared: list[Implementation] = list(getattr(offered, "IMPLEMENTATIONS", offered))
    return [dataclasses.replace(each, file=ENTRY_POINT + point.name) for each in declared]


def function_implementation(spec: str, unit: Unit | str = "", name: str = "") -> Implementation:
    """A function of the user's, ``module:function``, as an implementation that counts ``unit``.

    Without a ``name`` it is called by its ``spec``. It is imported where it runs, in a process of its own, from the
    working directory or as installed.
    """
    prepared = unit is Unit.ELEMENTS
    return Implementation(
        name=name or spec,
        unit=unit,
        load=lambda: function_of(spec),
        language="yours",
        binding="yours",
        access="array already there" if prepared else "what your function does with it",
        origin="your function",
        tags=("yours",),
        variant="array" if prepared else "",
        file=":".join([f"{FUNCTION}{unit}", spec, *([name] if name else [])]),
    )


def function_of(spec: str) -> Callable[[Any], Any]:
    """The function that ``module:function`` names. Raises :class:`Unavailable` with what is wrong with it."""
    found = value_of(spec)
    if not callable(found):
        raise Unavailable(f"{spec} is of type {type(found).__name__}, which cannot be called")
    function: Callable[[Any], Any] = found
    return function


def value_of(spec: str) -> Any:
    """What ``module:name`` names. Raises :class:`Unavailable` where there is nothing of that name."""
    module, colon, path = spec.partition(":")
    if not colon:
        raise Unavailable(f"{spec!r} is not MODULE:NAME")
    import_from_here()
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not (module == error.name or module.startswith(f"{error.name}.")):
            raise
        hint = f"; did you mean {module[:-3]}?" if module.endswith(".py") else ""
        raise Unavailable(
            f"there is no module {module!r}, neither in the working directory nor installed{hint}"
        ) from None
    for name in path.split("."):
        if not hasattr(found, name):
            near = difflib.get_close_matches(name, dir(found), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise Unavailable(f"{module!r} has no {path!r}{hint}")
        found = getattr(found, name)
    return found


def declared_by(source: str) -> list[Implementation]:
    """The implementations of a source, which is what ``file`` of one says: a problem's folder, or another file."""
    if source.startswith(FUNCTION):
        unit, module, function, *named = source[len(FUNCTION) :].split(":", 3)
        return [function_implementation(f"{module}:{function}", Unit(unit) if unit else "", *named)]
    if source.startswith(ENTRY_POINT):
        name = source[len(ENTRY_POINT) :]
        return [each for point in entry_points() if point.name == name for each in implementations_at(point)]
    if Path(source).is_dir():
        return list(read(Path(source)).implementations)
    return implementations_in(Path(source))


def is_function(name: str) -> bool:
    """Whether a name on the command line means a function of the user's."""
    return re.fullmatch(FUNCTION_PATTERN, name) is not None


def find(folder: Folder, directories: Iterable[Path] = ()) -> list[Implementation]:
    """Every implementation of a problem. A file that cannot be imported is one too: it says why it cannot run.

    What installed packages offer is for the problem that the lab brings.
    """
    found = list(folder.implementations)
    for file in modules_in(directories):
        try:
            found += implementations_in(file)
        except (Exception, SystemExit) as error:
            found.append(_broken(str(file), file.stem, error))
    for point in entry_points() if folder.path == bundled() else []:
        try:
            found += implementations_at(point)
        except (Exception, SystemExit) as error:
            found.append(_broken(ENTRY_POINT + point.name, point.name, error))
    return _distinct([dataclasses.replace(each, folder=str(folder.path)) for each in found])


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


def of_languages(implementations: list[Implementation], languages: Iterable[str]) -> list[Implementation]:
    """Those whose loop is written in one of the languages, upper and lower case alike; all if there is none.

    Raises :class:`NotFound` for a language that no implementation is written in.
    """
    known = {each.language.casefold(): each.language for each in implementations}
    wanted = [language.casefold() for language in languages]
    for language in wanted:
        if language not in known:
            raise NotFound(no_such("language", language, sorted(known.values())))
    return [each for each in implementations if not wanted or each.language.casefold() in wanted]


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


def select_names(names: Iterable[str], known: Iterable[str], kind: str) -> list[str]:
    """The names, each once. Raises :class:`NotFound` for one that nothing has."""
    known = list(known)
    for name in names:
        if name not in known:
            raise NotFound(no_such(kind, name, known))
    return list(dict.fromkeys(names))


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


def _broken(source: str, name: str, error: BaseException) -> Implementation:
    reason = f"{Path(source).name} cannot be imported: {type(error).__name__}: {error}"[:LONGEST]

    def load() -> Callable[[Any], Any]:
        raise Unavailable(reason)

    return Implementation(
        name="-".join(one_line(name).replace("_", "-").split()),
        load=load,
        language="?",
        binding="?",
        access="?",
        origin=reason,
        file=source,
    )

"""The source of a function of the user's: what it says, what it needs, and the same under another name."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import inspect
import sys
import sysconfig
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any


class NoSource(Exception):
    """A function whose source cannot be copied. Its text says why."""


@dataclass(frozen=True)
class Own:
    """The source of a function, which can be copied to another file."""

    name: str
    #: As it stands in its module, without what all of its lines are indented by.
    text: str
    #: The lines that import what it uses, by the name that each binds.
    imports: Mapping[str, str]
    #: The values of numbers among what it uses, by name.
    constants: Mapping[str, Any]

    @property
    def tree(self) -> ast.FunctionDef:
        """It, parsed."""
        found = ast.parse(self.text).body[0]
        assert isinstance(found, ast.FunctionDef)
        return found

    @property
    def simple(self) -> bool:
        """Whether it takes its arguments one by one, all of them by position, and has no decorator."""
        args = self.tree.args
        more = args.posonlyargs or args.kwonlyargs or args.vararg or args.kwarg or args.defaults
        return not more and not self.tree.decorator_list

    def has(self, *kinds: type[ast.AST]) -> bool:
        """Whether something of one of these kinds is in it."""
        return any(isinstance(each, kinds) for each in ast.walk(self.tree))

    def renamed(self, name: str) -> str:
        """Its text under another name, by which it also calls itself."""
        lines = [line.encode() for line in self.text.splitlines(keepends=True)]
        places = [
            (each.lineno, each.col_offset)
            for each in ast.walk(self.tree)
            if isinstance(each, ast.Name) and each.id == self.name
        ]
        head = self.tree.lineno
        places.append((head, lines[head - 1].index(self.name.encode(), lines[head - 1].index(b"def "))))
        old, new = self.name.encode(), name.encode()
        for line, column in sorted(places, reverse=True):
            text = lines[line - 1]
            lines[line - 1] = text[:column] + new + text[column + len(old) :]
        return b"".join(lines).decode()

    def with_header(self, name: str, arguments: Mapping[str, str], returned: str = "") -> str:
        """It under another name, with other annotations: those of ``arguments``, and none for the others."""
        tree = self.tree
        changed = tree.args
        for each in [*changed.posonlyargs, *changed.args, *changed.kwonlyargs, changed.vararg, changed.kwarg]:
            if each is not None:
                given = arguments.get(each.arg, "")
                each.annotation = ast.parse(given, mode="eval").body if given else None
        head = f"def {name}({ast.unparse(changed)}){f' -> {returned}' if returned else ''}:\n"
        return self.decorators() + head + self.body(name)

    def decorators(self) -> str:
        """The lines before ``def``."""
        return "".join(self.text.splitlines(keepends=True)[: self.tree.lineno - 1])

    def body(self, name: str, declarations: str = "") -> str:
        """The lines of its body, of a function under another name, with lines that stand behind its docstring."""
        first = self.tree.body[0]
        if first.lineno == self.tree.lineno:  # in the line of its head
            return declarations + textwrap.indent("\n".join(map(ast.unparse, self.tree.body)) + "\n", "    ")
        lines = self.renamed(name).splitlines(keepends=True)
        end = first.lineno - 1
        if declarations and isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            end = first.end_lineno or end
        return "".join([*lines[first.lineno - 1 : end], declarations, *lines[end:]])

    def assigned(self) -> set[str]:
        """The names that it assigns to or deletes."""
        return {
            each.id
            for each in ast.walk(self.tree)
            if isinstance(each, ast.Name) and isinstance(each.ctx, (ast.Store, ast.Del))
        }


def own_source(function: Callable[..., Any]) -> Own:
    """The source of a function. Raises :class:`NoSource`."""
    if inspect.ismethod(function):
        raise NoSource("it is a method, which uses its object")
    if not inspect.isfunction(function):
        raise NoSource("it is not written in Python")
    if function.__closure__:
        raise NoSource("it uses variables of the function that made it")
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        raise NoSource("its source cannot be found") from None
    if function.__name__ == "<lambda>":
        text = of_lambda(text)
    try:
        found = ast.parse(text).body[0]
    except SyntaxError:
        raise NoSource("its source does not stand alone") from None
    if not isinstance(found, ast.FunctionDef):
        raise NoSource("it is no plain function")
    lines = text.splitlines(keepends=True)
    text = "".join(lines[: found.end_lineno])
    module = inspect.getmodule(function)
    used = names_in(found)
    there = inspect.unwrap(function).__globals__
    imports = {name: line_of(name, module, there) for name in used if name in there and name != found.name}
    constants = {name: there[name] for name in imports if type(there[name]) in (int, float)}
    return Own(
        found.name,
        text if text.endswith("\n") else f"{text}\n",
        dict(sorted(imports.items())),
        constants,
    )


def of_lambda(text: str) -> str:
    """A function that does what the only lambda in a statement does. Raises :class:`NoSource`."""
    try:
        found = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Lambda)]
    except SyntaxError:
        found = []
    if len(found) != 1:
        raise NoSource("it is a lambda among other code")
    return f"def function({ast.unparse(found[0].args)}):\n    return {ast.unparse(found[0].body)}\n"


def names_in(tree: ast.FunctionDef) -> list[str]:
    """The names that a function reads and neither binds nor finds among the builtins."""
    bound = {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}
    bound |= {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    bound -= {name for each in ast.walk(tree) if isinstance(each, ast.Global) for name in each.names}
    read = [each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
    return [each for each in dict.fromkeys(read) if each not in bound and not hasattr(builtins, each)]


def line_of(name: str, module: ModuleType | None, there: Mapping[str, Any]) -> str:
    """The line that imports a global of a module: as the module itself does, or from there."""
    value = there[name]
    if isinstance(value, ModuleType):
        return f"import {value.__name__}" if value.__name__ == name else f"import {value.__name__} as {name}"
    origin = getattr(value, "__module__", None)
    called = getattr(value, "__qualname__", None)
    standard = origin is not None and str(origin).partition(".")[0] in standard_modules()
    if standard and called == name and getattr(sys.modules.get(str(origin)), name, None) is value:
        return f"from {origin} import {name}"
    return f"from {module.__name__ if module else there['__name__']} import {name}"


def standard_modules() -> frozenset[str]:
    """The names of what comes with Python, and of NumPy."""
    return frozenset({*getattr(sys, "stdlib_module_names", sys.builtin_module_names), "numpy"}) - {"__main__"}


def place_of(module: str) -> str:
    """The directory that a module has to be imported from; "" if it is found anyway, since it is installed."""
    spec = importlib.util.find_spec(module.partition(".")[0])
    where = spec.origin if spec is not None and spec.origin not in (None, "built-in", "frozen", "namespace") else None
    if where is None:
        roots = list(spec.submodule_search_locations or []) if spec is not None else []
        return str(Path(roots[0]).resolve().parent) if roots else ""
    file = Path(where).resolve()
    root = file.parents[1] if file.name == "__init__.py" else file.parent
    installed = {Path(sysconfig.get_path(each)).resolve() for each in ("purelib", "platlib", "stdlib", "platstdlib")}
    return "" if root in installed else str(root)

"""Writes the source files of a problem: for each approach one with the right signature, and a body if it is known."""

from __future__ import annotations

import ast
import contextlib
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from doubles_lab import approaches
from doubles_lab.approaches import mypyc
from doubles_lab.approaches.approach import Approach
from doubles_lab.approaches.shared import LIBRARY
from doubles_lab.ceiling.signature import Shape, Signature, number_list
from doubles_lab.ceiling.sources import FLOOR, Function, Refused, environment, fits, formatted
from doubles_lab.observed import Kind
from doubles_lab.scaffold import languages, native
from doubles_lab.scaffold.describing import Described
from doubles_lab.scaffold.own import standard_modules
from doubles_lab.scaffold.typed import BOOL, CHARACTER, ELEMENTS, FLOAT, INT, TEXT, Typed, Uncertain, typed

#: What is written unless the user names others: Python that is compiled, and the usual bindings of Rust and C++.
USUAL = ("cython", "mypyc", "pyo3", "pybind11")
#: What a comment begins with, by the suffix of a file.
COMMENTS = {".py": "#", ".pyx": "#", ".rs": "//", ".c": "//", ".cpp": "//"}
#: What has mypy accept a module that it does not find where it compiles, and that may be found elsewhere.
IGNORED = "  # type: ignore[import, unused-ignore]"
#: Columns of a comment.
COLUMNS = 110


#: The types of Cython, and of Numba's signatures.
OF_CYTHON = {INT: "long long", FLOAT: "double", BOOL: "bint", CHARACTER: "Py_UCS4"}
OF_NUMBA = {INT: "int64", FLOAT: "float64", BOOL: "boolean", "list[int]": "int64[::1]", "list[float]": "float64[::1]"}


@dataclass(frozen=True)
class Source:
    """A source file of an approach."""

    file: str
    text: str
    approach: str
    #: Whether its function works, as a translation of the user's; if not, it raises and says what is to be written.
    works: bool


@dataclass(frozen=True)
class Without:
    """An approach without a file, and why."""

    approach: str
    reason: str


def with_templates() -> dict[str, Approach]:
    """The approaches that have a template for the files of a new problem, by name."""
    return {name: each for name, each in approaches.find().items() if "hints" in vars(type(each))}


def sources(
    described: Described, signature: Signature, kinds: Sequence[Kind], returned: Kind, chosen: Sequence[str]
) -> tuple[list[Source], list[Without]]:
    """The files of the chosen approaches, and those that cannot have one."""
    found: list[Source] = []
    without: list[Without] = []
    types = None
    if described.own is not None and not described.generator:
        with contextlib.suppress(Uncertain):
            types = typed(described.own, signature)
    for name in chosen:
        approach = with_templates()[name]
        file = f"{name}{approach.suffixes[0]}"
        writer = Writer(described, signature, kinds, returned, approach, file, types)
        try:
            found.append(Source(file, writer.text(), name, writer.works))
            library = writer.library()
        except Refused as reason:
            without.append(Without(name, str(reason)))
        else:
            if library and LIBRARY not in [each.file for each in found]:
                found.append(Source(LIBRARY, library, name, writer.works))
    return found, without


class Writer:
    """Writes the file of one approach."""

    def __init__(
        self,
        described: Described,
        signature: Signature,
        kinds: Sequence[Kind],
        returned: Kind,
        approach: Approach,
        file: str,
        types: Typed | None,
    ) -> None:
        """``types`` are those of all expressions, where they are certain."""
        self.described, self.signature, self.kinds, self.returned = described, signature, kinds, returned
        self.approach, self.file, self.types = approach, file, types
        #: What the function that was written calls.
        self.helpers = ""
        #: Whether it works.
        self.works = False

    def text(self) -> str:
        """The text of the file. Raises :class:`doubles_lab.ceiling.sources.Refused`."""
        suffix = self.approach.suffixes[0]
        text = self.rendered(f"new/{self.approach.name}{suffix}.j2")
        return formatted(f"{text.strip()}\n", suffix)

    def library(self) -> str:
        """The text of ``lib.c``, if the file is about that."""
        if self.approach.name not in ("ctypes", "cffi_api"):
            return ""
        return formatted(f"{self.rendered(f'new/{LIBRARY}.j2').strip()}\n", ".c")

    def rendered(self, template: str) -> str:
        """A template of the approaches, with all that is known."""
        s = self.signature
        form = next((each for each in reversed(self.approach.forms) if fits(each, s, "")), None)
        function = Function(s.name, self.approach.name, form.name if form else "", FLOOR, s)
        return (
            environment("approaches")
            .get_template(template)
            .render(
                s=s,
                f=function,
                name=s.name,
                target=self.described.reference,
                title=self.approach.title,
                todo=self.todo(),
                hint=self.hint(),
                own=self.described.own,
                generator=self.described.generator,
                writer=self,
                languages=languages,
                ignored=IGNORED,
            )
        )

    def todo(self) -> str:
        """What a function that is not written yet says."""
        names = ", ".join(each.name for each in self.signature.arguments) or "nothing"
        file = LIBRARY if self.approach.name in ("ctypes", "cffi_api") else self.file
        if self.returned.name == "None":
            return f"do what {self.described.reference} does to {names}, in {file}"
        return f"make {self.returned} of {names}, in {file}"

    def hint(self) -> str:
        """The comment that says what makes it fast."""
        present = set(whats(self.signature))
        said = [each.text for each in self.approach.hints if not each.of or present & set(each.of)]
        mark = COMMENTS[self.approach.suffixes[0]]
        text = f"To make it fast: {'; '.join(said)}."
        return "\n".join(textwrap.wrap(text, COLUMNS, initial_indent=f"{mark} ", subsequent_indent=f"{mark} "))

    def copied(self, header: Callable[[str], str] | None = None) -> str:
        """The function's own source, with what it imports; "" where it has none. ``header`` makes it under a name."""
        own = self.described.own
        if own is None:
            return ""
        self.works = True
        name = f"_{self.signature.name}" if self.described.generator else self.signature.name
        text = header(name) if header is not None else own.renamed(name)
        if self.described.generator:
            arguments = ", ".join(each.name for each in self.signature.arguments)
            text += f"\n\ndef {self.signature.name}({arguments}):\n    return list({name}({arguments}))\n"
        return text

    def raising(self) -> str:
        """A function in Python that says what is to be written."""
        arguments = ", ".join(each.name for each in self.signature.arguments)
        said = f'raise NotImplementedError("not written yet: {self.todo()}")'
        why = f"    # It cannot be copied: {self.described.without}.\n" if self.described.without else ""
        return f"def {self.signature.name}({arguments}):\n{why}    {said}\n"

    def imports(self, end: str = "") -> str:
        """The lines that import what the function's source uses; ``end`` stands at those of the user's own modules."""
        own = self.described.own
        found: dict[str, list[str]] = {}
        for line in sorted(set(own.imports.values())) if own is not None else []:
            module, _, name = line.partition(" import ")
            found.setdefault(module, []).append(name)
        plain = sorted(each for each in found if each.startswith("import "))
        lines = plain + [f"{each} import {', '.join(found[each])}" for each in found if each not in plain]
        known = standard_modules()
        return "".join(f"\n{each}{'' if each.split()[1].partition('.')[0] in known else end}" for each in lines)

    def certain(self) -> set[str]:
        """The arguments that can have a type of C: never assigned to, and numbers only where they are computed with."""
        own = self.described.own
        if own is None:
            return set()
        inner = {
            each.value.id
            for each in ast.walk(own.tree)
            if isinstance(each, (ast.Attribute, ast.Subscript, ast.Starred)) and isinstance(each.value, ast.Name)
        }
        if self.in_cython():
            return {each.name for each in self.signature.arguments}
        typed = {"float": inner, "str": set(), "bytes": set(), "list": set(), "dict": set()}
        return {
            each.name
            for each in self.signature.arguments
            if each.name not in own.assigned() and each.name not in typed.get(each.shape.what, {each.name})
        }

    def in_pyx(self, typed: str) -> str:
        """The function's own source for Cython, where that knows all of its syntax, with typed arguments if it can."""
        own = self.described.own
        if own is None or (sys.version_info >= (3, 10) and own.has(ast.Match)):
            return ""
        return self.copied(self.headed(typed))

    def headed(self, typed: str) -> Callable[[str], str] | None:
        """What makes the source with typed arguments, where its own are simple enough to be replaced."""
        own = self.described.own
        names = [each.name for each in self.signature.arguments]
        if own is None or not own.simple or [each.arg for each in own.tree.args.args] != names:
            return None
        return lambda name: f"def {name}({typed.strip()}):\n{own.body(name, self.declarations())}"

    def in_cython(self) -> bool:
        """Whether Cython can have a type of C for each variable, and raises where an int has not 64 bits."""
        own = self.described.own
        return own is not None and self.types is not None and not self.types.unchecked and not own.has(ast.GeneratorExp)

    def declarations(self) -> str:
        """The lines that declare the variables for Cython."""
        found: dict[str, list[str]] = {}
        for name, of in self.types.variables.items() if self.types is not None and self.in_cython() else ():
            found.setdefault(OF_CYTHON.get(of, "list"), []).append(name)
        return "".join(f"    cdef {kind} {', '.join(names)}\n" for kind, names in found.items())

    def mutable(self, name: str) -> bool:
        """Whether the function assigns to an argument."""
        return self.types is not None and name in self.types.changed

    def native(self, language: languages.Language, name: str = "") -> str:
        """The body of the function in a language, if all types in it are certain and the language has them; or ""."""
        if self.types is None:
            return ""
        used = {*self.types.arguments.values(), *self.types.variables.values(), self.types.returned}
        if language in (languages.C, languages.LIBRARY) and any(
            each in ELEMENTS for each in self.types.variables.values()
        ):
            return ""  # a list that is made
        if language is languages.LIBRARY and used & {TEXT, CHARACTER, "list[bool]"}:
            return ""
        if language is languages.RUST and TEXT in self.types.indexed:
            return ""  # UTF-8 has no index of characters
        writer = native.Writer(self.types, language, name or self.signature.name)
        text = writer.body()
        self.helpers = writer.helpers()
        self.works = True
        return text

    def annotated(self, name: str) -> str:
        """The source with the types that were seen, if mypy finds nothing wrong with those; else without any."""
        own = self.described.own
        assert own is not None
        names = [each.arg for each in own.tree.args.args]
        of_arguments = {each: annotation(kind) for each, kind in zip(names, self.kinds)}
        returned = "" if self.described.generator else annotation(self.returned)
        typed = own.with_header(name, of_arguments, returned)
        module = f"from __future__ import annotations\n{self.imports(IGNORED)}\n\n{typed}"
        if all(of_arguments.values()) and own.simple and mypyc.accepts(module):
            return typed
        return own.with_header(name, {})

    def compiled(self) -> str:
        """The source for Numba, where that compiles all of it and gives the same types; "" if not."""
        own, name = self.described.own, self.signature.name
        if own is None or not own.simple or self.described.generator or own.has(ast.GeneratorExp):
            return ""
        if self.types is None:
            if not self.of_arrays():
                return ""
            checks = ", boundscheck=True" if own.has(ast.Subscript) else ""
            return self.copied(lambda name: f"@njit(cache=True{checks})\n{own.with_header(name, {})}")
        arguments = {each: OF_NUMBA.get(of, "") for each, of in self.types.arguments.items()}
        returned = OF_NUMBA.get(self.types.returned, "") if self.types.returned not in ELEMENTS else ""
        if not all((*arguments.values(), returned)) or CHARACTER in self.types.variables.values():
            return ""
        lists = {each: of for each, of in arguments.items() if of.endswith("[::1]")}
        inner = f"_{name}" if lists else name
        checks = ", boundscheck=True" if self.types.indexed else ""
        text = f'@njit("{returned}({", ".join(arguments.values())})", cache=True{checks})\n{own.with_header(inner, {})}'
        if INT in {*self.types.variables.values(), *self.types.arguments.values(), self.types.returned}:
            text = f"# An int that needs more than 64 bits wraps around here, where Python's grows.\n{text}"
        if lists:
            given = [f'np.array({each}, "{lists[each][:-5]}")' if each in lists else each for each in arguments]
            text += f"\n\ndef {name}({', '.join(arguments)}):\n    return {inner}({', '.join(given)})\n"
        self.works = True
        return text

    def of_arrays(self) -> bool:
        """Whether it computes with arrays and numbers alone, and by means of NumPy."""
        own = self.described.own
        assert own is not None
        plain = all(
            each.shape.what in ("array", "int", "float", "bool") and each.shape.dtype != "object"
            for each in self.signature.arguments
        )
        strange = (
            ast.Try,
            ast.With,
            ast.Dict,
            ast.DictComp,
            ast.SetComp,
            ast.Set,
            ast.JoinedStr,
            ast.keyword,
            ast.Lambda,
        )
        return (
            plain
            and self.signature.arrays
            and self.signature.result.what in ("array", "int", "float", "bool")
            and set(own.imports.values()) <= {"import numpy as np", "import math", "import numpy"}
            and not own.has(*strange)
        )


def annotation(kind: Kind) -> str:
    """A kind as an annotation that mypyc makes use of; "" if it has none."""
    if kind.name in ("object", "other", "array", "callable", "iterator", "nothing"):
        return ""
    if any(not annotation(each) for each in kind.inside):
        return ""
    return str(kind)


def whats(signature: Signature) -> list[str]:
    """What is among the arguments and the result of a signature, and "numbers" for a list of them."""
    shapes: list[Shape] = [signature.result, *(each.shape for each in signature.arguments)]
    found = [each.what for shape in shapes for each in shape.every()]
    return [*found, *("numbers" for each in signature.arguments if number_list(each.shape))]

"""Writes the source files of a problem: for each approach one with the right signature, and a body if it is known."""

from __future__ import annotations

import ast
import os
import tempfile
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from doubles_lab import approaches
from doubles_lab.approaches import build
from doubles_lab.approaches.approach import Approach
from doubles_lab.approaches.shared import LIBRARY
from doubles_lab.ceiling.signature import Shape, Signature, number_list
from doubles_lab.ceiling.sources import FLOOR, Function, Refused, environment, fits, formatted
from doubles_lab.implementation import Unavailable
from doubles_lab.observed import Kind
from doubles_lab.scaffold.describing import Described

#: What is written unless the user names others: Python that is compiled, and the usual bindings of Rust and C++.
USUAL = ("cython", "mypyc", "pyo3", "pybind11")
#: What a comment begins with, by the suffix of a file.
COMMENTS = {".py": "#", ".pyx": "#", ".rs": "//", ".c": "//", ".cpp": "//"}
#: Columns of a comment.
COLUMNS = 110


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
    for name in chosen:
        approach = with_templates()[name]
        file = f"{name}{approach.suffixes[0]}"
        writer = Writer(described, signature, kinds, returned, approach, file)
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
    ) -> None:
        self.described, self.signature, self.kinds, self.returned = described, signature, kinds, returned
        self.approach, self.file = approach, file
        #: Whether the function that was written works.
        self.works = False

    def text(self) -> str:
        """The text of the file. Raises :class:`doubles_lab.ceiling.sources.Refused`."""
        suffix = self.approach.suffixes[0]
        text = self.rendered(f"new/{self.approach.name}{suffix}.j2")
        return formatted(f"{text.strip()}\n", suffix)

    def library(self) -> str:
        """The text of ``lib.c``, if the file is about that."""
        return ""

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
            )
        )

    def todo(self) -> str:
        """What a function that is not written yet says."""
        names = ", ".join(each.name for each in self.signature.arguments) or "nothing"
        if self.returned.name == "None":
            return f"do what {self.described.reference} does to {names}, in {self.file}"
        return f"make {self.returned} of {names}, in {self.file}"

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
        """The lines that import what the function's own source uses."""
        own = self.described.own
        lines = sorted(set(own.imports.values())) if own is not None else []
        return "".join(f"\n{line}{end}" for line in lines)

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
        typed = {"float": inner, "str": set(), "bytes": set(), "list": set(), "dict": set()}
        return {
            each.name
            for each in self.signature.arguments
            if each.name not in own.assigned() and each.name not in typed.get(each.shape.what, {each.name})
        }

    def headed(self, typed: str) -> Callable[[str], str] | None:
        """What makes the source with typed arguments, where its own are simple enough to be replaced."""
        own = self.described.own
        if own is None or not own.simple or len(own.tree.args.args) != len(self.signature.arguments):
            return None
        return lambda name: f"{own.decorators()}def {name}({typed.strip()}):\n{own.body(name)}"

    def annotated(self, name: str) -> str:
        """The source with the types that were seen, if mypy finds nothing wrong with those; else without any."""
        own = self.described.own
        assert own is not None
        names = [each.arg for each in own.tree.args.args]
        of_arguments = {each: annotation(kind) for each, kind in zip(names, self.kinds)}
        returned = "" if self.described.generator else annotation(self.returned)
        typed = own.with_header(name, of_arguments, returned)
        if all(of_arguments.values()) and own.simple and agrees(f"{self.imports('  # type: ignore')}\n\n{typed}"):
            return typed
        return own.with_header(name, {})

    def compiled(self) -> str:
        """The source for Numba, where that compiles all of it and gives the same types; "" if not."""
        return ""


def annotation(kind: Kind) -> str:
    """A kind as an annotation that mypyc makes use of; "" if it has none."""
    if kind.name in ("object", "other", "array", "callable", "iterator", "nothing"):
        return ""
    if any(not annotation(each) for each in kind.inside):
        return ""
    return str(kind)


def agrees(text: str) -> bool:
    """Whether mypy finds nothing wrong with a module, as mypyc has it look; not, if there is no mypy."""
    with tempfile.TemporaryDirectory(prefix="doubles-lab-") as place:
        file = Path(place) / "native.py"
        file.write_text(f"from __future__ import annotations\n{text}", encoding="utf-8")
        try:
            build.run([build.tool("mypy"), "--cache-dir", os.devnull, "--check-untyped-defs", file.name], file.parent)
        except Unavailable:
            return False
    return True


def whats(signature: Signature) -> list[str]:
    """What is among the arguments and the result of a signature, and "numbers" for a list of them."""
    shapes: list[Shape] = [signature.result, *(each.shape for each in signature.arguments)]
    found = [each.what for shape in shapes for each in shape.every()]
    return [*found, *("numbers" for each in signature.arguments if number_list(each.shape))]

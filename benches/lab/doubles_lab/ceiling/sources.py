"""Writes the floors of a function: a problem's folder with a source file for each approach."""

from __future__ import annotations

import functools
import json
import math
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from doubles_lab import approaches
from doubles_lab.approaches.approach import Approach, Form
from doubles_lab.ceiling.signature import CHARACTERS, Shape, Signature
from doubles_lab.folder import FILE

#: The parts of a call that a function of a source makes: all, all but a new result, and nothing but the call.
FLOOR, TAKING, BARE = "floor", "taking", "bare"
#: What approaches are asked unless the user names others.
USUAL = ("pyo3", "cython", "pybind11", "numpy")

#: What formats a source, by its suffix, from its standard input to its standard output.
FORMATTERS = {
    ".rs": ["rustfmt", "--edition", "2024", "--config", "max_width=120"],
    ".c": ["clang-format", "--style", "{BasedOnStyle: Google, ColumnLimit: 120}"],
    ".cpp": ["clang-format", "--style", "{BasedOnStyle: Google, ColumnLimit: 120, SortIncludes: false}"],
}


class Refused(Exception):
    """A form cannot express a signature. Its text says what."""


@dataclass(frozen=True)
class Function:
    """A function of a source."""

    name: str
    approach: str
    form: str
    part: str
    signature: Signature
    #: What its arguments are taken as.
    taken: str = ""
    #: The variant of the inputs that it takes.
    variant: str = ""

    @property
    def implementation(self) -> str:
        """What the lab calls it."""
        return f"{self.approach}{self.name[len(self.signature.name) :]}".replace("_", "-")


@dataclass(frozen=True)
class Without:
    """A form of an approach that has no floor, and why."""

    approach: str
    form: str
    reason: str


@dataclass(frozen=True)
class Written:
    """What was written."""

    functions: tuple[Function, ...]
    without: tuple[Without, ...]


def with_floors() -> dict[str, Approach]:
    """The approaches that have a template for floors, by name."""
    return {name: each for name, each in approaches.find().items() if "forms" in vars(type(each))}


def write(folder: Path, signature: Signature, chosen: Sequence[str]) -> Written:
    """Writes the problem and the sources of the chosen approaches into a folder, which has nothing else then."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = {FILE: environment("ceiling").get_template("problem.py.j2").render(s=signature)}
    functions: list[Function] = []
    without: list[Without] = []
    # By file, the functions in it, each once.
    beside: dict[str, dict[str, Function]] = {}
    for name in chosen:
        approach = with_floors()[name]
        module = template_of(approach).make_module()
        here: list[Function] = []
        if signature.arrays and not any(form.arrays for form in approach.forms):
            without.append(Without(name, approach.forms[0].name, f"{approach.title} has no type for arrays"))
        for each in functions_of(approach, signature):
            try:
                module.function(each)  # type: ignore[attr-defined]
                module.file([each], signature)  # type: ignore[attr-defined]
            except Refused as reason:
                if each.part == FLOOR:
                    without.append(Without(name, each.form, str(reason)))
            else:
                here.append(each)
        if any(each.part == FLOOR for each in here):
            text: str = module.file(here, signature)  # type: ignore[attr-defined]
            sources[f"{name}{approach.suffixes[0]}"] = formatted(f"{text.strip()}\n", approach.suffixes[0])
            functions += here
            for file in approach.beside:
                beside.setdefault(file, {}).update({each.name: each for each in here})
    for file, shared in beside.items():
        module = environment("approaches").get_template(f"{file}.j2").make_module()
        text = module.file(list(shared.values()), signature)  # type: ignore[attr-defined]
        sources[file] = formatted(f"{text.strip()}\n", Path(file).suffix)
    for old in folder.iterdir():
        if old.is_file() and old.name not in sources:
            old.unlink()
    for file, text in sources.items():
        path = folder / file
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    return Written(tuple(functions), tuple(without))


def formatted(text: str, suffix: str) -> str:
    """A source as its language's formatter has it, where that is installed; with two empty lines in a row at most."""
    text = re.sub(r"\n{3,}", "\n\n\n" if suffix in (".py", ".pyx") else "\n\n", text)
    command = FORMATTERS.get(suffix, [])
    if not command or shutil.which(command[0]) is None:
        return text
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout if done.returncode == 0 and done.stdout else text


def functions_of(approach: Approach, signature: Signature) -> Iterable[Function]:
    """The functions that a source has, if its approach can express them."""
    variants = [("", signature)]
    if signature.listed:
        variants.append(("array", signature.as_arrays()))
    for variant, each in variants:
        end = f"_{variant}" if variant else ""
        forms = [form for form in approach.forms if fits(form, each, variant)]
        for form in forms:
            yield Function(
                f"{signature.name}_{form.name}{'' if form.name == variant else end}",
                approach.name,
                form.name,
                FLOOR,
                each,
                form.taken,
                variant,
            )
            if each.built and each.converted and approach.bare:
                yield Function(
                    f"{signature.name}_{form.name}_taking{end}",
                    approach.name,
                    form.name,
                    TAKING,
                    each,
                    form.taken,
                    variant,
                )
        if forms and approach.bare and not variant:
            yield Function(f"{signature.name}_bare", approach.name, forms[0].name, BARE, each)


def fits(form: Form, signature: Signature, variant: str) -> bool:
    """Whether a form is for such arguments."""
    wanted = (signature.collections or not form.collections) and (signature.texts or not form.texts)
    return form.arrays == signature.arrays and wanted


@functools.cache
def environment(of: str) -> jinja2.Environment:
    """The templates of the approaches, or of this package."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader(f"doubles_lab.{of}", "templates"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # it is not HTML
    )

    def refuse(reason: str) -> str:
        raise Refused(reason)

    made.globals.update(
        refuse=refuse,
        ord=ord,
        character=lambda shape: CHARACTERS[shape.detail][1],
        utf8=lambda shape: CHARACTERS[shape.detail][0],
        rust_float=rust_float,
        objects=objects,
    )
    made.filters.update(c_float=c_float, c_string=json.dumps)
    return made


def template_of(approach: Approach) -> jinja2.Template:
    """The template of an approach: ``function`` of one function, and ``file`` of all of a source."""
    return environment("approaches").get_template(f"{approach.name}{approach.suffixes[0]}.j2")


def objects(signature: Signature) -> list[Shape]:
    """The classes of objects among the arguments, each once, with what is inside of others first."""
    found: dict[str, Shape] = {}
    for argument in signature.arguments:
        for each in reversed(list(argument.shape.every())):
            if each.what == "object":
                found.setdefault(each.detail, each)
    return list(found.values())


def rust_float(value: Any) -> str:
    """A number as Rust writes it."""
    value = float(value)
    return f"{value!r}_f64" if math.isfinite(value) else "f64::NAN" if math.isnan(value) else "f64::INFINITY"


def c_float(value: Any) -> str:
    """A number as C writes it, one that is finite."""
    return repr(float(value)) if math.isfinite(float(value)) else "1.5"

"""What is asked of a value besides its count, and the ways to do that."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import doubles_lab.operations
from doubles_lab import registry
from doubles_lab.approaches import build
from doubles_lab.arrays import array_of
from doubles_lab.implementation import Unit, as_it_is

PYTHON, RUST, TOOL, FLOOR = "none", "Rust alone", "another program", "the result alone"
#: The input that shows what starting a program takes.
NOTHING = "nothing"


def case(name: str) -> Any:
    """The input of that case."""
    return next(each for each in registry.find_cases() if each.name == name).make()


#: Makes the inputs that most operations have.
INPUTS: Mapping[str, Callable[[], Any]] = {
    "letters": lambda: case("article"),
    "DNA": lambda: case("dna"),
    "log": lambda: case("log"),
}


@dataclass(frozen=True)
class Operation:
    """An operation."""

    #: As the bindings call it.
    name: str
    #: Its place among the others.
    number: int
    about: str
    #: What it must give for an input, in plain Python. Never by one of the ways that need a package.
    meaning: Callable[[Any], Any]
    #: The way in plain Python that the others are compared with.
    baseline: str
    inputs: Mapping[str, Callable[[], Any]] = field(default_factory=lambda: INPUTS)


@dataclass(frozen=True)
class Way(Contender):
    """A way to do an operation: a contender whose result is more than a count."""

    #: Makes of the result what the operation means; not timed.
    plain: Callable[[Any], Any] = as_it_is
    #: The inputs that it is for; all if there is none.
    only: tuple[str, ...] = ()


class Timed:
    """What is loaded of a way that times itself."""

    def __call__(self, argument: Any) -> Any:
        """One call."""
        return self.timed(argument, 1)[1]

    def timed(self, argument: Any, calls: int) -> tuple[int, Any]:
        """The nanoseconds of so many calls, and the result of the last."""
        raise NotImplementedError


def find_operations() -> list[tuple[Operation, list[Way]]]:
    """Every operation with its ways, by number."""
    found = []
    for file in registry.modules_of(doubles_lab.operations):
        module = registry.load_file(file)
        found.append((module.OPERATION, [dataclasses.replace(way, file=str(file)) for way in module.CONTENDERS]))
    return sorted(found, key=lambda each: each[0].number)


# The kinds of ways. What a way takes is at hand; making it is not timed.


def python(name: str, function: Callable[[Any], Any], gives: str, takes: str = "the str", **more: Any) -> Way:
    """Plain Python, with what comes with it."""
    return Way(name, Unit.CHARACTERS, lambda: function, "Python", PYTHON, f"{takes}; {gives}", "plain Python", **more)


def bindings(function: str, gives: str, **arguments: Any) -> list[Way]:
    """The function of that name of both bindings, with these arguments besides the value."""
    return both(lambda module: partly(getattr(module, function), arguments), gives)


def partly(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Callable[..., Any]:
    """The function with these arguments; itself, if there are none."""
    return functools.partial(function, **arguments) if arguments else function


def both(
    load: Callable[[Any], Callable[[Any], Any]], gives: str, suffix: str = "", takes: str = "the str", **more: Any
) -> list[Way]:
    """What is made of the module of each binding."""
    return [
        Way(
            f"{name}{suffix}",
            Unit.CHARACTERS,
            lambda module=module: load(importlib.import_module(module)),  # type: ignore[misc]
            "Rust",
            binding,
            f"{takes}; {gives}",
            "this project",
            packages=(module.replace("_", "-"),),
            **more,
        )
        for name, module, binding in (
            ("pyo3", "doubles_pyo3", "PyO3"),
            ("rust-cpython", "doubles_cpython", "rust-cpython"),
        )
    ]


def more_itertools(name: str, load: Callable[[], Callable[[Any], Any]], gives: str, **more: Any) -> Way:
    """What the package more-itertools has."""
    return Way(
        name,
        Unit.CHARACTERS,
        load,
        "Python",
        "more-itertools",
        f"the str; {gives}",
        "its documentation",
        packages=("more-itertools",),
        **more,
    )


def numpy(name: str, load: Callable[[], Callable[[Any], Any]], gives: str, **more: Any) -> Way:
    """NumPy, on an array of the characters that is there."""
    return Way(
        name,
        Unit.ELEMENTS,
        load,
        "C",
        "NumPy",
        f"an array; {gives}",
        "the best of the versions that were measured",
        prepare=array_of,
        packages=("numpy",),
        **more,
    )


def polars(name: str, load: Callable[[], Callable[[Any], Any]], gives: str, **more: Any) -> Way:
    """Polars, on a column of the characters that is there."""

    def column_of(val: str) -> Any:
        return importlib.import_module("polars").Series("val", array_of(val))

    return Way(
        name,
        Unit.ELEMENTS,
        load,
        "Rust",
        "Polars",
        f"a column; {gives}",
        "as its users write it",
        prepare=column_of,
        packages=("polars",),
        **more,
    )


def floor(name: str, function: Callable[[Any], Any], gives: str, prepare: Callable[[Any], Any]) -> Way:
    """The result made of numbers that are there, by what CPython has in C: what no way that gives it can be without."""
    return Way(name, Unit.CHARACTERS, lambda: function, "C", FLOOR, gives, "plain Python", prepare=prepare)


def file_of(content: bytes) -> Any:
    """A file with that content, which is there as long as it is used."""
    file = tempfile.NamedTemporaryFile()  # noqa: SIM115
    file.write(content)
    file.flush()
    return file


def tool(
    name: str,
    command: Sequence[str],
    gives: str,
    content: Callable[[str], bytes] = str.encode,
    plain: Callable[[Any], Any] = bytes.decode,
    only: tuple[str, ...] = (),
    language: str = "C",
) -> Way:
    """A program that reads a file as its standard input, and whose output comes over a pipe."""

    def load() -> Callable[[Any], bytes]:
        found = [build.tool(command[0]), *command[1:]]

        def function(file: Any) -> bytes:
            file.seek(0)
            return subprocess.run(found, stdin=file, stdout=subprocess.PIPE, check=True).stdout

        return function

    return Way(
        name,
        Unit.BYTES,
        load,
        language,
        TOOL,
        f"a file; {gives}",
        " ".join(command),
        prepare=lambda val: file_of(content(val)),
        plain=plain,
        only=only,
    )


def rust(operation: str, gives: str, plain: Callable[[Any], Any] = as_it_is) -> Way:
    """The core in a program of its own, which times itself: no Python is in it."""

    class Program(Timed):
        def __init__(self) -> None:
            self.program = build.cargo_program("benches/criterion", "operations")

        def timed(self, argument: Any, calls: int) -> tuple[int, Any]:
            command = [str(self.program), operation, argument.name, str(calls)]
            reply = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
            return int(reply["ns"]), reply["result"]

    return Way(
        "rust",
        Unit.BYTES,
        Program,
        "Rust",
        RUST,
        f"the bytes; {gives}",
        "this project",
        prepare=lambda val: file_of(val.encode()),
        plain=plain,
    )

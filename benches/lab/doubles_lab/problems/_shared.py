"""What the problems besides ``count_doubles`` share: variants of a text, facts about implementations, and equality.

Their recorded results know each implementation by its name, and what it takes and gives by ``access``.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import marshal
import math
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from doubles_lab.approaches import build
from doubles_lab.arrays import array_of
from doubles_lab.implementation import Divergence, Implementation, Raises
from doubles_lab.problem import Equal, Input, Variant, exact
from doubles_lab.problems import _inputs

#: The bindings of implementations that have none in the strict sense.
PYTHON, RUST, TOOL, FLOOR = "none", "Rust alone", "another program", "the result alone"

# Inputs and their variants.

TEXTS = [
    Input("letters", _inputs.letters, about="1,000,000 random letters"),
    Input("DNA", _inputs.dna, about="1,000,000 random bases"),
    Input("log", _inputs.log, about="40,000 lines of a log, one in six blank"),
]
#: The tag of the input that shows how long a program takes to start.
START = "start"
NOTHING = Input("nothing", str, about="the empty text", tags=(START,))


def ascii_of(val: str) -> bytes:
    """A text as bytes, each of which is a character. Raises ``ValueError`` for a text that has none."""
    return val.encode("ascii")


def file_of(content: bytes) -> Any:
    """A temporary file with that content, which exists as long as the object does."""
    file = tempfile.NamedTemporaryFile()
    file.write(content)
    file.flush()
    return file


def of_text(name: str, make: Callable[[str], Any], about: str) -> Variant:
    """A variant of an input that is one text."""
    return Variant(name, lambda call: make(*call.args), about)


def column_of(val: str) -> Any:
    """A Polars series of the code points."""
    return importlib.import_module("polars").Series("val", array_of(val))


ARRAY = of_text("array", array_of, "a NumPy array of the code points")
COLUMN = of_text("column", column_of, "a Polars series of the code points")
FILE = of_text("file", lambda val: file_of(ascii_of(val)), "a file with the text, which is ASCII")


# Facts about implementations in source files.


def python(name: str, function: str, gives: str, takes: str = "the str", **more: Any) -> Implementation:
    """Plain Python."""
    return Implementation(
        name,
        language="Python",
        binding=PYTHON,
        access=f"{takes}; {gives}",
        origin="plain Python",
        source="python.py",
        function=function,
        **more,
    )


def numpy(name: str, function: str, gives: str) -> Implementation:
    """NumPy on an array of the characters."""
    return Implementation(
        name,
        language="C",
        access=f"an array; {gives}",
        origin="the best of the versions that were measured",
        variant=ARRAY.name,
        source="numpy.py",
        function=function,
    )


def polars(name: str, function: str, gives: str) -> Implementation:
    """Polars on a column of the characters."""
    return Implementation(
        name,
        language="Rust",
        access=f"a column; {gives}",
        origin="as its users write it",
        variant=COLUMN.name,
        source="polars.py",
        function=function,
    )


def of(name: str, source: str, function: str, access: str, *divergences: Divergence, **more: Any) -> Implementation:
    """What there is to say of a function in a source file of any approach."""
    return Implementation(name, access=access, source=source, function=function, divergences=divergences, **more)


#: An int and a float as most languages write them.
INT, FLOAT = (
    re.compile(r"[+-]?[0-9]+"),
    re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?|nan)", re.IGNORECASE | re.ASCII),
)


def rows_of(text: str) -> list[list[str]]:
    """The fields of records; none where a line has not three."""
    rows = [line.split(",") for line in text.split("\n") if line]
    return rows if all(len(row) == 3 for row in rows) else []


def raises_on_other_numbers(exception: str, after: str = "") -> Divergence:
    """A record with a number as Python alone writes it, or with one of more than 64 bits, raises ``exception``.

    ``after`` may follow the last number of a line.
    """

    def plain(key: str, price: str) -> bool:
        return bool(INT.fullmatch(key) and FLOAT.fullmatch(price)) and -(1 << 63) <= int(key) < 1 << 63

    def outcome(text: str) -> Raises | None:
        return None if all(plain(row[0], row[2].removesuffix(after)) for row in rows_of(text)) else Raises(exception)

    return Divergence(f"only numbers of ASCII without blanks and underscores, of 64 bits: {exception}", outcome)


def out_of_range(text: str) -> Raises | None:
    """What std::from_chars makes of a float in a record that is too large, or so small that it is zero."""
    for price in [row[2].lower() for row in rows_of(text)]:
        if FLOAT.fullmatch(price) and "n" not in price:
            if math.isinf(float(price)) or (float(price) == 0 and re.search("[1-9]", price.partition("e")[0])):
                return Raises("ValueError")
    return None


OUT_OF_RANGE = Divergence("a float that is infinite or zero for lack of range raises ValueError", out_of_range)


# Implementations that are no source file of an approach.


def reference(name: str, function: Callable[..., Any], gives: str, takes: str = "the str") -> Implementation:
    """The reference of the problem, under the name that it has among the implementations."""
    return Implementation(
        name,
        language="Python",
        binding=PYTHON,
        access=f"{takes}; {gives}",
        origin="plain Python",
        load=lambda: function,
    )


def beside(problem: str, module: str) -> Callable[[], Any]:
    """What loads the function named like the problem from a module in its folder that is for no approach."""
    return lambda: getattr(importlib.import_module(f"doubles_lab.problems.{problem}.{module}"), problem)


def bindings(function: str, gives: str, **arguments: Any) -> list[Implementation]:
    """A function of both bindings, called with ``arguments`` besides the value."""
    return both(lambda module: partly(getattr(module, function), arguments), gives)


def partly(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Callable[..., Any]:
    """The function with these arguments bound; the function itself if there are none."""
    return functools.partial(function, **arguments) if arguments else function


def both(
    load: Callable[[Any], Callable[[Any], Any]], gives: str, suffix: str = "", takes: str = "the str", **more: Any
) -> list[Implementation]:
    """What ``load`` makes of the module of each binding."""
    return [
        Implementation(
            f"{name}{suffix}",
            language="Rust",
            binding=binding,
            access=f"{takes}; {gives}",
            origin="this project",
            load=lambda module=module: load(importlib.import_module(module)),  # type: ignore[misc]
            packages=(module.replace("_", "-"),),
            **more,
        )
        for name, module, binding in (
            ("pyo3", "doubles_pyo3", "PyO3"),
            ("rust-cpython", "doubles_cpython", "rust-cpython"),
        )
    ]


def more_itertools(name: str, problem: str, gives: str) -> Implementation:
    """The function in ``more_itertools.py`` in the folder of a problem."""
    return Implementation(
        name,
        language="Python",
        binding="more-itertools",
        access=f"the str; {gives}",
        origin="its documentation",
        load=beside(problem, "more_itertools"),
        packages=("more-itertools",),
    )


def rapidfuzz(load: Callable[[], Callable[..., Any]], access: str) -> Implementation:
    """The library for such distances."""
    return Implementation(
        "rapidfuzz",
        language="C++",
        binding="rapidfuzz",
        access=access,
        origin="its documentation",
        load=load,
        packages=("rapidfuzz",),
    )


def floor(name: str, function: Callable[[Any], Any], gives: str, variant: str) -> Implementation:
    """The result alone, made by C code of CPython from numbers that exist: nothing that gives it is faster."""
    return Implementation(
        name,
        language="C",
        binding=FLOOR,
        access=gives,
        origin="plain Python",
        load=lambda: function,
        variant=variant,
    )


def tool(
    name: str,
    command: Sequence[str],
    gives: str,
    variant: str = FILE.name,
    only: tuple[str, ...] = (),
    language: str = "C",
) -> Implementation:
    """A program that reads a file as its standard input; its result is what it writes to a pipe."""

    def load() -> Callable[[Any], bytes]:
        found = [build.tool(command[0]), *command[1:]]

        def function(file: Any) -> bytes:
            file.seek(0)
            return subprocess.run(found, stdin=file, stdout=subprocess.PIPE, check=True).stdout

        return function

    return Implementation(
        name,
        language=language,
        binding=TOOL,
        access=f"a file; {gives}",
        origin=" ".join(command),
        load=load,
        variant=variant,
        only=(*only, NOTHING.name) if only else (),
    )


class Program:
    """The core in a program of its own, which times itself; ``plain`` converts the result from JSON."""

    def __init__(self, operation: str, plain: Callable[[Any], Any]) -> None:
        self.program = build.cargo_program("benches/criterion", "operations")
        self.operation, self.plain = operation, plain

    def __call__(self, file: Any) -> Any:
        """One call."""
        return self.timed(file, 1)[1]

    def timed(self, file: Any, calls: int) -> tuple[int, Any]:
        """The nanoseconds of so many calls, and the result of the last."""
        command = [str(self.program), self.operation, file.name, str(calls)]
        reply = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        return int(reply["ns"]), self.plain(reply["result"])


def rust(operation: str, gives: str, plain: Callable[[Any], Any] = lambda result: result) -> Implementation:
    """Rust alone: no Python takes part."""
    return Implementation(
        "rust",
        language="Rust",
        binding=RUST,
        access=f"the bytes; {gives}",
        origin="this project",
        load=lambda: Program(operation, plain),
        variant=FILE.name,
        compiled=True,
    )


# Equality.


def kind(result: Any) -> str:
    """The package and the type of a value: ``numpy.ndarray``, ``polars.Series``, ``builtins.list``."""
    return f"{type(result).__module__.partition('.')[0]}.{type(result).__name__}"


def plain(result: Any) -> Any:
    """Arrays and columns as lists, a frame or a tuple of arrays as a list of rows; anything else as it is."""
    package = kind(result).partition(".")[0]
    if package in ("numpy", "array"):
        return result.tolist()
    if package == "polars":
        return result.rows() if hasattr(result, "rows") else result.to_list()
    if isinstance(result, tuple) and result and all(kind(each) in ("numpy.ndarray", "array.array") for each in result):
        return list(zip(*map(plain, result)))
    return result


def same(result: Any, expected: Any) -> bool:
    """As :func:`exact`, and ten times as fast for a long list of numbers, of strings or of tuples of them."""
    if type(result) is list and type(expected) is list:
        # What marshal writes has the type of every value. Version 2 writes no references, which equal lists differ in.
        with contextlib.suppress(ValueError):
            if marshal.dumps(result, 2) == marshal.dumps(expected, 2):
                return True
    return exact(result, expected)


def equal_once(converted: Callable[[Any], Any]) -> Equal:
    """Equal by value and type, once ``converted`` has made a result what the reference gives."""
    return lambda result, expected: same(converted(result), expected)

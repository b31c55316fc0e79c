"""What an implementation is, and what it says about itself.

An implementation is one approach applied to one problem: a function in a source file of the problem's folder, or what
``load`` returns. Whatever it says that can be checked is checked: what it answers on every input, and each known
divergence from that, exactly.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from doubles_lab.problem import Call, exact, shortened

#: What an implementation takes if nobody makes another form of its arguments.
THE_INPUT = "the input"


class Unit(str, enum.Enum):
    """What is counted, where a problem has several answers."""

    #: Code points of a ``str``. "é" may be one or two of them: written as "e" and an accent it is two
    #: different ones, so "éé" written that way has no doubles at all.
    CHARACTERS = "characters"
    #: Bytes of the text in UTF-8.
    BYTES = "bytes"
    #: Items of the array that is handed over: one for each code point of a text.
    ELEMENTS = "elements"

    def __str__(self) -> str:
        return self.value


class Unavailable(Exception):
    """Raised where an implementation cannot run here. Its text is the reason that the row shows."""


@dataclass(frozen=True)
class Raises:
    """The outcome of a call that raises an exception."""

    #: The name of its class.
    raises: str

    def instead_of(self, outcome: Any, message: str) -> str:
        """What a finding says where this was raised with a message, and the outcome is what is right."""
        must = f"raise {outcome}" if isinstance(outcome, Raises) else f"give {shortened(outcome)}"
        return f"raises {self.raises}{f' ({message})' if message else ''} and must {must}"

    def __str__(self) -> str:
        return self.raises


@dataclass(frozen=True)
class Divergence:
    """A known difference between an implementation and the reference of its unit.

    ``outcome`` takes the arguments as the function does and returns what the implementation gives for them, or ``None``
    where the statement does not apply. It is checked exactly: an implementation that stops behaving as stated is
    reported as broken.
    """

    statement: str
    outcome: Callable[..., Any]


#: The tag of what runs this project's core, whatever lies between: one logic, many bindings.
CORE = "core"

#: Characters of what an implementation says about itself, at most.
LONGEST = 1000


def no_details() -> Mapping[str, str]:
    """The details of an implementation that has none."""
    return {}


@dataclass(frozen=True)
class Implementation:
    """One approach applied to a problem.

    It lies in ``source``, a file of the problem's folder, as ``function``; or ``load`` returns the function. Loading
    happens in a process of its own and may import and build what it likes.
    """

    name: str
    #: What the loop is written in.
    language: str = ""
    #: What lies between Python and the loop; "none" for Python itself.
    binding: str = ""
    #: How it gets at its argument.
    access: str = ""
    #: Where it comes from, in one line.
    origin: str = ""
    #: What it counts; "" where the problem has one answer.
    unit: Unit | str = ""
    tags: tuple[str, ...] = ()
    #: The form of the inputs that it takes, by the name of a :class:`doubles_lab.problem.Variant`; "" for the inputs as
    #: they are. It is made beforehand and not timed: only what a caller would have at hand anyway belongs there.
    variant: str = ""
    #: Whether it also takes ``bytes`` for a ``str``, and then counts those: needed for files that are not UTF-8.
    takes_bytes: bool = False
    divergences: tuple[Divergence, ...] = ()
    #: The inputs that it is for; all if there is none.
    only: tuple[str, ...] = ()
    #: Whether loading compiles something the first time. That is done before anything is measured.
    compiled: bool = False
    #: Flags that it is built with, where that is the point.
    flags: str = ""
    #: Distributions whose versions are recorded with the result.
    packages: tuple[str, ...] = ()
    #: Further facts to record, asked for once it is loaded.
    details: Callable[[], Mapping[str, str]] = no_details
    #: The source, relative to the folder, and the function in it.
    source: str = ""
    function: str = ""
    load: Callable[[], Callable[..., Any]] | None = None
    #: The approach that it is an example of, by its name, where no source file says so; "" for a library.
    approach: str = ""
    #: The folder of its problem; filled in by the discovery.
    folder: str = field(default="", compare=False)
    #: The folder or file that declares it, or what else :func:`doubles_lab.registry.declared_by` takes; filled in by
    #: the discovery.
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        texts = (
            "name",
            "language",
            "binding",
            "access",
            "origin",
            "flags",
            "variant",
            "source",
            "function",
            "approach",
        )
        for field_name in texts:
            if not isinstance(value := getattr(self, field_name), str):
                raise TypeError(f"an implementation's {field_name} is a str, not {type(value).__name__}")
            if len(value) > LONGEST:
                raise ValueError(f"an implementation's {field_name} has at most {LONGEST:,} characters")
        for field_name in ("tags", "packages", "only"):
            value = getattr(self, field_name)
            if not (isinstance(value, (tuple, list)) and all(isinstance(each, str) for each in value)):
                raise TypeError(f"an implementation's {field_name} are a tuple of str, not {value!r}")
        if self.unit != "" and not isinstance(self.unit, Unit):
            raise TypeError(f"an implementation's unit is a Unit, not {type(self.unit).__name__}")
        if not (re.fullmatch(r"\S+", self.name) and self.name.isprintable()):
            raise ValueError(f"an implementation's name is one word, not {self.name!r}")

    @property
    def prepared(self) -> bool:
        """Whether its argument is made from the input beforehand."""
        return bool(self.variant)

    def stated(self, call: Call, of_unit: Any) -> tuple[Any, str]:
        """What the implementation says it gives for a call, and the statement that makes it differ ("" if none).

        ``of_unit`` is what the reference of its unit gives.
        """
        for divergence in self.divergences:
            outcome = call(divergence.outcome)
            if outcome is not None and not exact(outcome, of_unit):
                return outcome, divergence.statement
        return of_unit, ""


def raises_on_empty(exception: str) -> Divergence:
    """The empty text raises ``exception``."""
    return Divergence(f'"" raises {exception}', lambda text: None if text else Raises(exception))


def _raises_unless(holds: Callable[[Any], bool], kind: type, exception: str, statement: str) -> Divergence:
    """An argument of a type for which something does not hold raises ``exception``."""

    def outcome(*args: Any, **kwargs: Any) -> Raises | None:
        found = (each for each in (*args, *kwargs.values()) if isinstance(each, kind))
        return None if all(map(holds, found)) else Raises(exception)

    return Divergence(f"{statement}: {exception}", outcome)


def raises_on_lone_surrogates(exception: str) -> Divergence:
    """A text with a lone surrogate among the arguments, which no UTF-8 can hold, raises ``exception``."""
    return _raises_unless(
        lambda text: not re.search("[\ud800-\udfff]", text), str, exception, "a lone surrogate has no UTF-8"
    )


def raises_beyond_ascii(exception: str) -> Divergence:
    """A text with another character than those of ASCII among the arguments raises ``exception``."""
    return _raises_unless(str.isascii, str, exception, "takes ASCII only")


def raises_beyond_64_bits(exception: str) -> Divergence:
    """An ``int`` that 64 bits with a sign do not hold raises ``exception``."""
    return _raises_unless(lambda number: -(1 << 63) <= number < 1 << 63, int, exception, "an int beyond 64 bits")


def raises_for_others(exception: str, kind: type = int) -> Divergence:
    """An argument that is no ``kind`` raises ``exception``."""
    return _raises_unless(
        lambda value: isinstance(value, kind), object, exception, f"an argument that is no {kind.__name__}"
    )


#: Arguments by name raise ``TypeError``.
BY_POSITION = Divergence(
    "takes its arguments by position only: TypeError",
    lambda *args, **kwargs: Raises("TypeError") if kwargs else None,
)

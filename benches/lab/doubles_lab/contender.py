"""What a contender is, and what it says about itself.

A contender's file declares it as data. Whatever it says that can be checked is checked: its unit on
every case, and each known divergence from that unit, exactly.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Union


class Unit(str, enum.Enum):
    """What a contender counts."""

    #: Code points of a ``str``. "é" may be one or two of them: written as "e" and an accent it is two
    #: different ones, so "éé" written that way has no doubles at all.
    CHARACTERS = "characters"
    #: Bytes of the text in UTF-8.
    BYTES = "bytes"
    #: Items of the array that the contender is handed: one for each code point of a text.
    ELEMENTS = "elements"

    def __str__(self) -> str:
        return self.value


class Unavailable(Exception):
    """Raised by ``load`` where a contender cannot run here. Its text is the reason that the row shows."""


@dataclass(frozen=True)
class Raises:
    """The outcome of a call that raises an exception."""

    #: The name of its class.
    raises: str

    def __str__(self) -> str:
        return self.raises


#: What a call gives: a count, or an exception.
Outcome = Union[int, Raises]


@dataclass(frozen=True)
class Divergence:
    """A known difference between a contender and its unit.

    ``outcome`` maps a text to what the contender gives for it, or to ``None`` where the statement does
    not apply. It is checked exactly: a contender that stops behaving as stated is reported as broken.
    """

    statement: str
    outcome: Callable[[str], Outcome | None]


#: The tag of what runs this project's core, whatever lies between: one logic, many bindings.
CORE = "core"

#: Characters of what a contender says about itself, at most.
LONGEST = 1000


def as_it_is(val: Any) -> Any:
    """The argument of a contender that takes the ``str`` itself."""
    return val


def no_details() -> Mapping[str, str]:
    """The details of a contender that has none."""
    return {}


@dataclass(frozen=True)
class Contender:
    """One approach to counting doubles.

    ``load`` returns the function; it runs in the contender's own process and may import and build what
    it likes. ``prepare`` makes the argument from the text and is *not* timed: only what a caller would
    have at hand anyway belongs there, and ``access`` must say so.
    """

    name: str
    unit: Unit
    load: Callable[[], Callable[[Any], Any]]
    #: What the loop is written in.
    language: str
    #: What lies between Python and the loop; "none" for Python itself.
    binding: str
    #: How it gets at the string.
    access: str
    #: Where it comes from, in one line.
    origin: str
    tags: tuple[str, ...] = ()
    prepare: Callable[[Any], Any] = as_it_is
    #: Whether it also takes ``bytes``, and then counts those: needed for files that are not UTF-8.
    takes_bytes: bool = False
    divergences: tuple[Divergence, ...] = ()
    #: Whether ``load`` compiles something the first time. That is done before anything is measured.
    compiled: bool = False
    #: Flags that it is built with, where that is the point.
    flags: str = ""
    #: Distributions whose versions are recorded with the result.
    packages: tuple[str, ...] = ()
    #: Further facts to record, asked for once ``load`` has returned.
    details: Callable[[], Mapping[str, str]] = no_details
    #: The file that declares it, or what else :func:`doubles_lab.registry.declared_by` takes; filled in by the
    #: discovery.
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        texts = ("name", "language", "binding", "access", "origin", "flags")
        for field_name in texts:
            if not isinstance(value := getattr(self, field_name), str):
                raise TypeError(f"a contender's {field_name} is a str, not {type(value).__name__}")
            if len(value) > LONGEST:
                raise ValueError(f"a contender's {field_name} has at most {LONGEST:,} characters")
        for field_name in ("tags", "packages"):
            value = getattr(self, field_name)
            if not (isinstance(value, (tuple, list)) and all(isinstance(each, str) for each in value)):
                raise TypeError(f"a contender's {field_name} are a tuple of str, not {value!r}")
        if not isinstance(self.unit, Unit):
            raise TypeError(f"a contender's unit is a Unit, not {type(self.unit).__name__}")
        if not (re.fullmatch(r"\S+", self.name) and self.name.isprintable()):
            raise ValueError(f"a contender's name is one word, not {self.name!r}")

    @property
    def prepared(self) -> bool:
        """Whether its argument is made from the text beforehand."""
        return self.prepare is not as_it_is

    def stated(self, text: str, of_unit: int) -> tuple[Outcome, str]:
        """What the contender says it gives for ``text``, and the statement that makes it differ ("" if none).

        ``of_unit`` is the count of its unit for that text.
        """
        for divergence in self.divergences:
            outcome = divergence.outcome(text)
            if outcome is not None and outcome != of_unit:
                return outcome, divergence.statement
        return of_unit, ""


def raises_on_empty(exception: str) -> Divergence:
    """The empty text raises ``exception``."""
    return Divergence(f'"" raises {exception}', lambda text: None if text else Raises(exception))


def raises_on_lone_surrogates(exception: str) -> Divergence:
    """A text with a lone surrogate, which no UTF-8 can hold, raises ``exception``."""
    return Divergence(
        f"a lone surrogate has no UTF-8: {exception}",
        lambda text: Raises(exception) if re.search("[\ud800-\udfff]", text) else None,
    )

"""An input of a problem at one of its sizes, made: the arguments, and what must come out."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from doubles_lab import copied
from doubles_lab.implementation import Implementation, Raises, Unit
from doubles_lab.problem import Call, Input, Problem


class InputError(Exception):
    """An input that cannot be read. Its text says what and why."""


class NotForThis(Exception):
    """The implementation does not take this input. Its text is the reason."""


class Given:
    """An input, made when it is asked for; what the reference gives for it is worked out once."""

    def __init__(
        self,
        problem: Problem,
        name: str,
        make: Callable[[], Any],
        about: str = "",
        *,
        tags: tuple[str, ...] = (),
        size: int | None = None,
        problem_input: str = "",
        fresh: bool = False,
        known: Mapping[str, Any] | None = None,
    ) -> None:
        """``problem_input`` names the input of the problem, if it is one; ``known`` are outcomes by unit."""
        self.problem, self.name, self.tags, self.size = problem, name, tags, size
        self.problem_input, self.fresh = problem_input, fresh
        self._make, self._about = make, about
        self._outcomes: dict[tuple[str, str], Any] = {(unit, ""): each for unit, each in (known or {}).items()}
        #: What a reference raised first, with its message.
        self.message = ""

    @cached_property
    def call(self) -> Call:
        """The arguments."""
        return Call.of(self._make())

    def again(self) -> Call:
        """Arguments of their own."""
        return Call.of(self._make())

    @property
    def about(self) -> str:
        """What it is, in a line."""
        return self._about or f"{self.problem.name}{self.call}"

    @property
    def value(self) -> Any:
        """The first argument; ``None`` if there is none."""
        return self.call.args[0] if self.call.args else None

    @property
    def text(self) -> str | None:
        """The text, where that is the only argument."""
        return self.value if self._alone and isinstance(self.value, str) else None

    @property
    def _alone(self) -> bool:
        return len(self.call.args) == 1 and not self.call.kwargs

    @cached_property
    def data(self) -> bytes:
        """The bytes: those of the text in UTF-8, lone surrogates included; of other arguments, those that keep them."""
        if self.text is not None:
            return self.text.encode("utf-8", "surrogatepass")
        if self._alone and isinstance(self.value, bytes):
            return self.value
        try:
            return pickle.dumps((self.call.args, self.call.kwargs))
        except Exception:  # what cannot be kept has no bytes
            return repr(self.call).encode("utf-8", "surrogatepass")

    @property
    def is_bytes(self) -> bool:
        """Whether it is bytes for a problem whose inputs are text: those of a file that is not UTF-8."""
        return self._alone and isinstance(self.value, bytes) and str(Unit.BYTES) in self.problem.units

    @property
    def reference(self) -> str:
        """The unit that is ranked by: the problem's, or bytes where there is no text; "" if there are no units."""
        if self.is_bytes:
            return str(Unit.BYTES)
        return next(iter(self.problem.units), "")

    def of(self, unit: str, variant: str = "") -> Any:
        """What the reference of a unit gives, as implementations of a variant must: a value, or :class:`Raises`."""
        unit = str(Unit.BYTES) if self.is_bytes else str(unit) or self.reference
        reference = self.problem.units.get(unit, self.problem.reference)
        form = self.problem.variant(variant).reference if variant else None
        key = unit, variant if form is not None else ""
        if key not in self._outcomes:
            call = self.again() if self.fresh else self.call
            try:
                self._outcomes[key] = call(self.problem.consuming(form or reference))
            except Exception as error:
                self._outcomes[key] = Raises(type(error).__name__)
                self.message = self.message or f"{type(error).__name__}: {error}"
        return self._outcomes[key]

    @property
    def outcomes(self) -> dict[tuple[str, str], Any]:
        """What the references gave so far, by unit and by variant that has one of its own."""
        return self._outcomes

    @property
    def expected(self) -> Any:
        """What the reference gives, by the unit that is ranked."""
        return self.of(self.reference)

    @property
    def counts(self) -> dict[str, int]:
        """The outcome by unit, where they are whole numbers and differ in what they count."""
        units = [self.reference] if self.is_bytes else [unit for unit in self.problem.units if unit != Unit.ELEMENTS]
        return {unit: each for unit in units if type(each := self.of(unit)) is int}

    @property
    def lengths(self) -> dict[str, int]:
        """How long it is, by unit, or its size."""
        if self.is_bytes:
            return {str(Unit.BYTES): len(self.data)}
        if self.text is not None and self.problem.units:
            return {str(Unit.BYTES): len(self.data), str(Unit.CHARACTERS): len(self.text)}
        return {} if self.size is None else {"size": self.size}

    @property
    def length(self) -> int:
        """How long it is: the characters or bytes of a text, or its size."""
        if self.text is not None or self.is_bytes:
            return len(self.value)
        return self.size or 0

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, which a saved result carries."""
        return hashlib.sha256(self.data).hexdigest()


def of_input(problem: Problem, given: Input, size: int | None = None) -> Given:
    """An input of a problem at one of its sizes."""
    name = given.name if size is None else f"{given.name}-{size}"
    make = given.make if size is None else lambda: given.make(size)
    return Given(
        problem, name, make, given.about, tags=given.tags, size=size, problem_input=given.name, fresh=given.fresh
    )


def inputs_of(problem: Problem) -> list[Given]:
    """Every input of a problem at every size."""
    return [of_input(problem, each, size) for each in problem.inputs for size in each.sizes or (None,)]


def edge_cases_of(problem: Problem) -> list[Given]:
    """The edge cases of a problem: each call has one of its own where inputs are fresh, since functions change them."""
    fresh = any(each.fresh for each in problem.inputs)

    def copy(value: Any) -> Callable[[], Any]:
        try:
            kept = copied.dumps(value)
        except Exception:  # what cannot be copied is shared
            return lambda: value
        return lambda: pickle.loads(kept)

    found = []
    for name, value in problem.edge_cases.items():
        given = value if isinstance(value, Input) else Input(name, copy(value), tags=("edge",))
        found.append(Given(problem, name, given.make, given.about, tags=given.tags, fresh=fresh or given.fresh))
    return found


def from_file(problem: Problem, path: str) -> Given:
    """The input that a user's file is: its text, or its bytes where they are not UTF-8.

    Read here and once, so that a file which changes during a run is not half one and half the other.
    Raises :class:`InputError` for what cannot be read or holds nothing.
    """
    file = Path(path)
    if file.is_char_device() or file.is_block_device():
        raise InputError(f"{path}: is a device, not a file")
    try:
        data = file.read_bytes()
    except IsADirectoryError:
        raise InputError(f"{path}: is a directory, not a file") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    if not data:
        raise InputError(f"{path}: is empty, so there is nothing to count")
    name = one_line(file.name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        about = f"the file {name}, not UTF-8 (byte {error.start:,}): counted as bytes"
        return Given(problem, name, lambda: data, about, tags=("file",))
    return Given(problem, name, lambda: text, f"the file {name}", tags=("file",))


def one_line(name: str) -> str:
    """A name without what would break a line or cannot be printed."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name).strip() or repr(name)


def extended(given: Given, more: str) -> Given:
    """The same with ``more`` at the end of each str among its arguments."""

    def longer(each: Any) -> Any:
        return each + more if isinstance(each, str) else each

    def make() -> Call:
        call = given.again()
        return Call(*map(longer, call.args), **{name: longer(each) for name, each in call.kwargs.items()})

    return (
        Given(given.problem, f"{given.name}+{more}", make, given.about, tags=given.tags, size=given.size)
        if more
        else given
    )


class Expectation:
    """What an implementation must give for an input by its own account, and the statement that makes it so ("")."""

    def __init__(self, outcome: Any, statement: str) -> None:
        self.outcome, self.statement = outcome, statement


def expectation(implementation: Implementation, given: Given) -> Expectation:
    """What an implementation must give. Raises :class:`NotForThis` if it does not take such input."""
    if implementation.only and given.problem_input and given.problem_input not in implementation.only:
        raise NotForThis(f"is for {', '.join(implementation.only)}")
    if given.is_bytes:
        if not implementation.takes_bytes:
            raise NotForThis("needs text, and this input is not UTF-8")
        return Expectation(given.expected, "")
    of_unit = given.of(str(implementation.unit), implementation.variant)
    try:
        outcome, statement = implementation.stated(given.call, of_unit)
    except Exception as error:  # it is the implementation's own function
        raise NotForThis(f"what it states cannot be worked out: {type(error).__name__}: {error}") from None
    if not statement and given.problem.units and implementation.unit and outcome != given.expected:
        statement = f"counts {implementation.unit}, not {given.reference}"
    return Expectation(outcome, statement)

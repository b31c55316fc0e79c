"""What a case is: one input, and the counts that it must give."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from doubles_lab import oracle
from doubles_lab.contender import Unit


class CaseError(Exception):
    """An input that cannot be read. Its text says what and why."""


@dataclass(frozen=True)
class Case:
    """A recipe for one input.

    ``make`` returns the text, or ``bytes`` for input that is not text. It must give the same value on
    every machine and Python version: draw from :mod:`doubles_lab.sequence`, not from :mod:`random`.
    """

    name: str
    about: str
    make: Callable[[], str | bytes]
    tags: tuple[str, ...] = ()
    #: The file that declares it; filled in by the discovery.
    file: str = field(default="", compare=False)


class Input:
    """A case once made: its value, its size, and the count that each unit must give.

    The counts come from the pure-Python oracle, at about 50 ns a character, the first time that they are
    asked for.
    """

    def __init__(self, case: Case) -> None:
        self.name = case.name
        self.about = case.about
        self.value = case.make()

    @property
    def text(self) -> str | None:
        """The text; ``None`` for input that is not text."""
        return self.value if isinstance(self.value, str) else None

    @cached_property
    def data(self) -> bytes:
        """The bytes: those of the text in UTF-8, lone surrogates included."""
        return self.value.encode("utf-8", "surrogatepass") if isinstance(self.value, str) else self.value

    @property
    def reference(self) -> Unit:
        """The unit that contenders are ranked by: characters, or bytes where there are no characters."""
        return Unit.BYTES if self.text is None else Unit.CHARACTERS

    @cached_property
    def characters(self) -> int | None:
        """The doubles by character; ``None`` for input that is not text."""
        return None if self.text is None else oracle.count_characters(self.text)

    @cached_property
    def bytes(self) -> int:
        """The doubles by byte."""
        if self.text is not None and self.text.isascii() and self.characters is not None:
            return self.characters  # one byte a character: the same question
        return oracle.count_items(self.data)

    def count(self, unit: Unit) -> int:
        """The doubles by ``unit``. Elements are characters in a text and bytes elsewhere."""
        if unit is Unit.BYTES or self.characters is None:
            return self.bytes
        return self.characters

    @property
    def expected(self) -> int:
        """The doubles by the unit that contenders are ranked by."""
        return self.count(self.reference)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, which a saved result carries."""
        return hashlib.sha256(self.data).hexdigest()


def from_file(path: str) -> Case:
    """The case that a user's file is: its text, or its bytes where they are not UTF-8.

    Read here and once, so that a file which changes during a run is not half one and half the other.
    Raises :class:`CaseError` for what cannot be read or holds nothing.
    """
    file = Path(path)
    if file.is_char_device() or file.is_block_device():
        raise CaseError(f"{path}: is a device, not a file")
    try:
        data = file.read_bytes()
    except IsADirectoryError:
        raise CaseError(f"{path}: is a directory, not a file") from None
    except OSError as error:
        raise CaseError(f"{path}: {error.strerror or error}") from None
    if not data:
        raise CaseError(f"{path}: is empty, so there is nothing to count")
    name = one_line(file.name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        about = f"the file {name}, not UTF-8 (byte {error.start:,}): counted as bytes"
        return Case(name, about, lambda: data, ("file",))
    return Case(name, f"the file {name}", lambda: text, ("file",))


def one_line(name: str) -> str:
    """A name without what would break a line or cannot be printed."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name).strip() or repr(name)

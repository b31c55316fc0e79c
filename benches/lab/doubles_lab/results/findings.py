"""What a verification found, kept in a file, so that it can be shown again."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional, Union

import msgspec

from doubles_lab.given import Given
from doubles_lab.implementation import Raises
from doubles_lab.problem import shortened
from doubles_lab.results import untrusted
from doubles_lab.results.record import Count, Name, Saved, Text, UnitName

FORMAT = "doubles-lab verify 1"


#: A whole number of up to 64 bits, an exception, or a value of another type as Python writes it.
Shown = Union[int, Raises, str]


class NotFindings(Exception):
    """A file that holds no findings. Its text says what is wrong."""


class Checked(Saved):
    """An input that contenders were verified on."""

    name: Name
    about: Text
    #: Its value as Python writes it if that is short, or else its size.
    excerpt: Text
    #: What the reference gives.
    expected: Shown


class Finding(Saved):
    """What one contender did with one input."""

    contender: Name
    unit: UnitName
    case: Name
    #: ``None`` where it gave nothing: it was not there, does not take the input, or its process ended.
    found: Optional[Shown]
    #: What it must give by its own account.
    stated: Optional[Shown]
    #: Why it differs, or why it gave nothing.
    reason: Text
    #: Whether it broke what it states about itself.
    broken: bool
    #: Whether its process crashed then, ended or gave no answer.
    failed: bool = False


class Generated(Saved):
    """What hypothesis generated for contenders to be verified on."""

    #: The types of the arguments.
    of: Text
    seed: Count
    #: The inputs that the reference took, and how many of them each contender was tried on.
    examples: Count
    tried: dict[str, Count]
    #: What limited them, if something did.
    note: Text = ""


class Findings(Saved, tag_field="format", tag=FORMAT):
    """What every contender did with every input."""

    date: Text
    inputs: list[Checked]
    findings: list[Finding]
    generated: Optional[Generated] = None


def checked(given: Given) -> Checked:
    """What is kept of an input."""
    return Checked(given.name, given.about, excerpt(given), told(given.expected))


def told(outcome: Any) -> Any:
    """An outcome as it is kept: a whole number of up to 64 bits, an exception, or a text."""
    plain = outcome is None or isinstance(outcome, Raises) or untrusted.is_whole(outcome)
    return outcome if plain else shortened(outcome)


def excerpt(given: Given) -> str:
    """The arguments of an input as Python writes them, if they are short."""
    if given.text is None and not given.is_bytes:
        return repr(given.call)
    value = ascii(given.value) if given.text is None or not given.text.isprintable() else repr(given.value)
    return value if len(value) <= 40 else f"{len(given.value):,} {given.reference}"


def collect(inputs: Sequence[Given], findings: Sequence[Finding], generated: Optional[Generated] = None) -> Findings:
    """The findings of now."""
    now = datetime.datetime.now().isoformat(sep=" ", timespec="seconds")
    return Findings(now, [checked(given) for given in inputs], list(findings), generated)


def dumps(found: Findings) -> str:
    """The text of saved findings."""
    return json.dumps(msgspec.to_builtins(found), separators=(",", ":")) + "\n"


def read(file: Path) -> Findings:
    """The findings that a file holds. Raises :class:`NotFindings` for any other file."""
    try:
        found = msgspec.convert(untrusted.parsed(untrusted.text_of(file)), Findings)
        names = [given.name for given in found.inputs]
        if len(set(names)) < len(names) or not {each.case for each in found.findings} <= set(names):
            raise ValueError("a case is there twice, or is not among the inputs")
        return found
    except OSError as error:
        raise NotFindings(f"{file}: {error.strerror or error}") from None
    except (ValueError, msgspec.MsgspecError) as error:
        said = f"{type(error).__name__}: {untrusted.shortly(error)}"
        raise NotFindings(f"{file}: is not what doubles-lab verified ({said})") from None

"""What a verification found, kept in a file, so that it can be shown again."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doubles_lab.case import Input
from doubles_lab.contender import Outcome, Raises, Unit
from doubles_lab.measure.verify import Finding
from doubles_lab.results import untrusted

FORMAT = "doubles-lab verify 1"
SCHEMA = "findings.schema.json"


class NotFindings(Exception):
    """A file that holds no findings. Its text says what is wrong."""


@dataclass(frozen=True)
class Checked:
    """An input that contenders were verified on."""

    name: str
    about: str
    #: Its value as Python writes it if that is short, or else its size.
    excerpt: str
    #: The count by the unit that is ranked.
    expected: int


@dataclass(frozen=True)
class Findings:
    """What every contender did with every input."""

    date: str
    inputs: list[Checked]
    findings: list[Finding]


def checked(given: Input) -> Checked:
    """What is kept of an input."""
    return Checked(given.name, given.about, excerpt(given), given.expected)


def excerpt(given: Input) -> str:
    """The value of an input as Python writes it, if it is short."""
    value = ascii(given.value) if given.text is None or not given.text.isprintable() else repr(given.value)
    return value if len(value) <= 40 else f"{len(given.value):,} {given.reference}"


def collect(inputs: Sequence[Input], findings: Sequence[Finding]) -> Findings:
    """The findings of now."""
    now = datetime.datetime.now().isoformat(sep=" ", timespec="seconds")
    return Findings(now, [checked(given) for given in inputs], list(findings))


def dumps(found: Findings) -> str:
    """The text of saved findings."""

    def plain(outcome: Outcome | None) -> object:
        return {"raises": outcome.exception} if isinstance(outcome, Raises) else outcome

    body = {
        "format": FORMAT,
        "date": found.date,
        "inputs": [dataclasses.asdict(given) for given in found.inputs],
        "findings": [
            {
                "contender": finding.contender,
                "unit": str(finding.unit),
                "case": finding.case,
                "found": plain(finding.found),
                "stated": plain(finding.stated),
                "reason": finding.reason,
                "broken": finding.broken,
            }
            for finding in found.findings
        ],
    }
    return json.dumps(body, separators=(",", ":")) + "\n"


def read(file: Path) -> Findings:
    """The findings that a file holds. Raises :class:`NotFindings` for any other file."""

    def outcome(value: Any) -> Outcome | None:
        return Raises(str(value["raises"])) if isinstance(value, dict) else None if value is None else int(value)

    try:
        body = untrusted.parsed(untrusted.text_of(file))
        untrusted.check(body, SCHEMA)
        if body["format"] != FORMAT:
            raise NotFindings(f"{file}: has the format {untrusted.shortly(body['format'])!r}, not {FORMAT!r}")
        names = [given["name"] for given in body["inputs"]]
        if len(set(names)) < len(names) or not {each["case"] for each in body["findings"]} <= set(names):
            raise ValueError("a case is there twice, or is not among the inputs")
        return Findings(
            str(body["date"]),
            [Checked(**given) for given in body["inputs"]],
            [
                Finding(
                    **{
                        **each,
                        "unit": Unit(each["unit"]),
                        "found": outcome(each["found"]),
                        "stated": outcome(each["stated"]),
                    }
                )
                for each in body["findings"]
            ],
        )
    except OSError as error:
        raise NotFindings(f"{file}: {error.strerror or error}") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        said = f"{type(error).__name__}: {untrusted.shortly(error)}"
        raise NotFindings(f"{file}: is not what doubles-lab verified ({said})") from None

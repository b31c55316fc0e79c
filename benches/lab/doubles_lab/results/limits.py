"""How much slower implementations may become, as a ``pyproject.toml`` says.

[tool.doubles-lab.compare]
fail-if-slower = "10%"

[tool.doubles-lab.compare.limits]
"word_count" = "20%"
"word_count/pyo3*" = "5%"
"*/reference" = "off"
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

FILE, OFF = "pyproject.toml", "off"


class LimitsError(Exception):
    """Limits that cannot be read. Its text says where and why."""


@dataclass(frozen=True)
class Limits:
    """Shares of the old time: of all, and by a glob of problem, or of problem and implementation."""

    every: float | None = None
    #: The last one that matches counts; ``None`` is no limit.
    named: Mapping[str, float | None] = field(default_factory=dict)

    def of(self, problem: str, implementation: str) -> float | None:
        """The limit of an implementation of a problem; ``None`` if there is none."""
        limit = self.every
        for pattern, share in self.named.items():
            if fnmatch.fnmatchcase(f"{problem}/{implementation}" if "/" in pattern else problem, pattern):
                limit = share
        return limit

    @property
    def any(self) -> bool:
        """Whether there is one at all."""
        return self.every is not None or any(share is not None for share in self.named.values())


def share_of(value: Any, where: str) -> float | None:
    """A percentage such as ``10%``, as a share of 1; ``None`` for ``off``. Raises :class:`LimitsError`."""
    if value == OFF:
        return None
    found = re.fullmatch(r"(\d+(\.\d+)?) ?%", value) if isinstance(value, str) else None
    if found is None:
        raise LimitsError(f'{where} is a percentage such as "10%", or "{OFF}", not {value!r}')
    return float(found[1]) / 100


def find(directory: Path) -> Path | None:
    """The ``pyproject.toml`` of a directory, or of the nearest one above that has one."""
    return next((each / FILE for each in (directory, *directory.parents) if (each / FILE).is_file()), None)


def read(file: Path) -> Limits:
    """The limits in a file; none, if it says nothing of them. Raises :class:`LimitsError`."""
    try:
        data = msgspec.toml.decode(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, ImportError) as error:  # that of msgspec is a ValueError
        raise LimitsError(f"{file}: {error}") from None
    said = data
    for name in ("tool", "doubles-lab", "compare"):
        said = said.get(name, {}) if isinstance(said, dict) else {}
    where = f"{file}: [tool.doubles-lab.compare]"
    if not isinstance(said, dict):
        raise LimitsError(f"{where} is a table, not {said!r}")
    if unknown := sorted(set(said) - {"fail-if-slower", "limits"}):
        raise LimitsError(f"{where} has fail-if-slower and limits, and no {', '.join(unknown)}")
    named = said.get("limits", {})
    if not isinstance(named, dict):
        raise LimitsError(f"{where}: limits is a table")
    every = said.get("fail-if-slower", OFF)
    return Limits(
        share_of(every, f"{where}: fail-if-slower"),
        {pattern: share_of(value, f"{where}: {pattern}") for pattern, value in named.items()},
    )

"""What went wrong: the cause that the reasons of several rows share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord

#: Causes that reasons share, by a pattern of the reason, the most telling first.
SHARED = {
    r"Python\.h('|: No such file)": "Python.h is missing (Debian: apt install python3-dev)",
    r"cc1plus|command '[^']*\+\+[^']*' failed: No such|directory: '[^']*\+\+[-\d]*'|program \S*\+\+ is not"
    r"|fatal error: '?(cstdint|string_view|iostream)\b": "no C++ compiler (Debian: apt install g++)",
    r"linker `.+` not found|command '[^']*(cc|clang)[-\d]*' failed: No such|directory: '[^']*(cc|clang)[-\d]*'"
    r"|program (cc|gcc|clang) is not": "no C compiler (Debian: apt install gcc)",
    r"fatal error: '?(stdio|stdlib|stdint|string|limits|errno)\.h\b": "the headers of the C library are missing "
    "(Debian: apt install libc6-dev)",
    r"program (cargo|rustc) is not": "no Rust (https://rustup.rs)",
    r"needs the sources in": "needs the repository's sources",
    r"^no longer released": "no longer released",
    r"No space left on device": "no space left on the disk",
}


def shared(reason: str) -> str:
    """What several rows may have in common of the reason that one of them shows."""
    for pattern, cause in SHARED.items():
        if re.search(pattern, reason):
            return cause
    return re.sub(r"^(the build failed: )\S+?(:\d+)+: ", r"\1", reason)


@dataclass(frozen=True)
class LeftOut:
    """The contenders that one cause kept out of a race."""

    cause: str
    contenders: tuple[str, ...]

    def __str__(self) -> str:
        names = f" ({', '.join(self.contenders)})" if len(self.contenders) <= 3 else ""
        return f"{len(self.contenders)} left out{names}: {self.cause}"


def left_out(case: CaseRecord) -> list[LeftOut]:
    """The contenders of a case that were not timed, by cause; the cause that most of them share comes first."""
    found: dict[str, list[str]] = {}
    for row in case.rows:
        if not row.timed:
            wrong = "wrong: " if row.status == record.WRONG else ""
            found.setdefault(wrong + shared(row.reason or row.status), []).append(row.contender)
    groups = [LeftOut(cause, tuple(names)) for cause, names in found.items()]
    return sorted(groups, key=lambda each: -len(each.contenders))


def sentences(case: CaseRecord) -> list[str]:
    """How many contenders were raced, and why the others were not, a line for each cause; none if all were."""
    groups: Sequence[LeftOut] = left_out(case)
    if not groups:
        return []
    raced = len(case.rows) - sum(len(each.contenders) for each in groups)
    return [f"{raced} of {len(case.rows)} contenders were timed.", *map(str, groups)]

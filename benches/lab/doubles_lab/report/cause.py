"""What went wrong: the line of a failed build that says it, and the cause that the reasons of several rows share."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from doubles_lab.results import record
from doubles_lab.results.record import CaseRecord

#: The forms in which compilers and linkers report an error: gcc, clang, MSVC, rustc, mypy and SWIG; Cython; linkers.
COMPILER = re.compile(
    r"^(?:.+?(?::\d+|\(\d+\))+:\s+|\S+:\s+)?(?:fatal )?[Ee]rror(?: [A-Z]+\d+|\[\w+\])?:\s"
    r"|^\S.*\.(?:pyx|pxd|pxi):\d+:\d+:\s"
    r"|undefined reference to|\bld(?:\.\w+)?: (?:cannot find|library not found|symbol)"
)
#: Other errors, such as those of pip, CMake and Python.
ANY = re.compile(
    r"(^|\s|\[)(\w*[Ee]rror|ERROR|fatal error|\w+Exception|LookupError)\b\s*[:\[]?|requires a different Python"
)
#: What compilers, pip, Cargo and setuptools print besides the cause.
BOILERPLATE = re.compile(
    r"Link requires|subprocess-exited-with-error|metadata-generation-failed|Failed building wheel|Failed to build|"
    r"Could not build wheels|failed with exit (code|status)|failed to run custom build command|"
    r"pip subprocess to install|could not compile|CalledProcessError|exit (status|code): 1|failed-wheel-build|"
    r"ResolutionImpossible|ignoring .*error|HINT|Werror|RequestsDependencyWarning|Error compiling Cython file|"
    r"ld returned 1|linker command failed|returned non-zero exit status|\bwarning:"
)
#: Characters of the line, at most.
LONGEST = 200


def of_build(said: str) -> str:
    """The line of a failed build that says most, without directories.

    That is the first that a compiler or a linker reports; else the first error of another program; else the last line.
    """
    lines = [re.sub(r"\s+", " ", line).strip(" │╰─>×") for line in _rendered(said)]
    lines = [line.removeprefix("= note: ") for line in lines if line]
    if not lines:
        return "it said nothing"
    telling = [each for each, line in enumerate(lines) if not BOILERPLATE.search(line)]
    found = next((each for form in (COMPILER, ANY) for each in telling if form.search(lines[each])), len(lines) - 1)
    text = lines[found]
    if text.endswith(":"):  # CMake prints the rest on the next line
        text = " ".join(lines[found : found + 2])
    text = re.sub(r"(?<![\w:/])/(?:[^\s:/'\"]+/)+", "", text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _rendered(said: str) -> Iterable[str]:
    """The lines of an output, with the text of each message in place of the JSON that Cargo makes of it."""
    for line in said.splitlines():
        if line.startswith('{"reason":'):
            yield from ((json.loads(line).get("message") or {}).get("rendered") or "").splitlines()
        else:
            yield line


#: Causes that reasons share, by a pattern of the reason, the most telling first.
SHARED = {
    r"Python\.h('|: No such file)": "Python.h is missing (Debian: apt install python3-dev)",
    r"cc1plus|command '[^']*\+\+[^']*' failed: No such|directory: '[^']*\+\+[-\d]*'|program \S*\+\+ is not"
    r"|fatal error: '?(cstdint|string_view|iostream)\b": "no C++ compiler (Debian: apt install g++)",
    r"linker `.+` not found|command '[^']*(cc|clang)[-\d]*' failed: No such|directory: '[^']*(cc|clang)[-\d]*'"
    r"|program (cc|gcc|clang) is not": "no C compiler (Debian: apt install gcc)",
    r"fatal error: '?(stdio|stdlib|stdint|string|limits|errno)\.h\b": "the headers of the C library are missing "
    "(Debian: apt install libc6-dev)",
    r"program cargo is not": "no Rust (https://rustup.rs)",
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

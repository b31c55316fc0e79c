"""What a failed build says: the one line of its output that names the cause."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

#: Pythran's form, which names the line of Python where the errors before it are of the C++ that is made of that.
OF_PYTHON = re.compile(r"^E: \S+\.py:\d+:\d+ error:\s")
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
#: What says most first.
FORMS = (OF_PYTHON, COMPILER, ANY)
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

    That is what Pythran says of the Python; else the first that a compiler or a linker reports; else the first error of
    another program; else the last line.
    """
    lines = [re.sub(r"\s+", " ", line).strip(" │╰─>×") for line in _rendered(said)]
    lines = [line.removeprefix("= note: ") for line in lines if line]
    if not lines:
        return "it said nothing"
    telling = [each for each, line in enumerate(lines) if not BOILERPLATE.search(line)]
    found = next((each for form in FORMS for each in telling if form.search(lines[each])), len(lines) - 1)
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

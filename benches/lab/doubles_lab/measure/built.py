"""Whether a native module was built to be fast, as far as its file shows.

- Rust with debug assertions, which a build without ``--release`` has, contains the messages of the checks that its
  standard library makes then; one with overflow checks those of arithmetic.
- C and C++ without ``NDEBUG`` call the function that reports a failed ``assert``.
- GCC writes its options beside the debug information that Python's own flags ask for.
- Cython with ``boundscheck`` contains the message for an index that is out of bounds, if it indexes a buffer.

Nothing is said of what is not seen: a stripped file, another compiler.
"""

from __future__ import annotations

import importlib.machinery
import mmap
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

#: The largest file that is looked at.
LARGEST = 256 << 20
#: The tag of an implementation that is meant to be timed as it is.
MEANT = "debug"
#: Under what name a result keeps what is wrong with a build.
DETAIL = "build"


@dataclass(frozen=True)
class Flaw:
    """Something that makes a module slower than its users need."""

    what: str
    #: The command or the flag that mends it.
    mend: str
    #: Whether times of such a module say nothing about the approach.
    useless: bool

    def __str__(self) -> str:
        return f"{self.what}: {self.mend}"


RELEASE = "build it by `maturin develop --release` or `cargo build --release`"
DEBUG = Flaw("is a debug build of Rust, which is many times slower", RELEASE, True)
OVERFLOW = Flaw(
    "is Rust with overflow checks", "set `overflow-checks = false` in the profile, if they are not meant", False
)
UNOPTIMISED = Flaw("was compiled without optimisation", "compile it with -O2 or -O3", True)
ASSERTIONS = Flaw("was compiled with assertions", "compile it with -DNDEBUG, if they are not meant", False)
BOUNDS = Flaw(
    "is Cython that checks bounds",
    "put `# cython: boundscheck=False, wraparound=False` at the top of the source, if that is not meant",
    False,
)

#: What a file contains that has a flaw.
MARKS: tuple[tuple[bytes, Flaw], ...] = (
    (b"unsafe precondition(s) violated", DEBUG),
    (b"attempt to add with overflow", OVERFLOW),
    (b"\0__assert_fail\0", ASSERTIONS),
    (b"__assert_rtn\0", ASSERTIONS),
    (b"__glibcxx_assert_fail", ASSERTIONS),
    (b"Out of bounds on buffer access (axis %d)", BOUNDS),
)
#: How GCC names itself and its options in the debug information.
PRODUCER = re.compile(rb"GNU C(?:\+\+)?\d* [^\0]{1,2000}")


def flaws_of_file(file: Path) -> list[Flaw]:
    """What makes the module in a file slow. Nothing, if the file cannot be read."""
    found: list[Flaw] = []
    try:
        if not 0 < file.stat().st_size <= LARGEST:
            return []
        with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if {"target", "debug"} <= set(file.resolve().parts) and data.find(b"rustc") >= 0:
                found.append(DEBUG)
            found += [flaw for mark, flaw in MARKS if data.find(mark) >= 0]
            if any(unoptimised(match.group().decode("latin-1")) for match in PRODUCER.finditer(data)):
                found.append(UNOPTIMISED)
    except (OSError, ValueError):
        return []
    found = list(dict.fromkeys(found))
    return [flaw for flaw in found if flaw is not OVERFLOW] if DEBUG in found else found


def unoptimised(producer: str) -> bool:
    """Whether options of GCC, of which the last counts, ask for no optimisation."""
    levels = re.findall(r"(?<=\s)-O(\w*)", producer)
    return not levels or levels[-1] == "0"


def modules_of(function: Callable[..., Any]) -> Iterator[Path]:
    """The files of the native modules that a function is in, or that lie in its package and are loaded."""
    names = {str(getattr(function, "__module__", None) or "")}
    for value in list(getattr(function, "__globals__", {}).values()):
        if type(value).__name__ in ("builtin_function_or_method", "cython_function_or_method", "type"):
            names.add(str(getattr(value, "__module__", None) or ""))
    own = getattr(function, "__self__", None)
    if isinstance(own, ModuleType):
        names.add(own.__name__)
    packages = {name.partition(".")[0] for name in names if name} - set(sys.builtin_module_names)
    files = dict.fromkeys(
        str(getattr(module, "__file__", "") or "")
        for name, module in sorted(sys.modules.items())
        if name.partition(".")[0] in packages - STANDARD
    )
    for file in files:
        if file.endswith((*importlib.machinery.EXTENSION_SUFFIXES, ".dylib")):
            yield Path(file)


#: Packages that nobody builds for a function of theirs.
STANDARD = frozenset({"builtins", "numpy", *getattr(sys, "stdlib_module_names", ())})


def flaws_of(function: Callable[..., Any]) -> list[tuple[Path, Flaw]]:
    """What makes a function slow that a native module offers."""
    return [(file, flaw) for file in modules_of(function) for flaw in flaws_of_file(file)]

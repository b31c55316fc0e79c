"""The C ABI of the core, for the contenders that call it: built once, and linked by each into an extension of its own.

So these contenders have the loop in common, and what differs is the binding.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from doubles_lab.approaches import build
from doubles_lab.approaches.approach import Links

#: Where ``in_place.h`` lies.
HEADERS = Path(__file__).parents[1] / "problems" / "count_doubles"


@dataclass(frozen=True)
class Library:
    """The C ABI, built."""

    #: The directory of ``doubles.h``.
    include: Path
    static: Path
    shared: Path
    #: What the static library has to be linked with besides.
    links: tuple[str, ...]


@functools.cache
def library() -> Library:
    """The C ABI of the core. Raises :class:`doubles_lab.implementation.Unavailable` where it cannot be built."""
    types = ["--crate-type", "staticlib,cdylib"]  # not the Rust library, for which there is no link-time optimisation
    made = build.cargo("crates/doubles-capi", options=types, rustc=["--print", "native-static-libs"])
    return Library(
        made.crate / "include", made.library(".a", ".lib"), made.library(".so", ".dylib", ".dll"), made.links
    )


def details() -> Mapping[str, str]:
    """The instruction set that the core chose, for a result."""
    backend = ctypes.CDLL(str(library().shared)).doubles_backend
    backend.restype = ctypes.c_char_p
    return {"backend": backend().decode()}


def links() -> Links:
    """The core as native code of a problem is linked with it, and a header that reads a str in place."""
    core = library()
    return Links((str(core.include), str(HEADERS)), (str(core.static),), core.links, str(core.shared))

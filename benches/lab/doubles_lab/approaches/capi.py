"""The C ABI of the core, for the contenders that call it: built once, and linked by each into an extension of its own.

So these contenders have the loop in common, and what differs is the binding.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from doubles_lab.approaches import build

FLAGS = "-O3"

#: A str in its own memory, for whoever writes against Python's C API. A header of that name lies beside the sources.
IN_PLACE = """
#include <Python.h>
#include <doubles.h>

/* The doubles of a str, read from its 1-, 2- or 4-byte storage; -1 with the exception set if memory runs out, which
   needs a str that old extensions make of wchar_t, before Python 3.12. */
static inline Py_ssize_t count_in_place(PyObject *text) {
#if PY_VERSION_HEX < 0x030C0000
  if (PyUnicode_READY(text) != 0) return -1;
#endif
  const void *data = PyUnicode_DATA(text);
  size_t length = (size_t)PyUnicode_GET_LENGTH(text);
  switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
      return doubles_count_bytes((const uint8_t *)data, length);
    case PyUnicode_2BYTE_KIND:
      return doubles_count_u16((const uint16_t *)data, length);
    default:
      return doubles_count_u32((const uint32_t *)data, length);
  }
}
"""

SETUP = """
from setuptools import Extension, setup

setup(ext_modules=[Extension(**{arguments!r})])
"""


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
    """The C ABI of the core. Raises :class:`doubles_lab.contender.Unavailable` where it cannot be built."""
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


def extension(
    name: str,
    sources: Mapping[str, str],
    versions: Sequence[str],
    *,
    compiled: Sequence[str] = (),
    include: Sequence[str] = (),
    flags: str = FLAGS,
    before: Callable[[Path], object] = lambda work: None,
) -> Path:
    """The directory with the extension ``name``, linked with the static library.

    ``sources`` maps the names of files to contents, ``versions`` names the tools and their versions, and ``before``
    makes what is compiled besides. ``compiled`` are the files to compile, by default ``name`` and ".c".
    """
    core = library()
    setup = SETUP.format(
        arguments={
            "name": name,
            "sources": list(compiled or [f"{name}.c"]),
            "include_dirs": [".", str(core.include), *include],
            "extra_objects": [str(core.static)],
            "extra_compile_args": flags.split(),
            "extra_link_args": list(core.links),
        }
    )
    digest = hashlib.sha256(core.static.read_bytes()).hexdigest()
    return build.extension(name, {"in_place.h": IN_PLACE, **sources}, setup, [digest, *versions], before)


def module(place: Path, name: str) -> ModuleType:
    """The extension ``name`` in ``place``."""
    return build.import_file(name, build.extension_file(place, name))

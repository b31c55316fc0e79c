"""cffi in API mode: compiled, as its authors advise."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from doubles_lab.approaches import build, included
from doubles_lab.approaches.approach import NATIVE, ExtensionApproach, Form, Hint, Links
from doubles_lab.approaches.project import ABORTS, SETUPTOOLS, STABLE, Project, step
from doubles_lab.approaches.shared import LIBRARY, flags_of


class CffiApi(ExtensionApproach):
    """The source has ``DECLARATIONS``, which are compiled with ``lib.c``, and functions that use the global ``lib``.

    ``SOURCE`` is compiled in place of including ``lib.c``, and ``prepare(lib)`` is called once ``lib`` is there.
    What it declares ``global`` may be a function of the library.
    """

    name = "cffi_api"
    title = "cffi, API mode"
    language = "C"
    suffixes = (".py",)
    packages = ("cffi", "setuptools")
    beside = (LIBRARY,)
    definition = r"^\s*(?:def|global)\s+(?P<name>{}\w*)"
    forms = (Form("typed", "C types"), Form("pointer", "a pointer", arrays=True))
    bare = False
    hints = (
        Hint("pass an array, whose memory ffi.from_buffer hands over without a copy", of=("numbers", "array")),
        Hint("do more in each call: it costs more than one of an extension module, and releases the GIL by itself"),
    )
    project = Project(
        title,
        "cffi",
        step("count.c"),
        tools=(*SETUPTOOLS, "cffi", "cc"),
        failure=ABORTS,
        stable=STABLE,
        needs=("cffi",),
        depends_on=("cffi",),
    )

    def flags_of(self, source: Path) -> str:
        """What ``lib.c`` is compiled with."""
        return flags_of(source.parent, self.flags)

    def load(self, source: Path, links: Links = Links()) -> ModuleType:  # noqa: B008
        """The module in Python, with ``ffi`` and ``lib`` in it."""
        versions = build.installed(*self.packages)
        module = build.import_file(f"doubles_lab_{source.stem}", source)
        declarations: str = module.DECLARATIONS
        header: str = getattr(module, "SOURCE", "")
        beside = source.parent / LIBRARY

        def generate(work: Path) -> None:
            import cffi

            ffi = cffi.FFI()
            ffi.cdef(declarations)
            ffi.set_source(NATIVE, header or '#include "lib.c"')
            ffi.emit_c_code(str(work / f"{NATIVE}.c"))

        sources = {LIBRARY: included.text(beside).encode()} if beside.exists() else {}
        extension = {**self.extension(links, self.flags_of(source)), "sources": [f"{NATIVE}.c"]}
        place = build.compiled(
            f"{source.parent.name}-{source.stem}", sources, extension, [declarations, header, *versions], generate
        )
        native = build.import_file(NATIVE, build.extension_file(place, NATIVE))
        module.__dict__.update(ffi=native.ffi, lib=native.lib)
        getattr(module, "prepare", lambda lib: None)(native.lib)
        return module

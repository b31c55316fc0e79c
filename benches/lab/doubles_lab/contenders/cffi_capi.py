"""cffi in both of its modes: by declaration alone (ABI), and compiled (API). Milksnake packaged the first."""

from __future__ import annotations

from doubles_lab.approaches import build, capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates

DECLARATION = "ptrdiff_t doubles_count_utf8_unchecked(const uint8_t *text, size_t length);"


def over(library):
    count = library.doubles_count_utf8_unchecked

    def count_doubles(val):
        data = val.encode()
        return count(data, len(data))

    return count_doubles


def load_abi():
    import cffi

    ffi = cffi.FFI()
    ffi.cdef(DECLARATION)
    return over(ffi.dlopen(str(capi.library().shared)))


def load_api():
    name = "cffi_api"

    def generate(work):
        import cffi

        ffi = cffi.FFI()
        ffi.cdef(DECLARATION)
        ffi.set_source(name, "#include <doubles.h>")
        ffi.emit_c_code(str(work / f"{name}.c"))

    place = capi.extension(name, {}, [f"cffi {build.installed('cffi')}", DECLARATION], before=generate)
    return over(capi.module(place, name).lib)


def _contender(name, load, origin, *tags, flags=""):
    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=load,
        language="Rust",
        binding=f"cffi, {name[-3:].upper()} mode",
        access="copy: encode",
        origin=origin,
        tags=("cffi", CORE, *tags),
        compiled=True,
        flags=flags,
        packages=("cffi",),
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
        details=capi.details,
    )


CONTENDERS = [
    _contender("cffi-abi", load_abi, "cffi as Milksnake packaged it, which the article names, 2026"),
    _contender("cffi-api", load_api, "cffi as its authors advise, 2026", "best", flags=capi.FLAGS),
]

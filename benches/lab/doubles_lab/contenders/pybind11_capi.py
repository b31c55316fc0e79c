"""pybind11 over the C ABI: by the UTF-8 that the str keeps, and in the str's own memory."""

from __future__ import annotations

from doubles_lab.approaches import build, capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates

FLAGS = "-O3 -std=c++17 -fvisibility=hidden -DNDEBUG"

NAME = "pybind11_capi"

# Not by std::string_view, which may be of a bytes that is not UTF-8 and would have to be checked.
SOURCE = """
#include <pybind11/pybind11.h>
#include "in_place.h"

PYBIND11_MODULE(pybind11_capi, module) {
  module.def("count_utf8", [](const pybind11::str &val) {
    Py_ssize_t size;
    const char *utf8 = PyUnicode_AsUTF8AndSize(val.ptr(), &size);
    if (utf8 == nullptr) throw pybind11::error_already_set();
    return doubles_count_utf8_unchecked(reinterpret_cast<const uint8_t *>(utf8), static_cast<size_t>(size));
  });
  module.def("count_in_place", [](const pybind11::str &val) {
    auto count = count_in_place(val.ptr());
    if (count < 0) throw pybind11::error_already_set();
    return count;
  });
}
"""


def _contender(function, access, origin, *tags, divergences=()):
    def load():
        version = f"pybind11 {build.installed('pybind11')}"
        import pybind11

        place = capi.extension(
            NAME,
            {f"{NAME}.cpp": SOURCE},
            [version],
            compiled=[f"{NAME}.cpp"],
            include=[pybind11.get_include()],
            flags=FLAGS,
        )
        return getattr(capi.module(place, NAME), f"count_{function}")

    return Contender(
        name=f"pybind11-{function.replace('_', '-')}",
        unit=Unit.CHARACTERS,
        load=load,
        language="Rust",
        binding="pybind11",
        access=access,
        origin=origin,
        tags=("pybind11", CORE, *tags),
        compiled=True,
        flags=FLAGS,
        packages=("pybind11", "setuptools"),
        divergences=divergences,
        details=capi.details,
    )


CONTENDERS = [
    _contender(
        "utf8",
        "char * (UTF-8 conversion)",
        "pybind11 as its users write it, 2026",
        divergences=(raises_on_lone_surrogates("UnicodeEncodeError"),),
    ),
    _contender("in_place", "the str, in place", "pybind11 at its best, 2026", "best"),
]

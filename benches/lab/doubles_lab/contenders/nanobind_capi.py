"""nanobind over the C ABI: by std::string_view, and in the str's own memory."""

from __future__ import annotations

from pathlib import Path

from doubles_lab.approaches import build, capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates

# What nanobind's CMake functions set for a release.
FLAGS = "-O3 -std=c++17 -fvisibility=hidden -fno-strict-aliasing -DNDEBUG -DNB_COMPACT_ASSERTIONS"

NAME = "nanobind_capi"

SOURCE = """
#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include "in_place.h"

NB_MODULE(nanobind_capi, module) {
  module.def("count_utf8", [](std::string_view val) {
    return doubles_count_utf8_unchecked(reinterpret_cast<const uint8_t *>(val.data()), val.size());
  });
  module.def("count_in_place", [](nanobind::str val) {
    auto count = count_in_place(val.ptr());
    if (count < 0) nanobind::raise_python_error();
    return count;
  });
}
"""


def _contender(function, access, origin, *tags, divergences=()):
    def load():
        version = f"nanobind {build.installed('nanobind')}"
        import nanobind

        root = Path(nanobind.include_dir()).parent
        place = capi.extension(
            NAME,
            {f"{NAME}.cpp": SOURCE},
            [version],
            compiled=[f"{NAME}.cpp", str(root / "src" / "nb_combined.cpp")],
            include=[nanobind.include_dir(), str(root / "ext" / "robin_map" / "include")],
            flags=FLAGS,
        )
        return getattr(capi.module(place, NAME), f"count_{function}")

    return Contender(
        name=f"nanobind-{function.replace('_', '-')}",
        unit=Unit.CHARACTERS,
        load=load,
        language="Rust",
        binding="nanobind",
        access=access,
        origin=origin,
        tags=("nanobind", CORE, *tags),
        compiled=True,
        flags=FLAGS,
        packages=("nanobind", "setuptools"),
        divergences=divergences,
        details=capi.details,
    )


CONTENDERS = [
    _contender(
        "utf8",
        "string_view (UTF-8 conversion)",
        "nanobind as its users write it, 2026",
        divergences=(raises_on_lone_surrogates("TypeError"),),
    ),
    _contender("in_place", "the str, in place", "nanobind at its best, 2026", "best"),
]

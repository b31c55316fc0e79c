"""SWIG over the C ABI: by the typemap that its users apply, and by one that hands over the str itself."""

from __future__ import annotations

from doubles_lab.approaches import build, capi
from doubles_lab.contender import CORE, Contender, Unit, raises_on_lone_surrogates

UTF8 = """
%module NAME
%{
#include <doubles.h>
%}
%include <stdint.i>
%apply (char *STRING, size_t LENGTH) { (const uint8_t *text, size_t length) };
/* The typemap makes a null pointer of None. */
%exception doubles_count_utf8_unchecked {
  $action
  if (result < 0) {
    PyErr_SetString(PyExc_TypeError, "the argument must be str");
    SWIG_fail;
  }
}
%rename(count_doubles) doubles_count_utf8_unchecked;
ptrdiff_t doubles_count_utf8_unchecked(const uint8_t *text, size_t length);
"""

IN_PLACE = """
%module NAME
%{
#include "in_place.h"
%}
%typemap(in) PyObject *text {
  if (!PyUnicode_Check($input)) {
    PyErr_Format(PyExc_TypeError, "the argument must be str, not %.200s", Py_TYPE($input)->tp_name);
    SWIG_fail;
  }
  $1 = $input;
}
%exception count_in_place {
  $action
  if (result < 0) SWIG_fail;
}
%rename(count_doubles) count_in_place;
ptrdiff_t count_in_place(PyObject *text);
"""


def _contender(name, interface, options, access, origin, *tags, divergences=()):
    module = name.replace("-", "_")

    def load():
        swig = build.tool("swig")
        version = build.run([swig, "-version"], build.cache_dir().parent)

        def wrap(work):
            build.run([swig, "-python", *options, f"{module}.i"], work)

        place = capi.extension(
            f"_{module}",
            {f"{module}.i": interface.replace("NAME", module)},
            [version, *options],
            compiled=[f"{module}_wrap.c"],
            before=wrap,
        )
        capi.module(place, f"_{module}")
        return build.import_file(module, place / f"{module}.py").count_doubles

    return Contender(
        name=name,
        unit=Unit.CHARACTERS,
        load=load,
        language="Rust",
        binding="SWIG",
        access=access,
        origin=origin,
        tags=("swig", CORE, *tags),
        compiled=True,
        flags=" ".join([capi.FLAGS, *options]),
        packages=("swig", "setuptools"),
        divergences=divergences,
        details=capi.details,
    )


CONTENDERS = [
    _contender(
        "swig-utf8",
        UTF8,
        (),
        "char * (UTF-8 conversion)",
        "the article's SWIG, told the length, 2026",
        divergences=(raises_on_lone_surrogates("TypeError"),),
    ),
    # -builtin: the function itself is what is imported, not one in Python that calls it.
    _contender("swig-in-place", IN_PLACE, ("-builtin",), "the str, in place", "SWIG at its best, 2026", "best"),
]

"""An extension in C by hand, by each of the conventions that take one argument without a tuple."""

from __future__ import annotations

from doubles_lab.approaches import capi
from doubles_lab.contender import CORE, Contender, Unit

NAME = "c_by_hand"

SOURCE = """
#define PY_SSIZE_T_CLEAN
#include "in_place.h"

static PyObject *count_o(PyObject *module, PyObject *val) {
  (void)module;
  if (!PyUnicode_Check(val)) {
    return PyErr_Format(PyExc_TypeError, "the argument must be str, not %.200s", Py_TYPE(val)->tp_name);
  }
  Py_ssize_t count = count_in_place(val);
  return count < 0 ? NULL : PyLong_FromSsize_t(count);
}

static PyObject *count_fastcall(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
  if (nargs != 1) {
    return PyErr_Format(PyExc_TypeError, "count_doubles() takes exactly one argument (%zd given)", nargs);
  }
  return count_o(module, args[0]);
}

static PyMethodDef methods[] = {
    {"count_o", count_o, METH_O, "The doubles of a str."},
    {"count_fastcall", (PyCFunction)(void (*)(void))count_fastcall, METH_FASTCALL, "The doubles of a str."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "c_by_hand",
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit_c_by_hand(void) { return PyModuleDef_Init(&definition); }
"""


def loader(convention):
    def load():
        return getattr(capi.module(capi.extension(NAME, {f"{NAME}.c": SOURCE}, []), NAME), f"count_{convention}")

    return load


CONTENDERS = [
    Contender(
        name=f"c-{convention}",
        unit=Unit.CHARACTERS,
        load=loader(convention),
        language="Rust",
        binding="C by hand",
        access="the str, in place",
        origin=f"Python's C API, called by METH_{convention.upper()}, 2026",
        tags=("c", CORE, *tags),
        compiled=True,
        flags=capi.FLAGS,
        packages=("setuptools",),
        details=capi.details,
    )
    for convention, tags in (("o", ("best",)), ("fastcall", ()))
]

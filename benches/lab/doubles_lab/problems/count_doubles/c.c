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
    {"count_doubles_o", count_o, METH_O, "The doubles of a str."},
    {"count_doubles_fastcall", (PyCFunction)(void (*)(void))count_fastcall, METH_FASTCALL, "The doubles of a str."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "native",
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }

#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *add(PyObject *module, PyObject *args, PyObject *kwargs) {
  static char *names[] = {"a", "b", NULL};
  long long a, b;
  (void)module;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "LL", names, &a, &b)) return NULL;
  return PyLong_FromLongLong(a + b);
}

static PyMethodDef methods[] = {
    {"add", (PyCFunction)(void (*)(void))add, METH_VARARGS | METH_KEYWORDS, "The sum of two integers."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }

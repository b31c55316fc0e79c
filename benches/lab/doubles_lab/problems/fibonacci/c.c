#define PY_SSIZE_T_CLEAN
#include <Python.h>

static long long number(long long n) { return n < 2 ? n : number(n - 1) + number(n - 2); }

static PyObject *fibonacci(PyObject *module, PyObject *argument) {
  (void)module;
  long long n = PyLong_AsLongLong(argument);
  if (n == -1 && PyErr_Occurred()) return NULL;
  return PyLong_FromLongLong(number(n));
}

static PyMethodDef methods[] = {
    {"fibonacci", fibonacci, METH_O, "A number of Fibonacci's sequence."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }

#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *sum(long long a, long long b) {
  long long total;
  if (__builtin_add_overflow(a, b, &total)) {
    PyErr_SetString(PyExc_OverflowError, "the sum does not fit in 64 bits");
    return NULL;
  }
  return PyLong_FromLongLong(total);
}

// As Python's own tutorial on extending it writes a function with named arguments.
static PyObject *add(PyObject *module, PyObject *args, PyObject *kwargs) {
  static char *names[] = {"a", "b", NULL};
  long long a, b;
  (void)module;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "LL", names, &a, &b)) return NULL;
  return sum(a, b);
}

static int two(const char *name, Py_ssize_t nargs) {
  if (nargs == 2) return 1;
  PyErr_Format(PyExc_TypeError, "%s() takes exactly 2 arguments (%zd given)", name, nargs);
  return 0;
}

// No tuple of arguments is made, but they can be passed by position only.
static PyObject *add_fastcall(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
  (void)module;
  if (!two("add_fastcall", nargs)) return NULL;
  long long a = PyLong_AsLongLong(args[0]);
  if (a == -1 && PyErr_Occurred()) return NULL;
  long long b = PyLong_AsLongLong(args[1]);
  if (b == -1 && PyErr_Occurred()) return NULL;
  return sum(a, b);
}

// The interpreter's own addition: nothing is converted, and no int is too large.
static PyObject *add_objects(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
  (void)module;
  if (!two("add_objects", nargs)) return NULL;
  return PyNumber_Add(args[0], args[1]);
}

static PyMethodDef methods[] = {
    {"add", (PyCFunction)(void (*)(void))add, METH_VARARGS | METH_KEYWORDS, "The sum of two ints."},
    {"add_fastcall", (PyCFunction)(void (*)(void))add_fastcall, METH_FASTCALL, "The sum of two ints."},
    {"add_objects", (PyCFunction)(void (*)(void))add_objects, METH_FASTCALL, "The sum of two objects."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }

#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *sum(Py_ssize_t a, Py_ssize_t b) {
  Py_ssize_t total;
  if (__builtin_add_overflow(a, b, &total)) {
    PyErr_SetString(PyExc_OverflowError, "the sum does not fit in 64 bits");
    return NULL;
  }
  return PyLong_FromSsize_t(total);
}

// As Python's own tutorial on extending it writes a function with named arguments.
static PyObject *add(PyObject *module, PyObject *args, PyObject *kwargs) {
  static char *names[] = {"a", "b", NULL};
  long long a, b;
  (void)module;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "LL", names, &a, &b)) return NULL;
  return sum((Py_ssize_t)a, (Py_ssize_t)b);
}

// Sorts two arguments by their names, without a tuple or a dict.
static int sorted_by_name(PyObject *const *args, Py_ssize_t nargs, PyObject *names, PyObject *sorted[2]) {
  Py_ssize_t named = names == NULL ? 0 : PyTuple_GET_SIZE(names);
  if (nargs + named != 2) {
    PyErr_Format(PyExc_TypeError, "add_fastcall() takes exactly 2 arguments (%zd given)", nargs + named);
    return 0;
  }
  for (Py_ssize_t i = 0; i < nargs; i++) sorted[i] = args[i];
  for (Py_ssize_t i = 0; i < named; i++) {
    PyObject *name = PyTuple_GET_ITEM(names, i);
    int is_b = PyUnicode_CompareWithASCIIString(name, "b") == 0;
    if ((!is_b && PyUnicode_CompareWithASCIIString(name, "a") != 0) || sorted[is_b] != NULL) {
      PyErr_Format(PyExc_TypeError, "add_fastcall() got an unexpected argument %R", name);
      return 0;
    }
    sorted[is_b] = args[nargs + i];
  }
  return 1;
}

static PyObject *add_fastcall(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *names) {
  PyObject *sorted[2] = {NULL, NULL};
  (void)module;
  if (names != NULL || nargs != 2) {
    if (!sorted_by_name(args, nargs, names, sorted)) return NULL;
    args = sorted;
  }
  // It reads the digits of an int. PyLong_AsLongLong goes by way of bytes where there are several digits.
  Py_ssize_t a = PyLong_AsSsize_t(args[0]);
  if (a == -1 && PyErr_Occurred()) return NULL;
  Py_ssize_t b = PyLong_AsSsize_t(args[1]);
  if (b == -1 && PyErr_Occurred()) return NULL;
  return sum(a, b);
}

// The interpreter's own addition, by position only: nothing is converted, and no int is too large.
static PyObject *add_objects(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
  (void)module;
  if (nargs == 2) return PyNumber_Add(args[0], args[1]);
  return PyErr_Format(PyExc_TypeError, "add_objects() takes exactly 2 arguments (%zd given)", nargs);
}

static PyMethodDef methods[] = {
    {"add", (PyCFunction)(void (*)(void))add, METH_VARARGS | METH_KEYWORDS, "The sum of two ints."},
    {"add_fastcall", (PyCFunction)(void (*)(void))add_fastcall, METH_FASTCALL | METH_KEYWORDS,
     "The sum of two ints."},
    {"add_objects", (PyCFunction)(void (*)(void))add_objects, METH_FASTCALL, "The sum of two objects."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }

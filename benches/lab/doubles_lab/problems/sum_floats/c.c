// Floats of a list are read in place; whatever else can be a float is asked for it, which may run Python code that
// changes the list. GCC keeps the total in a register only where it knows that this is rare: no call of a function
// keeps registers of floats, so it would write the total to memory, and read it again, at each turn.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

// Adds whatever can be a float from item `i` on. Not inlined: a loop with calls keeps its sum in memory, which
// is slow, and so would the loop over floats.
__attribute__((noinline)) static PyObject *sum_numbers(PyObject *values, Py_ssize_t i, double total) {
  for (; i < PyList_GET_SIZE(values); i++) {
    PyObject *value = PyList_GET_ITEM(values, i);
    Py_INCREF(value);
    double converted = PyFloat_AsDouble(value);
    Py_DECREF(value);
    if (converted == -1.0 && PyErr_Occurred()) return NULL;
    total += converted;
  }
  return PyFloat_FromDouble(total);
}

static PyObject *sum_floats(PyObject *module, PyObject *values) {
  double total = 0.0;
  (void)module;
  if (!PyList_Check(values)) {
    return PyErr_Format(PyExc_TypeError, "the argument must be list, not %.200s", Py_TYPE(values)->tp_name);
  }
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(values); i++) {
    PyObject *value = PyList_GET_ITEM(values, i);
    if (!PyFloat_CheckExact(value)) return sum_numbers(values, i, total);
    total += PyFloat_AS_DOUBLE(value);
  }
  return PyFloat_FromDouble(total);
}

static PyObject *sum_floats_array(PyObject *module, PyObject *values) {
  Py_buffer view;
  (void)module;
  if (PyObject_GetBuffer(values, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0) return NULL;
  if (view.ndim != 1 || strcmp(view.format, "d") != 0) {
    PyBuffer_Release(&view);
    PyErr_SetString(PyExc_TypeError, "the argument must be an array of float64 with one axis");
    return NULL;
  }
  const double *items = view.buf;
  Py_ssize_t length = view.shape[0], i = 0;
  // Several sums at once, of which no addition waits for another one.
  double sums[8] = {0.0};
  for (; i + 8 <= length; i += 8) {
    for (int lane = 0; lane < 8; lane++) sums[lane] += items[i + lane];
  }
  double total = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  for (; i < length; i++) total += items[i];
  PyBuffer_Release(&view);
  return PyFloat_FromDouble(total);
}

static PyMethodDef methods[] = {
    {"sum_floats", sum_floats, METH_O, "The sum of a list of floats."},
    {"sum_floats_array", sum_floats_array, METH_O, "The sum of an array of float64."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }

#define PY_SSIZE_T_CLEAN
#include <Python.h>

// The argument as the float that it is.
static PyObject *call(PyObject *function, double x) {
  PyObject *argument = PyFloat_FromDouble(x);
  if (argument == NULL) return NULL;
  PyObject *value = PyObject_CallOneArg(function, argument);
  Py_DECREF(argument);
  return value;
}

// The argument by a format, which is read again at each call and takes a tuple.
static PyObject *call_by_format(PyObject *function, double x) { return PyObject_CallFunction(function, "d", x); }

static inline PyObject *sum(PyObject *const *args, Py_ssize_t count, PyObject *(*call)(PyObject *, double)) {
  if (count != 2) return PyErr_Format(PyExc_TypeError, "integrate() takes exactly 2 arguments (%zd given)", count);
  Py_ssize_t steps = PyLong_AsSsize_t(args[1]);
  if (steps == -1 && PyErr_Occurred()) return NULL;
  if (steps == 0) {
    PyErr_SetString(PyExc_ZeroDivisionError, "division by zero");
    return NULL;
  }
  double width = 1.0 / (double)steps, total = 0.0;
  for (Py_ssize_t i = 0; i < steps; i++) {
    PyObject *value = call(args[0], ((double)i + 0.5) * width);
    if (value == NULL) return NULL;
    double number = PyFloat_AsDouble(value);
    Py_DECREF(value);
    if (number == -1.0 && PyErr_Occurred()) return NULL;
    total += number;
  }
  return PyFloat_FromDouble(total * width);
}

static PyObject *integrate(PyObject *module, PyObject *const *args, Py_ssize_t count) {
  (void)module;
  return sum(args, count, call);
}

static PyObject *integrate_format(PyObject *module, PyObject *const *args, Py_ssize_t count) {
  (void)module;
  return sum(args, count, call_by_format);
}

#define FUNCTION(function) (PyCFunction)(void (*)(void))function, METH_FASTCALL, "The integral from 0 to 1."
static PyMethodDef methods[] = {
    {"integrate", FUNCTION(integrate)},
    {"integrate_format", FUNCTION(integrate_format)},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) { return PyModuleDef_Init(&definition); }

// NumPy's C API converts the argument, if it has to, and allocates the result.
#define PY_SSIZE_T_CLEAN
#define NPY_NO_DEPRECATED_API NPY_1_7_API_VERSION
#include <Python.h>
#include <numpy/arrayobject.h>

static PyObject *cumulative_sum(PyObject *module, PyObject *argument) {
  (void)module;
  PyArrayObject *values = (PyArrayObject *)PyArray_FROM_OTF(argument, NPY_DOUBLE, NPY_ARRAY_IN_ARRAY);
  if (!values) return NULL;
  if (PyArray_NDIM(values) != 1) {
    Py_DECREF(values);
    PyErr_SetString(PyExc_TypeError, "the argument must be an array with one axis");
    return NULL;
  }
  npy_intp length = PyArray_SIZE(values);
  PyObject *result = PyArray_SimpleNew(1, &length, NPY_DOUBLE);
  if (result) {
    const double *items = PyArray_DATA(values);
    double *out = PyArray_DATA((PyArrayObject *)result), total = 0.0;
    for (npy_intp i = 0; i < length; i++) out[i] = total += items[i];
  }
  Py_DECREF(values);
  return result;
}

static PyMethodDef methods[] = {
    {"cumulative_sum", cumulative_sum, METH_O, "The running total of an array."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) {
  import_array();
  return PyModuleDef_Init(&definition);
}

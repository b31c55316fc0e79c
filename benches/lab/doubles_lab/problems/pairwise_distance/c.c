// flags: -O3 -fno-math-errno -fno-wrapv
// NumPy's C API converts the arguments, if it has to, and allocates. Without errno the compiler takes several square
// roots at once; and without -fwrapv, which Python's own flags have, it knows that indices do not overflow.
#define PY_SSIZE_T_CLEAN
#define NPY_NO_DEPRECATED_API NPY_1_7_API_VERSION
#include <Python.h>
#include <math.h>
#include <numpy/arrayobject.h>
#include <stddef.h>

// The inner loop takes several points at once, coordinate by coordinate: `columns` has a row for each coordinate.
static void fill(const double *restrict points, const double *restrict columns, double *restrict result,
                 ptrdiff_t rows, ptrdiff_t length, ptrdiff_t coordinates) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    double *row = result + i * length;
    for (ptrdiff_t j = 0; j < length; j++) row[j] = 0.0;
    for (ptrdiff_t k = 0; k < coordinates; k++) {
      double mine = points[i * coordinates + k];
      const double *others = columns + k * length;
      for (ptrdiff_t j = 0; j < length; j++) row[j] += (mine - others[j]) * (mine - others[j]);
    }
    for (ptrdiff_t j = 0; j < length; j++) row[j] = sqrt(row[j]);
  }
}

static PyObject *pairwise_distance(PyObject *module, PyObject *const *args, Py_ssize_t count) {
  PyArrayObject *a = NULL, *b = NULL, *turned = NULL, *columns = NULL;
  PyObject *result = NULL;
  (void)module;
  if (count != 2) return PyErr_Format(PyExc_TypeError, "pairwise_distance() takes 2 arguments (%zd given)", count);
  a = (PyArrayObject *)PyArray_FROM_OTF(args[0], NPY_DOUBLE, NPY_ARRAY_IN_ARRAY);
  b = a ? (PyArrayObject *)PyArray_FROM_OTF(args[1], NPY_DOUBLE, NPY_ARRAY_ALIGNED) : NULL;
  if (!b) goto done;
  if (PyArray_NDIM(a) != 2 || PyArray_NDIM(b) != 2 || PyArray_DIM(a, 1) != PyArray_DIM(b, 1)) {
    PyErr_SetString(PyExc_ValueError, "the points must have the same number of coordinates");
    goto done;
  }
  turned = (PyArrayObject *)PyArray_Transpose(b, NULL);
  columns = turned ? (PyArrayObject *)PyArray_FROM_OF((PyObject *)turned, NPY_ARRAY_IN_ARRAY) : NULL;
  if (!columns) goto done;
  npy_intp shape[2] = {PyArray_DIM(a, 0), PyArray_DIM(b, 0)};
  result = PyArray_SimpleNew(2, shape, NPY_DOUBLE);
  if (!result) goto done;
  double *out = PyArray_DATA((PyArrayObject *)result);
  Py_BEGIN_ALLOW_THREADS;
  fill(PyArray_DATA(a), PyArray_DATA(columns), out, shape[0], shape[1], PyArray_DIM(a, 1));
  Py_END_ALLOW_THREADS;
done:
  Py_XDECREF(columns);
  Py_XDECREF(turned);
  Py_XDECREF(b);
  Py_XDECREF(a);
  return result;
}

static PyMethodDef methods[] = {
    {"pairwise_distance", (PyCFunction)(void (*)(void))pairwise_distance, METH_FASTCALL, "The distances of points."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native", .m_methods = methods};

PyMODINIT_FUNC PyInit_native(void) {
  import_array();
  return PyModuleDef_Init(&definition);
}

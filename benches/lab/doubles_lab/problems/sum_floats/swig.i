// swig: -builtin
// By typemaps that take an array and its length: that of SWIG's own manual for C copies a list into memory of its own;
// the other one takes the memory of an array by the buffer protocol.
%module native
%{
#include <stddef.h>
#include <string.h>
double sum_floats(const double *values, ptrdiff_t length);
%}
%typemap(in) (const double *values, ptrdiff_t length) {
  if (!PyList_Check($input)) {
    PyErr_SetString(PyExc_TypeError, "the argument must be a list");
    SWIG_fail;
  }
  $2 = PyList_Size($input);
  $1 = malloc(($2 ? $2 : 1) * sizeof(double));
  if (!$1) {
    PyErr_NoMemory();
    SWIG_fail;
  }
  for (ptrdiff_t i = 0; i < $2; i++) {
    PyObject *item = PyList_GetItem($input, i);
    $1[i] = item ? PyFloat_AsDouble(item) : -1.0;
    if ($1[i] == -1.0 && PyErr_Occurred()) SWIG_fail;
  }
}
%typemap(freearg) (const double *values, ptrdiff_t length) "free($1);"
double sum_floats(const double *values, ptrdiff_t length);

%typemap(in) (const double *items, ptrdiff_t length) (Py_buffer view = {0}) {
  if (PyObject_GetBuffer($input, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0) SWIG_fail;
  if (view.ndim != 1 || strcmp(view.format, "d") != 0) {
    PyErr_SetString(PyExc_TypeError, "the argument must be an array of float64 with one axis");
    SWIG_fail;
  }
  $1 = view.buf;
  $2 = view.shape[0];
}
%typemap(freearg) (const double *items, ptrdiff_t length) "PyBuffer_Release(&view$argnum);"
%rename(sum_floats_array) array_sum;
%inline %{
double array_sum(const double *items, ptrdiff_t length) { return sum_floats(items, length); }
%}

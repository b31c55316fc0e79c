// swig: -builtin
// The typemap of SWIG's own manual for C that takes an array and its length: a list is copied into memory of its own.
%module native
%{
#include <stddef.h>
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

// swig: -builtin
// The function itself is what is imported, not one in Python that calls it.
%module native
%{
#include "in_place.h"
%}
%typemap(in) PyObject *text {
  if (!PyUnicode_Check($input)) {
    PyErr_Format(PyExc_TypeError, "the argument must be str, not %.200s", Py_TYPE($input)->tp_name);
    SWIG_fail;
  }
  $1 = $input;
}
%exception count_in_place {
  $action
  if (result < 0) SWIG_fail;
}
%rename(count_doubles) count_in_place;
ptrdiff_t count_in_place(PyObject *text);

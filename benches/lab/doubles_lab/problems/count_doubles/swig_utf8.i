%module native
%{
#include <doubles.h>
%}
%include <stdint.i>
%apply (char *STRING, size_t LENGTH) { (const uint8_t *text, size_t length) };
/* The typemap makes a null pointer of None. */
%exception doubles_count_utf8_unchecked {
  $action
  if (result < 0) {
    PyErr_SetString(PyExc_TypeError, "the argument must be str");
    SWIG_fail;
  }
}
%rename(count_doubles) doubles_count_utf8_unchecked;
ptrdiff_t doubles_count_utf8_unchecked(const uint8_t *text, size_t length);

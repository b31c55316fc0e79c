%module native
%{
#include <stddef.h>
#include <stdint.h>
int64_t levenshtein(const char *a, size_t a_size, const char *b, size_t b_size);
int64_t levenshtein_bits(const char *a, size_t a_size, const char *b, size_t b_size);
%}
%include <stdint.i>
%apply (char *STRING, size_t LENGTH) { (const char *a, size_t a_size), (const char *b, size_t b_size) };
/* The typemap makes a null pointer of None. */
%exception {
  if (arg1 == NULL || arg3 == NULL) {
    PyErr_SetString(PyExc_TypeError, "the arguments must be str");
    SWIG_fail;
  }
  $action
  if (result < 0) {
    PyErr_NoMemory();
    SWIG_fail;
  }
}
int64_t levenshtein(const char *a, size_t a_size, const char *b, size_t b_size);
int64_t levenshtein_bits(const char *a, size_t a_size, const char *b, size_t b_size);

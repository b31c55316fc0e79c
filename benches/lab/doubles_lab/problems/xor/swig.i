// swig: -builtin
// Into the bytes that Python allocates, by typemaps; and by memory of C, which the library of SWIG copies and frees.
// Its strings are text unless they are declared to be bytes.
%begin %{
#define SWIG_PYTHON_STRICT_BYTE_CHAR
%}
%module native
%{
#include <stddef.h>
void xor(const char *data, size_t length, const char *key, size_t size, char *result);
void xor_copied(const char *data, size_t length, const char *key, size_t size, char **out, size_t *written);
%}
%include "cstring.i"
%apply (char *STRING, size_t LENGTH) {(const char *data, size_t length), (const char *key, size_t size)};
%cstring_output_allocate_size(char **out, size_t *written, free(*$1));
%typemap(in, numinputs=0) char *result (PyObject *bytes = NULL) "";
// Once all arguments are there, of which the result has the length of the first.
%typemap(check) char *result {
  if (arg4 == 0) SWIG_exception_fail(SWIG_ValueError, "the key is empty");
  bytes$argnum = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)arg2);
  if (!bytes$argnum) SWIG_fail;
  $1 = PyBytes_AS_STRING(bytes$argnum);
}
%typemap(argout) char *result {
  %append_output(bytes$argnum);
};
%exception xor_copied {
  if (arg4 == 0) SWIG_exception_fail(SWIG_ValueError, "the key is empty");
  $action
  if (*arg5 == NULL) SWIG_exception_fail(SWIG_MemoryError, "no memory for the result");
}
void xor(const char *data, size_t length, const char *key, size_t size, char *result);
void xor_copied(const char *data, size_t length, const char *key, size_t size, char **out, size_t *written);

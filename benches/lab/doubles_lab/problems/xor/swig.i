// swig: -builtin
// C allocates, and the library of SWIG copies and frees. Its strings are text unless they are declared to be bytes.
%begin %{
#define SWIG_PYTHON_STRICT_BYTE_CHAR
%}
%module native
%{
#include <stddef.h>
void xor(const char *data, size_t length, const char *key, size_t size, char **out, size_t *written);
%}
%include "cstring.i"
%apply (char *STRING, size_t LENGTH) {(const char *data, size_t length), (const char *key, size_t size)};
%cstring_output_allocate_size(char **out, size_t *written, free(*$1));
%exception xor {
  if (arg4 == 0) SWIG_exception_fail(SWIG_ValueError, "the key is empty");
  $action
  if (*arg5 == NULL) SWIG_exception_fail(SWIG_MemoryError, "no memory for the result");
}
void xor(const char *data, size_t length, const char *key, size_t size, char **out, size_t *written);

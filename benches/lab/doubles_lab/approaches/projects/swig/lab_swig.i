%module lab_swig
%feature("autodoc", "1");
%feature("docstring") count_doubles "Counts adjacent equal bytes of a text in UTF-8.";
%{
#include <stddef.h>
size_t count_doubles(const char *val, size_t length);
void fail(void);
%}
%apply (char *STRING, size_t LENGTH) { (const char *val, size_t length) };
size_t count_doubles(const char *val, size_t length);
void fail(void);

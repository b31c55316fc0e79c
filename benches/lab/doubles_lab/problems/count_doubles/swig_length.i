// flags: -O3 -march=native
%module native
%{
#include <stddef.h>
#include <stdint.h>
uint64_t count_doubles(const char *str, size_t length);
%}
%include "stdint.i"
%apply (char *STRING, size_t LENGTH) { (const char *str, size_t length) };
uint64_t count_doubles(const char *str, size_t length);

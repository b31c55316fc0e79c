%module told_length
%{
#include <stddef.h>
#include <stdint.h>
uint64_t count_byte_doubles(const char *str, size_t length);
%}
%include "stdint.i"
%apply (char *STRING, size_t LENGTH) { (const char *str, size_t length) };
uint64_t count_byte_doubles(const char *str, size_t length);

%module until_nul
%{
#include <stdint.h>
uint64_t count_byte_doubles(char * str);
%}
%include "stdint.i"
uint64_t count_byte_doubles(char * str);

// flags: -O3 -march=native
%module native
%{
#include <stdint.h>
uint64_t count_doubles(char * str);
%}
%include "stdint.i"
uint64_t count_doubles(char * str);

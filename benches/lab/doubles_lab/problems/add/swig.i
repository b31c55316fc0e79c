%module native
%{
#include <stddef.h>
// C cannot raise: the sum wraps. It does so as unsigned, since overflow of signed integers is undefined. SWIG
// reads a ptrdiff_t by its digits, and a long long by way of bytes where there are several.
static ptrdiff_t add(ptrdiff_t a, ptrdiff_t b) { return (ptrdiff_t)((size_t)a + (size_t)b); }
%}
ptrdiff_t add(ptrdiff_t a, ptrdiff_t b);

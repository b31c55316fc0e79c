%module native
%{
// C cannot raise: the sum wraps. It does so as unsigned, since overflow of signed integers is undefined.
static long long add(long long a, long long b) { return (long long)((unsigned long long)a + (unsigned long long)b); }
%}
long long add(long long a, long long b);

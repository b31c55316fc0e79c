static long long number(long long n) { return n < 2 ? n : number(n - 1) + number(n - 2); }

long long fibonacci(long long n) { return number(n); }

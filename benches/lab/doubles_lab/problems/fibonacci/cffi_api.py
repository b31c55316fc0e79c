"""cffi as its authors advise: the compiled function is called as it is."""

DECLARATIONS = "long long fibonacci(long long n);"


def prepare(lib):
    global fibonacci
    fibonacci = lib.fibonacci

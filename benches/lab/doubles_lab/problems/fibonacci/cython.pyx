cdef long long number(long long n) noexcept:
    return n if n < 2 else number(n - 1) + number(n - 2)


def fibonacci(long long n):
    return number(n)


# The Python as it is: numbers are objects, and each call is one of Python's.
def fibonacci_untyped(n):
    if n < 2:
        return n
    return fibonacci_untyped(n - 1) + fibonacci_untyped(n - 2)

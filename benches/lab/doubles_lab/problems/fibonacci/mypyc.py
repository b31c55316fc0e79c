from mypy_extensions import i64


def fibonacci(n: int) -> int:
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


# With machine integers, which do not become objects where they are large.
def fibonacci_i64(n: i64) -> i64:
    if n < 2:
        return n
    return fibonacci_i64(n - 1) + fibonacci_i64(n - 2)

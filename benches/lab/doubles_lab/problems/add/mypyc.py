from mypy_extensions import i64


def add(a: int, b: int) -> int:
    return a + b


# A machine integer, which wraps where the sum takes more than 64 bits.
def add_i64(a: i64, b: i64) -> i64:
    return a + b

from collections.abc import Iterator

from mypy_extensions import i64


def primes(stop: int) -> Iterator[int]:
    composite = [False] * stop
    n: i64 = 2
    end: i64 = len(composite)
    while n < end:
        if not composite[n]:
            yield n
            multiple: i64 = n * n
            while multiple < end:
                composite[multiple] = True
                multiple += n
        n += 1


def primes_list(stop: int) -> list[int]:
    composite = [False] * stop
    found: list[int] = []
    n: i64 = 2
    end: i64 = len(composite)
    while n < end:
        if not composite[n]:
            found.append(n)
            multiple: i64 = n * n
            while multiple < end:
                composite[multiple] = True
                multiple += n
        n += 1
    return found

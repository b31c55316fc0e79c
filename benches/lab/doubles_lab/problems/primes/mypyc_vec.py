# A vector of machine numbers, which mypyc's own library has besides Python's lists.
from collections.abc import Iterator

from librt.vecs import vec
from mypy_extensions import i64, u8


def cross_off(composite: vec[u8], prime: i64) -> None:
    end: i64 = len(composite)
    multiple: i64 = prime * prime
    while multiple < end:
        composite[multiple] = 1
        multiple += prime


def primes(stop: i64) -> Iterator[int]:
    composite = vec[u8](bytes(max(stop, 0)))
    n: i64 = 2
    end: i64 = len(composite)
    while n < end:
        if not composite[n]:
            yield n
            cross_off(composite, n)
        n += 1


def primes_list(stop: i64) -> list[int]:
    composite = vec[u8](bytes(max(stop, 0)))
    found: list[int] = []
    n: i64 = 2
    end: i64 = len(composite)
    while n < end:
        if not composite[n]:
            found.append(n)
            cross_off(composite, n)
        n += 1
    return found

"""The sieve by slices, and the items by a filter in C."""

from itertools import compress
from math import isqrt


def primes_compress(stop):
    prime = bytearray(b"\1") * max(stop, 0)
    prime[:2] = bytes(len(prime[:2]))
    for n in range(2, isqrt(max(stop, 1) - 1) + 1):
        if prime[n]:
            prime[n * n :: n] = bytes(len(range(n * n, stop, n)))
    return compress(range(stop), prime)

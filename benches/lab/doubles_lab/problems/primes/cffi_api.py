# ruff: noqa: F821 (ffi and lib are given)
from functools import partial

DECLARATIONS = """
typedef struct primes_sieve primes_sieve;
primes_sieve *primes_new(long long stop);
long long primes_next(primes_sieve *sieve);
long long primes_fill(primes_sieve *sieve, long long *out, long long most);
void primes_free(primes_sieve *sieve);
"""


def new_sieve(stop):
    sieve = lib.primes_new(stop)
    if not sieve:
        raise MemoryError
    return ffi.gc(sieve, lib.primes_free)


def primes(stop):
    sieve = new_sieve(stop)
    yield from iter(partial(lib.primes_next, sieve), 0)


def primes_batches(stop):
    sieve = new_sieve(stop)
    batch = ffi.new("long long[1024]")
    while count := lib.primes_fill(sieve, batch, len(batch)):
        yield from ffi.unpack(batch, count)

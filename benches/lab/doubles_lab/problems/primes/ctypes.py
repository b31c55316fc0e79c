import ctypes
from functools import partial

library = ctypes.CDLL(LIBRARY)  # noqa: F821 (given)
new_sieve, next_prime, fill, free = library.primes_new, library.primes_next, library.primes_fill, library.primes_free
new_sieve.argtypes, new_sieve.restype = [ctypes.c_longlong], ctypes.c_void_p
next_prime.argtypes, next_prime.restype = [ctypes.c_void_p], ctypes.c_longlong
fill.argtypes = ctypes.c_void_p, ctypes.POINTER(ctypes.c_longlong), ctypes.c_longlong
fill.restype = ctypes.c_longlong
free.argtypes, free.restype = [ctypes.c_void_p], None


class Sieve:
    """Owns the memory of C."""

    def __init__(self, stop):
        self.pointer = None
        if not -(2**63) <= stop < 2**63:  # ctypes cuts it
            raise OverflowError("stop does not fit in 64 bits")
        self.pointer = new_sieve(stop)
        if self.pointer is None:
            raise MemoryError

    def __del__(self):
        free(self.pointer)


def primes(stop):
    sieve = Sieve(stop)
    yield from iter(partial(next_prime, sieve.pointer), 0)


def primes_batches(stop):
    sieve = Sieve(stop)
    batch = (ctypes.c_longlong * 1024)()
    while count := fill(sieve.pointer, batch, len(batch)):
        yield from batch[:count]

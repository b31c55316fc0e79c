# cython: boundscheck=False, wraparound=False


def primes(long long stop):
    cdef unsigned char[::1] composite = bytearray(max(stop, 0))
    cdef long long n, multiple
    for n in range(2, stop):
        if not composite[n]:
            yield n
            multiple = n * n
            while multiple < stop:
                composite[multiple] = True
                multiple += n


# By hand what the generator is compiled to, without what a generator of Python keeps for send and throw.
cdef class Iterator:
    cdef unsigned char[::1] composite
    cdef long long n, stop

    def __iter__(self):
        return self

    def __next__(self):
        cdef long long prime, multiple
        while self.n < self.stop and self.composite[self.n]:
            self.n += 1
        if self.n >= self.stop:
            raise StopIteration
        prime = self.n
        multiple = prime * prime
        while multiple < self.stop:
            self.composite[multiple] = True
            multiple += prime
        self.n += 1
        return prime


def primes_class(long long stop):
    cdef Iterator iterator = Iterator()
    iterator.composite = bytearray(max(stop, 0))
    iterator.n, iterator.stop = 2, stop
    return iterator


def primes_list(long long stop):
    cdef unsigned char[::1] composite = bytearray(max(stop, 0))
    cdef long long n, multiple
    cdef list found = []
    for n in range(2, stop):
        if not composite[n]:
            found.append(n)
            multiple = n * n
            while multiple < stop:
                composite[multiple] = True
                multiple += n
    return found

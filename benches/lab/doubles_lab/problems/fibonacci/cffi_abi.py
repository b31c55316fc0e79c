"""cffi without a compiler: the function of a library that is there."""

import cffi

ffi = cffi.FFI()
ffi.cdef("long long fibonacci(long long n);")
fibonacci = ffi.dlopen(LIBRARY).fibonacci  # noqa: F821 (given)

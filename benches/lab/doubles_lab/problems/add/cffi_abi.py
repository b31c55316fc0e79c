"""cffi without a compiler: the function of a library that is there."""

import cffi

ffi = cffi.FFI()
ffi.cdef("long long add(long long a, long long b);")
add = ffi.dlopen(LIBRARY).add  # noqa: F821 (given)

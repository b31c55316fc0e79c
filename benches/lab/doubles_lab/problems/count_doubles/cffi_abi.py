"""cffi as Milksnake packaged it."""

import cffi

ffi = cffi.FFI()
ffi.cdef("ptrdiff_t doubles_count_utf8_unchecked(const uint8_t *text, size_t length);")
count = ffi.dlopen(LIBRARY).doubles_count_utf8_unchecked  # noqa: F821 (given)


def count_doubles(val):
    data = val.encode()
    return count(data, len(data))

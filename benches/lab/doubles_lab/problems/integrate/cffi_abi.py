"""cffi without a compiler: a callback is code that is made while the program runs.

An exception would be printed and ignored. So it is kept, and raised when C has returned.
"""

import cffi

ffi = cffi.FFI()
ffi.cdef("double integrate_until(double (*function)(double), const int *failed, long long steps);")
lib = ffi.dlopen(LIBRARY)  # noqa: F821 (given)


def integrate(function, steps):
    if steps == 0:
        raise ZeroDivisionError("division by zero")
    failed = ffi.new("int *")
    errors = []

    def keep(kind, error, traceback):
        errors.append(error)
        failed[0] = 1

    result = lib.integrate_until(ffi.callback("double(double)", function, onerror=keep), failed, steps)
    if errors:
        raise errors[0]
    return result

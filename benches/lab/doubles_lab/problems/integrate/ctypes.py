"""ctypes makes a C function of a Python function.

It prints an exception and goes on with a wrong number. So the exception is kept, and raised when C has returned.
"""

import ctypes

# CDLL would release the GIL for the loop, and take it again at each step. PyDLL keeps it: 1.2 times as fast.
library = ctypes.PyDLL(LIBRARY)  # noqa: F821 (given)
function_type = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_void_p)
with_context = library.integrate_with
with_context.argtypes = function_type, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int), ctypes.c_longlong
with_context.restype = ctypes.c_double

of_pointer = library.integrate
of_pointer.argtypes = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double), ctypes.c_longlong
of_pointer.restype = ctypes.c_double


def check(steps):
    """Refuses what C would take for something else."""
    if not -(2**63) <= steps < 2**63:  # ctypes cuts it
        raise OverflowError("steps does not fit in 64 bits")
    if steps == 0:
        raise ZeroDivisionError("division by zero")


def integrate(function, steps):
    check(steps)
    failed = ctypes.c_int()
    errors = []

    def called(x, context):
        try:
            return 0.0 + function(x)  # what is no number must fail here
        except BaseException as error:
            errors.append(error)
            failed.value = 1
            return 0.0

    result = with_context(function_type(called), None, failed, steps)
    if errors:
        raise errors[0]
    return result


def integrate_pointer(pointer, steps):
    check(steps)
    return of_pointer(pointer, steps)

# ruff: noqa: F821 (ffi and lib are given)
"""cffi as its authors advise: the callback is declared to be written in Python, and compiled; a context says which
function it is to call. A callback that is made of a function while the program runs needs no Python in between.

An exception would be printed and ignored. So it is kept, and raised when C has returned.
"""

DECLARATIONS = """
double integrate_with(double (*function)(double, void *), void *context, const int *failed, long long steps);
double integrate_until(double (*function)(double), const int *failed, long long steps);
extern "Python" double called(double x, void *context);
"""


class Context:
    """What the C function hands to the callback, and the exception of the function."""

    def __init__(self, function):
        self.function, self.failed, self.error = function, ffi.new("int *"), None

    def keep(self, kind, error, traceback):
        self.error, self.failed[0] = error, 1


def called(x, context):
    given = ffi.from_handle(context)
    try:
        return 0.0 + given.function(x)  # what is no number must fail here
    except BaseException as error:
        given.error, given.failed[0] = error, 1
        return 0.0


def integrate(function, steps):
    if steps == 0:
        raise ZeroDivisionError("division by zero")
    context = Context(function)
    result = lib.integrate_with(lib.called, ffi.new_handle(context), context.failed, steps)
    if context.error is not None:
        raise context.error
    return result


def integrate_callback(function, steps):
    if steps == 0:
        raise ZeroDivisionError("division by zero")
    context = Context(function)
    callback = ffi.callback("double(double)", function, onerror=context.keep)
    result = lib.integrate_until(callback, context.failed, steps)
    if context.error is not None:
        raise context.error
    return result


def prepare(lib):
    ffi.def_extern()(called)

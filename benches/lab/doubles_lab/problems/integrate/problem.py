"""Calling back: the function is given another one, of Python, and calls it again and again.

However fast the loop is, each step crosses the border twice and runs Python in between. What helps is to hand over
something else than a Python function, so there are three variants: a function that takes a whole array (``array``), one
that Numba compiles into the loop (``jitted``), and a pointer to compiled code, as ``scipy.LowLevelCallable`` has it
(``pointer``).
"""

import functools
import math
from collections.abc import Callable

from doubles_lab import Call, Input, Problem, Variant, approximately
from doubles_lab.implementation import Divergence, Implementation, Raises, raises_beyond_64_bits


def integrate(function: Callable[[float], float], steps: int) -> float:
    """The integral of a function from 0 to 1, by its values in the middle of equal steps."""
    width = 1 / steps
    total = 0.0
    for i in range(steps):
        total += function((i + 0.5) * width)
    return total * width


def parabola(x):
    return x * x


def one(x):
    return 1


def infinite(x):
    return math.inf if x == 0.5 else x


def undefined(x):
    return math.nan


def text(x):
    return "1"


def nothing(x):
    return None


def failing(x):
    raise LookupError("as this function always does")


def failing_late(x):
    if x > 0.5:
        raise LookupError("as this function does from the middle on")
    return x


def without_arguments():
    return 1.0


def array_form(call: Call) -> Call:
    """With a function that takes a whole array."""
    import numpy as np

    function, steps = call.args
    if function is not math.exp and getattr(function, "__name__", "") != "parabola":
        raise ValueError("this function takes no array")
    return Call(np.exp if function is math.exp else function, steps)


def exponential(x):
    return math.exp(x)


def compilable(call: Call):
    """The Python source of a function that can be compiled, and the steps."""
    function, steps = call.args
    if function is not math.exp and getattr(function, "__name__", "") != "parabola":
        raise ValueError("this function cannot be compiled")
    return (exponential if function is math.exp else parabola), steps


@functools.cache
def jitted(function):
    """A function that Numba compiles."""
    from numba import njit

    return njit(function)


@functools.cache
def pointer(function):
    """A pointer to a function that Numba compiled."""
    from numba import cfunc

    return cfunc("float64(float64)")(function).ctypes


def jitted_form(call: Call) -> Call:
    """With a function that Numba compiles."""
    function, steps = compilable(call)
    return Call(jitted(function), steps)


def pointer_form(call: Call) -> Call:
    """With a pointer to a compiled function."""
    function, steps = compilable(call)
    return Call(pointer(function), steps)


def strategies():
    """Functions that give something and some that fail, with few steps."""
    from hypothesis import strategies as st

    functions = [parabola, math.exp, one, infinite, failing, failing_late, nothing]
    return st.builds(Call, st.sampled_from(functions), st.integers(-3, 100))


PROBLEM = Problem(
    integrate,
    inputs=[
        Input.sized("parabola", lambda n: Call(parabola, n), sizes=[1, 1_000, 100_000], about="of a Python function"),
        Input.sized("math.exp", lambda n: Call(math.exp, n), sizes=[1, 1_000, 100_000], about="of a function in C"),
    ],
    equal=approximately(1e-9),
    edge_cases={
        "no step": Call(parabola, 0),
        "a negative number of steps": Call(parabola, -1),
        "far beyond 64 bits": Call(parabola, -(2**70)),
        "a float for the steps": Call(parabola, 10.0),
        "a str for the steps": Call(parabola, "10"),
        "None for the steps": Call(parabola, None),
        "a function that gives an int": Call(one, 10),
        "a function with an infinity": Call(infinite, 9),
        "NaN": Call(undefined, 3),
        "a type": Call(float, 10),
        "a partial function": Call(functools.partial(math.pow, 2.0), 10),
        "a function that gives a str": Call(text, 10),
        "a function that gives None": Call(nothing, 10),
        "a function that raises": Call(failing, 10),
        "a function that raises late": Call(failing_late, 10),
        "a function of no arguments": Call(without_arguments, 10),
        "no function": Call(None, 10),
    },
    variants=[
        Variant("array", array_form, "a function that takes an array"),
        Variant("jitted", jitted_form, "a function that Numba compiles"),
        Variant("pointer", pointer_form, "a pointer to a compiled function"),
    ],
    strategies=strategies,
    shape="callable, int -> float",
    shows="What calling back into Python costs, and what a callback gains that is no Python function.",
)


def gives_no_number(function, steps):
    """Whether the callback is called and gives what is no number."""
    return getattr(function, "__name__", "") in ("text", "nothing") and isinstance(steps, int) and steps > 0


FLOAT_AS_INT = Divergence(
    "takes a float for the steps",
    lambda function, steps: integrate(function, int(steps)) if type(steps) is float else None,
)
NO_FLOAT = Divergence(
    "a float for the steps: ArgumentError",
    lambda function, steps: Raises("ArgumentError") if type(steps) is float else None,
)
NO_TYPE = Divergence(
    "steps that are no number: TypingError",
    lambda function, steps: None if isinstance(steps, (int, float)) else Raises("TypingError"),
)
NO_CAST = Divergence(
    "a callback that gives no number: RuntimeError",
    lambda function, steps: Raises("RuntimeError") if gives_no_number(function, steps) else None,
)
NO_CALL = Divergence(
    "no function: RuntimeError", lambda function, steps: Raises("RuntimeError") if function is None else None
)
MAKES_FLOATS = Divergence(
    "makes floats of what the callback gives",
    lambda function, steps: (
        integrate(lambda x: math.nan if function(x) is None else float(function(x)), steps)
        if gives_no_number(function, steps)
        else None
    ),
)

BEYOND = raises_beyond_64_bits("OverflowError")
NO_OVERLOAD = raises_beyond_64_bits("TypeError")
TOO_LARGE = raises_beyond_64_bits("ValueError")


def of(name, source, function, *divergences):
    """What there is to say of a function."""
    return Implementation(name, source=source, function=function, divergences=divergences)


IMPLEMENTATIONS = [
    of("numpy-vectorize", "numpy.py", "integrate_vectorize", TOO_LARGE, FLOAT_AS_INT, MAKES_FLOATS),
    of("numpy-array", "numpy.py", "integrate_array", TOO_LARGE, FLOAT_AS_INT),
    of("numba-jitted", "numba.py", "integrate_jitted", BEYOND, FLOAT_AS_INT, NO_TYPE),
    of("cython", "cython.pyx", "integrate", BEYOND, FLOAT_AS_INT),
    of("c", "c.c", "integrate", BEYOND),
    of("c-format", "c.c", "integrate_format", BEYOND),
    of("ctypes", "ctypes.py", "integrate", BEYOND, NO_FLOAT),
    of("ctypes-pointer", "ctypes.py", "integrate_pointer", BEYOND, NO_FLOAT),
    of("cffi-abi", "cffi_abi.py", "integrate", BEYOND),
    of("cffi-api", "cffi_api.py", "integrate", BEYOND),
    of("cffi-api-callback", "cffi_api.py", "integrate_callback", BEYOND),
    of("pybind11", "pybind11.cpp", "integrate", NO_OVERLOAD, NO_CAST),
    of("pybind11-std-function", "pybind11.cpp", "integrate_std_function", NO_OVERLOAD, NO_CAST, NO_CALL),
    of("nanobind", "nanobind.cpp", "integrate", NO_OVERLOAD, NO_CAST),
    of("nanobind-std-function", "nanobind.cpp", "integrate_std_function", NO_OVERLOAD, NO_CAST),
    of("pyo3", "pyo3.rs", "integrate", BEYOND),
    of("rust-cpython", "rust_cpython.rs", "integrate", BEYOND),
]

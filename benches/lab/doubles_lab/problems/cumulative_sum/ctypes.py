"""ctypes: Python allocates, and C fills."""

import ctypes

import numpy as np

library = ctypes.CDLL(LIBRARY)  # noqa: F821 (given)


def function(argument):
    prototype = ctypes.CFUNCTYPE(None, argument, argument, ctypes.c_ssize_t)
    return prototype(("cumulative_sum", library))


fill_at = function(ctypes.c_void_p)
fill = function(np.ctypeslib.ndpointer(np.float64, ndim=1, flags="C_CONTIGUOUS"))

# Finds the memory of an array that can be written to faster than its attribute `ctypes` does, even if it has no items.
Memory = ctypes.c_double * 0


def cumulative_sum_ndpointer(values):
    values = np.ascontiguousarray(values, dtype=float)
    result = np.empty(len(values))
    fill(values, result, len(values))
    return result


def cumulative_sum_address(values):
    values = np.ascontiguousarray(values, dtype=float)
    result = np.empty(len(values))
    fill_at(values.ctypes.data, Memory.from_buffer(result), len(values))
    return result

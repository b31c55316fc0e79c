"""cffi: Python allocates, and C fills; `from_buffer` finds the memory of an array quicker than its `ctypes.data`."""

import numpy as np

DECLARATIONS = "void cumulative_sum(const double *values, double *result, ptrdiff_t length);"


def cumulative_sum(values):
    values = np.ascontiguousarray(values, dtype=float)
    result = np.empty(len(values))
    of = ffi.from_buffer  # noqa: F821 (given)
    lib.cumulative_sum(of("double[]", values), of("double[]", result), len(values))  # noqa: F821
    return result

"""cffi: Python turns the arrays as C needs them, and allocates. The GIL is released for each call."""

import numpy as np

DECLARATIONS = """
void pairwise_distance(const double *points, const double *columns, double *result, ptrdiff_t rows, ptrdiff_t length,
                       ptrdiff_t coordinates);
"""


def pairwise_distance(a, b):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise ValueError("the points must have the same number of coordinates")
    arrays = np.ascontiguousarray(a, dtype=float), np.ascontiguousarray(b.T, dtype=float), np.empty((len(a), len(b)))
    pointers = [ffi.from_buffer("double[]", each) for each in arrays]  # noqa: F821 (given)
    lib.pairwise_distance(*pointers, len(a), len(b), a.shape[1])  # noqa: F821
    return arrays[2]

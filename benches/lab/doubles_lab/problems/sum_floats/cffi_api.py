"""cffi: what it makes of a list, and of a module array's memory."""

from array import array

DECLARATIONS = "double sum_floats(const double *values, ptrdiff_t length);"


def sum_floats_new(values):
    return lib.sum_floats(ffi.new("double[]", values), len(values))  # noqa: F821 (given)


def sum_floats(values):
    items = array("d", values)
    return lib.sum_floats(ffi.from_buffer("double[]", items), len(items))  # noqa: F821 (given)


def sum_floats_array(values):
    return lib.sum_floats(ffi.from_buffer("double[]", values), len(values))  # noqa: F821 (given)

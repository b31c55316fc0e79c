"""cffi: what it makes of a list, and the memory of the module array or of bytes by struct."""

import struct
from array import array

DECLARATIONS = "double sum_floats(const double *values, ptrdiff_t length);"


def sum_floats_new(values):
    return lib.sum_floats(ffi.new("double[]", values), len(values))  # noqa: F821 (given)


def sum_floats(values):
    items = array("d", values)
    return lib.sum_floats(ffi.from_buffer("double[]", items), len(items))  # noqa: F821 (given)


def sum_floats_packed(values):
    items = ffi.from_buffer("double[]", struct.pack(f"{len(values)}d", *values))  # noqa: F821 (given)
    return lib.sum_floats(items, len(values))  # noqa: F821 (given)


def sum_floats_array(values):
    return lib.sum_floats(ffi.from_buffer("double[]", values), len(values))  # noqa: F821 (given)

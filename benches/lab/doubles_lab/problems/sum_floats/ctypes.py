"""ctypes: C takes an array of doubles, which ctypes makes of a list; the modules array and struct are faster."""

import ctypes
import struct
from array import array

import numpy as np

library = ctypes.CDLL(LIBRARY)  # noqa: F821 (given)


def function(argument):
    prototype = ctypes.CFUNCTYPE(ctypes.c_double, argument, ctypes.c_ssize_t)
    return prototype(("sum_floats", library))


sum_at = function(ctypes.c_void_p)
sum_of = function(np.ctypeslib.ndpointer(np.float64, ndim=1, flags="C_CONTIGUOUS"))


def sum_floats_unpacked(values):
    return sum_at((ctypes.c_double * len(values))(*values), len(values))


def sum_floats(values):
    items = array("d", values)
    return sum_at(*items.buffer_info())


def sum_floats_packed(values):
    return sum_at(struct.pack(f"{len(values)}d", *values), len(values))


def sum_floats_ndpointer_array(values):
    return sum_of(values, len(values))


def sum_floats_address_array(values):
    return sum_at(values.ctypes.data, len(values))

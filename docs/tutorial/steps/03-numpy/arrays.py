# --- article
import numpy as np


def count_double_numpy(val):
    ng = np.fromstring(val, dtype=np.byte)
    return np.sum(ng[:-1] == ng[1:])


# --- frombuffer
def count_double_frombuffer(val):
    ng = np.frombuffer(val.encode(), dtype=np.byte)
    return np.sum(ng[:-1] == ng[1:])


# --- array
def count_doubles_array(val):
    return np.count_nonzero(val[1:] == val[:-1])


# --- subtract
def count_doubles_subtract(val):
    return max(len(val) - 1, 0) - np.count_nonzero(val[1:] - val[:-1])


# --- where
def find_doubles(val):
    return np.flatnonzero(val[1:] == val[:-1])

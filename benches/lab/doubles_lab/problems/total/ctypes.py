import ctypes

total_points = ctypes.CDLL(LIBRARY).total_points  # noqa: F821 (given)
total_points.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
total_points.restype = ctypes.c_double


def total_array(points):
    return total_points(points.ctypes.data, len(points))

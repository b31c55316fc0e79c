import ctypes

add_up = ctypes.CDLL(LIBRARY).total_points  # noqa: F821 (given)
add_up.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
add_up.restype = ctypes.c_double


def total_array(points):
    return add_up(points.ctypes.data, len(points))

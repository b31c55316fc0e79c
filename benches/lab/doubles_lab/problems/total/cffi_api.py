DECLARATIONS = "double total_points(const double *points, size_t count);"


def prepare(lib):
    global total_points
    total_points = lib.total_points


def total_array(points):
    return total_points(ffi.from_buffer("double[]", points), len(points))  # noqa: F821 (given)

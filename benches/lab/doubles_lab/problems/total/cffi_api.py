DECLARATIONS = "double total_points(const double *points, size_t count);"


def prepare(lib):
    global add_up
    add_up = lib.total_points


def total_array(points):
    return add_up(ffi.from_buffer("double[]", points), len(points))  # noqa: F821 (given)

import numpy as np

DECLARATIONS = """
int64_t read_lines(const char *text, size_t size, int64_t *keys, char *names, double *prices,
                   size_t *names_size);
"""


def parse_columns(text):
    data = text.encode()
    lines = data.count(b"\n") + 1
    keys, prices = np.empty(lines, np.int64), np.empty(lines)
    names, size = ffi.new("char[]", len(data) + 1), ffi.new("size_t *")  # noqa: F821 (given)
    count = lib.read_lines(  # noqa: F821 (given)
        data,
        len(data),
        ffi.from_buffer("int64_t[]", keys),  # noqa: F821 (given)
        names,
        ffi.from_buffer("double[]", prices),  # noqa: F821 (given)
        size,
    )
    if count < 0:
        raise ValueError("a line has not three fields, or no number where one must be")
    split = ffi.buffer(names, size[0])[:].decode().split("\n")  # noqa: F821 (given)
    return keys[:count], split[:count], prices[:count]

DECLARATIONS = """
int64_t read_lines(const char *text, size_t size, int64_t *keys, char *names, double *prices,
                   size_t *names_size);
"""


def parse_records(text):
    data = text.encode()
    lines = data.count(b"\n") + 1
    keys, prices = ffi.new("int64_t[]", lines), ffi.new("double[]", lines)  # noqa: F821 (given)
    names, size = ffi.new("char[]", len(data) + 1), ffi.new("size_t *")  # noqa: F821 (given)
    count = lib.read_lines(data, len(data), keys, names, prices, size)  # noqa: F821 (given)
    if count < 0:
        raise ValueError("a line has not three fields, or no number where one must be")
    split = ffi.buffer(names, size[0])[:].decode().split("\n")  # noqa: F821 (given)
    return list(zip(ffi.unpack(keys, count), split, ffi.unpack(prices, count)))  # noqa: F821 (given)

"""cffi: one call, and str.split, since each object that cffi would make costs as much as a call."""

DECLARATIONS = "size_t tokenize_utf8(const char *text, size_t size, char *out);"


def prepare(lib):
    global write
    write = lib.tokenize_utf8


def tokenize(text):
    data = text.encode()
    out = bytearray(2 * len(data))
    size = write(data, len(data), ffi.from_buffer("char[]", out))  # noqa: F821 (given)
    return out[:size].decode().split(" ") if size else []

"""cffi makes no bytes that C could write to: the result is copied."""

DECLARATIONS = """
void xor_into(unsigned char *out, const unsigned char *data, size_t length, const unsigned char *key, size_t size);
"""


def prepare(lib):
    global new
    new = ffi.new_allocator(should_clear_after_alloc=False)  # noqa: F821 (given)


def xor(data, key):
    if not key:
        raise ValueError("the key is empty")
    result = bytearray(len(data))
    lib.xor_into(ffi.from_buffer(result), data, len(data), key, len(key))  # noqa: F821 (given)
    return bytes(result)


def xor_new(data, key):
    if not key:
        raise ValueError("the key is empty")
    result = new("unsigned char[]", len(data))
    lib.xor_into(result, data, len(data), key, len(key))  # noqa: F821
    return ffi.buffer(result)[:]  # noqa: F821

import ctypes

parse = ctypes.CDLL(LIBRARY).read_lines  # noqa: F821 (given)
parse.argtypes = [
    ctypes.c_char_p,
    ctypes.c_size_t,
    ctypes.POINTER(ctypes.c_int64),
    ctypes.c_char_p,
    ctypes.POINTER(ctypes.c_double),
    ctypes.POINTER(ctypes.c_size_t),
]
parse.restype = ctypes.c_int64


def parse_records(text):
    data = text.encode()
    lines = data.count(b"\n") + 1
    keys, prices = (ctypes.c_int64 * lines)(), (ctypes.c_double * lines)()
    names, size = ctypes.create_string_buffer(len(data) + 1), ctypes.c_size_t()
    count = parse(data, len(data), keys, names, prices, size)
    if count < 0:
        raise ValueError("a line has not three fields, or no number where one must be")
    return list(zip(keys[:count], ctypes.string_at(names, size.value).decode().split("\n"), prices[:count]))

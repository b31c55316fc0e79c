"""cffi as its authors advise."""

DECLARATIONS = "ptrdiff_t doubles_count_utf8_unchecked(const uint8_t *text, size_t length);"
SOURCE = "#include <doubles.h>"


def prepare(lib):
    global count
    count = lib.doubles_count_utf8_unchecked


def count_doubles(val):
    data = val.encode()
    return count(data, len(data))

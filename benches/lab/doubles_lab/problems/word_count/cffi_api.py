"""cffi: one call, whose result is two blocks that cffi and str.split make objects of."""

DECLARATIONS = """
struct word_counts { char *words; int64_t *counts; size_t length, used; };
int word_count_utf8(const char *text, size_t length, struct word_counts *out);
void word_count_free(struct word_counts *counts);
"""


def word_count(text):
    data = text.encode()
    out = ffi.new("struct word_counts *")  # noqa: F821 (given)
    if lib.word_count_utf8(data, len(data), out):  # noqa: F821 (given)
        raise MemoryError
    try:
        words = ffi.buffer(out.words, out.length)[:].decode().split(" ")  # noqa: F821 (given)
        return dict(zip(words, ffi.unpack(out.counts, out.used)))  # noqa: F821 (given)
    finally:
        lib.word_count_free(out)  # noqa: F821 (given)

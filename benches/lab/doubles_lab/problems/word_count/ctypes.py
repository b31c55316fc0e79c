"""ctypes: one call, whose result is two blocks that slices and str.split make objects of."""

import ctypes


class WordCounts(ctypes.Structure):
    _fields_ = (
        ("words", ctypes.c_void_p),
        ("counts", ctypes.POINTER(ctypes.c_int64)),
        ("length", ctypes.c_size_t),
        ("used", ctypes.c_size_t),
    )


library = ctypes.CDLL(LIBRARY)  # noqa: F821 (given)
count = library.word_count_utf8
count.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(WordCounts)]
free = library.word_count_free
free.argtypes = [ctypes.POINTER(WordCounts)]
free.restype = None


def word_count(text):
    data = text.encode()
    out = WordCounts()
    if count(data, len(data), out):
        raise MemoryError
    try:
        words = ctypes.string_at(out.words, out.length).decode().split(" ")
        return dict(zip(words, out.counts[: out.used]))
    finally:
        free(out)

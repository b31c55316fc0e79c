import ctypes
from array import array

library = ctypes.CDLL(LIBRARY)  # noqa: F821 (given)
distances = library.levenshtein_pairs_utf32
distances.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]
distance = library.levenshtein_pairs_one
distance.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
distance.restype = ctypes.c_int64


def encoded(text):
    return text.encode("utf-32-le", "surrogatepass")


def levenshtein_pairs(pairs):
    texts = [text for pair in pairs for text in pair]
    lengths = array("q", map(len, texts))
    found = array("q", bytes(8 * len(pairs)))
    if distances(encoded("".join(texts)), lengths.buffer_info()[0], len(pairs), found.buffer_info()[0]):
        raise MemoryError
    return found.tolist()


def levenshtein_pairs_each(pairs):
    found = [distance(encoded(a), len(a), encoded(b), len(b)) for a, b in pairs]
    if -1 in found:
        raise MemoryError
    return found

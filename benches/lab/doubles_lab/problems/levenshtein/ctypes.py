import ctypes

library = ctypes.CDLL(LIBRARY)  # noqa: F821 (given)


def distance_by(function):
    """The distance of two texts by a function of the library."""
    function.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    function.restype = ctypes.c_int64

    def distance(a, b):
        if not (isinstance(a, str) and isinstance(b, str)):
            raise TypeError("the arguments must be str")
        found = function(a.encode("utf-32-le", "surrogatepass"), len(a), b.encode("utf-32-le", "surrogatepass"), len(b))
        if found < 0:
            raise MemoryError
        return found

    return distance


levenshtein = distance_by(library.levenshtein_utf32)
levenshtein_bits = distance_by(library.levenshtein_bits_utf32)

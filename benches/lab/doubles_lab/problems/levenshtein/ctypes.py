import ctypes

distance = ctypes.CDLL(LIBRARY).levenshtein_utf32  # noqa: F821 (given)
distance.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
distance.restype = ctypes.c_int64


def levenshtein(a, b):
    if not (isinstance(a, str) and isinstance(b, str)):
        raise TypeError("the arguments must be str")
    found = distance(a.encode("utf-32-le", "surrogatepass"), len(a), b.encode("utf-32-le", "surrogatepass"), len(b))
    if found < 0:
        raise MemoryError
    return found

DECLARATIONS = "int64_t levenshtein_utf32(const char *a, size_t a_length, const char *b, size_t b_length);"


def prepare(lib):
    global distance
    distance = lib.levenshtein_utf32


def levenshtein(a, b):
    if not (isinstance(a, str) and isinstance(b, str)):
        raise TypeError("the arguments must be str")
    found = distance(a.encode("utf-32-le", "surrogatepass"), len(a), b.encode("utf-32-le", "surrogatepass"), len(b))
    if found < 0:
        raise MemoryError
    return found

DECLARATIONS = """
int64_t levenshtein_utf32(const char *a, size_t a_length, const char *b, size_t b_length);
int64_t levenshtein_bits_utf32(const char *a, size_t a_length, const char *b, size_t b_length);
"""


def prepare(lib):
    global levenshtein
    global levenshtein_bits
    levenshtein = distance_by(lib.levenshtein_utf32)
    levenshtein_bits = distance_by(lib.levenshtein_bits_utf32)


def distance_by(function):
    """The distance of two texts by a function of the library."""

    def distance(a, b):
        if not (isinstance(a, str) and isinstance(b, str)):
            raise TypeError("the arguments must be str")
        found = function(a.encode("utf-32-le", "surrogatepass"), len(a), b.encode("utf-32-le", "surrogatepass"), len(b))
        if found < 0:
            raise MemoryError
        return found

    return distance

from array import array

DECLARATIONS = """
int levenshtein_pairs_utf32(const char *texts, const int64_t *lengths, size_t pairs, int64_t *distances);
int64_t levenshtein_pairs_one(const char *a, size_t a_length, const char *b, size_t b_length);
"""


def prepare(lib):
    global distance, distances
    distance, distances = lib.levenshtein_pairs_one, lib.levenshtein_pairs_utf32


def encoded(text):
    return text.encode("utf-32-le", "surrogatepass")


def levenshtein_pairs(pairs):
    texts = [text for pair in pairs for text in pair]
    lengths = ffi.from_buffer("int64_t[]", array("q", map(len, texts)))  # noqa: F821 (given)
    found = array("q", bytes(8 * len(pairs)))
    if distances(encoded("".join(texts)), lengths, len(pairs), ffi.from_buffer("int64_t[]", found)):  # noqa: F821
        raise MemoryError
    return found.tolist()


def levenshtein_pairs_each(pairs):
    found = [distance(encoded(a), len(a), encoded(b), len(b)) for a, b in pairs]
    if -1 in found:
        raise MemoryError
    return found

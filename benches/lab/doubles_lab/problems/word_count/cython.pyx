from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.dict cimport PyDict_GetItemWithError
from cpython.object cimport PyObject


def word_count(str text not None):
    cdef dict counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


# Counts in an array of C: a word that was seen before costs one look-up, and no int is made until the end.
def word_count_indexed(str text not None):
    cdef list words = text.split()
    cdef dict places = {}
    cdef PyObject *found
    cdef Py_ssize_t place
    cdef Py_ssize_t *counts = <Py_ssize_t *>PyMem_Malloc(max(len(words), 1) * sizeof(Py_ssize_t))
    if counts is NULL:
        raise MemoryError()
    try:
        for word in words:
            found = PyDict_GetItemWithError(places, word)
            if found is NULL:
                place = len(places)
                places[word] = place
                counts[place] = 1
            else:
                place = <object>found
                counts[place] += 1
        return {word: counts[<Py_ssize_t>index] for word, index in places.items()}
    finally:
        PyMem_Free(counts)

def word_count(str text):
    cdef dict counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts

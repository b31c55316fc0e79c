"""Splits by hand: the str.split that Pythran compiles does not know all white space."""


def is_space(c):
    return c == 32 or 9 <= c <= 13 or 28 <= c <= 31


# pythran export word_count(str)
def word_count(text):
    counts = {}
    begin = 0
    for i in range(len(text) + 1):
        if i == len(text) or is_space(ord(text[i])):
            if begin < i:
                word = str(text[begin:i])
                counts[word] = counts.get(word, 0) + 1
            begin = i + 1
    return counts

def in_word(c):
    return 97 <= c <= 122 or 65 <= c <= 90 or 48 <= c <= 57 or c == 95


def is_space(c):
    return c == 32 or 9 <= c <= 13


# pythran export tokenize(str)
def tokenize(text):
    tokens = []
    begin = 0
    while begin < len(text):
        c = ord(text[begin])
        end = begin + 1
        if in_word(c):
            while end < len(text) and in_word(ord(text[end])):
                end += 1
        if not is_space(c):
            tokens.append(text[begin:end])
        begin = end
    return tokens

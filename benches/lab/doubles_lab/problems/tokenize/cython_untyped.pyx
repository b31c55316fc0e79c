# What Cython makes of the reference as it stands.
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
SPACES = frozenset(" \t\n\r\f\v")


def tokenize(text):
    tokens = []
    word = ""
    for c in text:
        if c in LETTERS or c > "\x7f":
            word += c
            continue
        if word:
            tokens.append(word)
            word = ""
        if c not in SPACES:
            tokens.append(c)
    if word:
        tokens.append(word)
    return tokens

def tokenize(text: str) -> list[str]:
    tokens: list[str] = []
    length = len(text)
    start = i = 0
    while i < length:
        c = ord(text[i])
        if c > 127 or 97 <= c <= 122 or 65 <= c <= 90 or 48 <= c <= 57 or c == 95:
            i += 1
            continue
        if start < i:
            tokens.append(text[start:i])
        if c != 32 and not 9 <= c <= 13:
            tokens.append(text[i])
        i += 1
        start = i
    if start < length:
        tokens.append(text[start:])
    return tokens

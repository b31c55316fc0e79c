def levenshtein(a: str, b: str) -> int:
    codes = [ord(c) for c in b]
    row = list(range(len(b) + 1))
    for i in range(len(a)):
        x = ord(a[i])
        diagonal = row[0]
        left = i + 1
        row[0] = left
        for j, y in enumerate(codes):
            above = row[j + 1]
            if x == y:
                left = diagonal
            else:
                if above < left:
                    left = above
                if diagonal < left:
                    left = diagonal
                left += 1
            row[j + 1] = left
            diagonal = above
    return row[-1]

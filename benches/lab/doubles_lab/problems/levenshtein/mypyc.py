from mypy_extensions import i64


def levenshtein(a: str, b: str) -> int:
    codes = [ord(c) for c in b]
    row = list(range(len(b) + 1))
    for i in range(i64(len(a))):
        x = ord(a[i])
        diagonal: i64 = row[0]
        left: i64 = i + 1
        row[0] = left
        for j in range(i64(len(codes))):
            above: i64 = row[j + 1]
            if x == codes[j]:
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

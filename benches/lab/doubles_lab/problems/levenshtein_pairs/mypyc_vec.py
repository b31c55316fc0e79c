# Vectors of machine numbers, which mypyc's own library has besides Python's lists.
from librt.vecs import vec
from mypy_extensions import i64


def distance(a: str, b: str) -> i64:
    codes = vec[i64]([ord(c) for c in b])
    row = vec[i64](range(len(b) + 1))
    for i in range(i64(len(a))):
        x: i64 = ord(a[i])
        diagonal = row[0]
        left = i + 1
        row[0] = left
        for j in range(i64(len(codes))):
            above = row[j + 1]
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
    return row[i64(len(codes))]


def levenshtein_pairs(pairs: list[tuple[str, str]]) -> list[int]:
    return [distance(a, b) for a, b in pairs]

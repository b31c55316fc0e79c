# pythran export levenshtein(str, str)
def levenshtein(a, b):
    row = list(range(len(b) + 1))
    for i in range(len(a)):
        x, diagonal, left = a[i], row[0], i + 1
        row[0] = left
        for j in range(len(b)):
            above = row[j + 1]
            left = diagonal if x == b[j] else min(diagonal, above, left) + 1
            row[j + 1] = left
            diagonal = above
    return row[len(b)]

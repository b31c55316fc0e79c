"""The loop with what Python makes cheaper; and Hyyrö's algorithm (2003), whose rows are bits of one int."""


def levenshtein(a, b):
    if len(a) < len(b):
        a, b = b, a
    row = list(range(1, len(b) + 1))
    left = len(a)
    for i, x in enumerate(a):
        diagonal, left, next_row = i, i + 1, []
        for y, above in zip(b, row):
            if x != y:
                if above < diagonal:
                    diagonal = above
                if left < diagonal:
                    diagonal = left
                diagonal += 1
            next_row.append(diagonal)
            left, diagonal = diagonal, above
        row = next_row
    return left


def levenshtein_bits(a, b):
    places = {}
    for i, x in enumerate(a):
        places[x] = places.get(x, 0) | 1 << i
    distance = len(a)
    if not distance:
        return len(b)
    last = 1 << (distance - 1)
    ones = 2 * last - 1
    # Where a value of the column is one more than the value above it, and where it is one less.
    up, down = ones, 0
    for y in b:
        match = places.get(y, 0)
        diagonal = (((match & up) + up) ^ up) | match | down
        more, less = down | (ones & ~(diagonal | up)), diagonal & up
        distance += (1 if more & last else 0) - (1 if less & last else 0)
        more = more << 1 | 1
        up, down = (less << 1 | ~(diagonal | more)) & ones, more & diagonal & ones
    return distance

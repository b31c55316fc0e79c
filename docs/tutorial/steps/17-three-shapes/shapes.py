from collections.abc import Callable


def levenshtein(a: str, b: str) -> int:
    """How many characters to insert, delete or replace to get from one text to another."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(diagonal + (x != y), row[j] + 1, row[j - 1] + 1)
    return row[-1]


def sum_floats(values: list[float]) -> float:
    """The sum of floats, added one after the other."""
    total = 0.0
    for value in values:
        total += value
    return total


def integrate(function: Callable[[float], float], steps: int) -> float:
    """The integral of a function from 0 to 1, by its values in the middle of equal steps."""
    width = 1 / steps
    total = 0.0
    for i in range(steps):
        total += function((i + 0.5) * width)
    return total * width

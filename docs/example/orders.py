"""What a list of prices comes to."""


def total(values: list[float]) -> float:
    """The sum of the values."""
    result = 0.0
    for value in values:
        result += value
    return result


def prices(n: int) -> list[float]:
    """So many prices."""
    return [i / 10 for i in range(n)]

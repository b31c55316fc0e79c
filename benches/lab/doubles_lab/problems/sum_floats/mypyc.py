def sum_floats(values: list[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total

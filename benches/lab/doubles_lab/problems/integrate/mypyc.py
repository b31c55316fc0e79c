from typing import Callable


def integrate(function: Callable[[float], float], steps: int) -> float:
    width = 1 / steps
    total = 0.0
    for i in range(steps):
        total += function((i + 0.5) * width)
    return total * width

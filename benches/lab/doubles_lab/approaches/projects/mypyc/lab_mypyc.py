"""The smallest module through mypyc."""

STEP = 1


def count_doubles(val: str) -> int:
    """Counts adjacent equal bytes of a text in UTF-8."""
    data = val.encode()
    count = 0
    for i in range(len(data) - 1):
        if data[i] == data[i + 1]:
            count += STEP
    return count


def fail() -> None:
    raise RuntimeError("planted")

"""Functions that are mechanical to translate, and some that are nearly so."""

from __future__ import annotations

from doubles_lab import Call

LIMIT = 100
WHOLE, MIXED, STEPS, FIB = Call(7, 3), Call(7, 3, 1.5), 27, 12


def mixed(a: int, b: int, x: float) -> float:
    """Arithmetic of ints and floats together."""
    if not a:
        return -x
    y = a // b + a % b * (a - b)
    z = x / a + abs(x) * y - min(x, 2.5) + max(float(b), x)
    while y > 10 or y < -10:
        y //= 3
        z += 1
    for i in range(2, 6):
        if i == 3:
            continue
        if i == 5:
            break
        z -= i if a < b <= LIMIT else -i
    return z if a & 1 == 0 and x != 1 else z / b


def whole(a: int, b: int) -> int:
    found = 0
    for i in range(-3, 4):
        found += abs(a) - a // (i * i + 1) - (b ^ i) % 5 + (a | i) - (b & i)
    return max(found, -found) if a != b else min(a, b)


def steps(n: int) -> int:
    count_ = 0
    while n != 1 and count_ < LIMIT:
        if n % 2 == 0:
            n //= 2
        else:
            n = 3 * n + 1
        count_ += 1
    return count_


def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def doubles(text: str) -> int:
    found = 0
    for a, b in zip(text, text[1:]):
        if a == b and a not in "x'\\é":
            found += ord(a) - 96
    return found + len(text)


def text(n: int) -> str:
    return "aabbxxéé中中" * n


def mean(values: list[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def running(values: list[float], flags: list[bool]) -> list[float]:
    out = []
    total = 0.0
    for value, flag in zip(values, flags):
        if value < 0 or not flag:
            continue
        total += value
        out.append(total)
    return out


def by_index(values: list[float], k: int) -> float:
    found = 0.0
    for i in range(1, len(values)):
        found += values[i] - values[i - 2] * values[-k]
    return found


INDEXED = Call([0.1, 0.2, 0.3], 1)


def repeated(text: str, k: int) -> int:
    return sum(text[i] == text[i - k] and text[0] != "x" for i in range(k, len(text)) if i != 3)


REPEATED = Call("aabb", 1)


def positive(values: list[float]) -> int:
    return sum(value > 0 for value in values)


def flagged(n: int) -> Call:
    return Call([i / 10 for i in range(n)], [i % 3 > 0 for i in range(n)])


def floats(n: int) -> list[float]:
    return [i / 10 for i in range(n)]


# What is not certain.


def starts_with_an_int(values: list[float]) -> float:
    found = 0
    for value in values:
        found += value  # type: ignore[assignment]
    return found


def may_have_no_value(values: list[float]) -> float:
    for value in values:
        last = value
    return last


def may_not_return(values: list[float]) -> float:  # type: ignore[return]  # noqa: RET503
    for value in values:
        return value


def reads_behind_its_loop(values: list[float]) -> float:
    for value in values:  # noqa: B007
        pass
    return value


def rounds_a_power(values: list[float]) -> float:
    found = 0.0
    for value in values:
        found += value**2
    return found


def compares_exactly(values: list[float]) -> float:
    return values[0] if len(values) < 3.5 else 1.0


def has_a_name_of_ours(values: list[float]) -> float:
    quotient = 0.0
    for value in values:
        quotient += value
    return quotient


def has_a_word_of_c(values: list[float]) -> float:
    double = 0.0
    for value in values:
        double += value
    return double

from fast_doubles import count_doubles
from letters import LETTERS, random_letters
from loops import count_doubles as by_python
from race import race

for length in range(100):  # about the width of a register, each length has its own last step
    for text in ("a" * length, random_letters(length), "ab" * length + "b"):
        assert count_doubles(text) == count_doubles(text.encode()) == by_python(text), text
assert count_doubles("a" * 1_000_000) == 999_999  # every lane full
race(LETTERS, simd=count_doubles)

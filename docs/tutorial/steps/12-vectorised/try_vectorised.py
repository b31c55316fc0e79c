import numpy as np
from arrays import count_doubles_subtract
from fast_doubles import count_doubles
from letters import LETTERS
from race import race

print([count_doubles("a" * length) for length in (0, 1, 2, 255, 256, 257, 10_000)])
race(LETTERS, rust=count_doubles)
race(np.frombuffer(LETTERS.encode("ascii"), np.uint8), numpy=count_doubles_subtract)

import fast_doubles
from letters import LETTERS
from loops import count_doubles
from race import race

print(fast_doubles.count_doubles("ёё 文文 😀😀"))
try:
    fast_doubles.count_doubles(7)
except TypeError as error:
    print(error)
race(LETTERS, python=count_doubles, rust=fast_doubles.count_doubles)

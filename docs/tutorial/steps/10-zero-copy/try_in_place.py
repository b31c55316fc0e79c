import mmap
import sys

from fast_doubles import count_doubles
from letters import LETTERS
from race import race

text = "ёжжз" * 250_000
size = sys.getsizeof(text)
print(count_doubles(text), sys.getsizeof(text) - size)

for val in ("\ud800\ud800", b"aab", bytearray(b"aab"), memoryview(b"aab"), memoryview(b"a-a-b-")[::2]):
    try:
        print(type(val).__name__, count_doubles(val))
    except TypeError as error:
        print(type(val).__name__, error)

with mmap.mmap(-1, 4096) as pages:
    print("mmap", count_doubles(pages))

race(LETTERS, str=count_doubles)
race(LETTERS.encode(), bytes=count_doubles)

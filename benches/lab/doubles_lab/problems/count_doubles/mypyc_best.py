# Numbers of the machine in place of objects: mypyc reads ord(val[i]) in the str's memory, and makes no str of it.
from mypy_extensions import i64


def count_doubles(val: str) -> i64:
    total: i64 = 0
    last = -1
    for i in range(i64(len(val))):
        char = ord(val[i])
        if char == last:
            total += 1
        last = char
    return total

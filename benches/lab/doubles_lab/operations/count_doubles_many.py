"""The counts of many values."""

from operator import eq

from doubles_lab.operation import Operation, both, case, python

LIST = "a list of int"
STRS = "a list of str"


def cut(number, length):
    text = case("article")
    return [text[start : start + length] for start in range(0, number * length, length)]


def by_map(values):
    return [sum(map(eq, val, val[1:])) for val in values]


def comprehension(module):
    count_doubles = module.count_doubles
    return lambda values: [count_doubles(val) for val in values]


OPERATION = Operation(
    name="count_doubles_many",
    number=8,
    about="the counts of many values",
    meaning=by_map,
    baseline="map",
    inputs={"10,000 of 16 letters": lambda: cut(10_000, 16), "100 of 10,000 letters": lambda: cut(100, 10_000)},
)

CONTENDERS = [
    *both(lambda module: module.count_doubles_many, LIST, takes=STRS),
    *both(comprehension, LIST, "-comprehension", STRS),
    *both(lambda module: lambda values: [*map(module.count_doubles, values)], LIST, "-map", STRS),
    python("map", by_map, LIST, STRS),
]

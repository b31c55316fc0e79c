"""Where items equal the next one."""

import array
from itertools import compress, count, groupby
from operator import eq

from doubles_lab.operation import Operation, bindings, both, floor, more_itertools, numpy, polars, python, rust

LIST = "a list of int"


def by_zip(val):
    return [position for position, (a, b) in enumerate(zip(val, val[1:])) if a == b]


def by_groupby(val):
    found: list[int] = []
    start = 0
    for _, run in groupby(val):
        length = len(list(run))
        if length > 1:
            found += range(start, start + length - 1)
        start += length
    return found


def load_more_itertools():
    from more_itertools import locate, pairwise

    return lambda val: list(locate(pairwise(val), lambda pair: pair[0] == pair[1]))


def load_numpy():
    import numpy as np

    return lambda array: np.flatnonzero(array[1:] == array[:-1])


def load_numpy_list():
    import numpy as np

    return lambda array: np.flatnonzero(array[1:] == array[:-1]).tolist()


def load_polars():
    return lambda series: (series.slice(1) == series.head(-1)).arg_true()


OPERATION = Operation(
    name="find_doubles",
    number=2,
    about="the positions of the items that equal the next one",
    meaning=by_zip,
    baseline="zip",
)

CONTENDERS = [
    *bindings("find_doubles", LIST),
    *both(lambda module: module.find_doubles_array, "an array", "-array", plain=lambda found: found.tolist()),
    floor("floor", array.array.tolist, LIST, lambda val: array.array("q", by_zip(val))),
    python("zip", by_zip, LIST),
    python("compress", lambda val: list(compress(count(), map(eq, val, val[1:]))), LIST),
    python("groupby", by_groupby, LIST),
    more_itertools("locate", load_more_itertools, LIST),
    numpy("numpy", load_numpy, "an array", plain=lambda found: found.tolist()),
    numpy("numpy-list", load_numpy_list, LIST),
    polars("polars", load_polars, "a column", plain=lambda found: found.to_list()),
    rust("find", "a Vec"),
]

"""The items with each run cut to one."""

import re
from itertools import groupby

from doubles_lab.operation import Operation, bindings, more_itertools, numpy, polars, python, rust, tool

STR = "a str"
RUN = re.compile(r"(.)\1+", re.DOTALL)


def by_groupby(val):
    return "".join(item for item, _ in groupby(val))


def load_more_itertools():
    from more_itertools import unique_justseen

    return lambda val: "".join(unique_justseen(val))


def load_numpy():
    import numpy as np

    def squeeze(array):
        begins = np.empty(array.size, bool)
        begins[:1] = True
        np.not_equal(array[1:], array[:-1], out=begins[1:])
        return array[begins]

    return squeeze


def load_polars():
    return lambda series: series.filter(series.ne_missing(series.shift()))


def text_of(squeezed):
    return bytes(squeezed).decode()


OPERATION = Operation(
    name="squeeze",
    number=6,
    about="the items with each run cut to one",
    meaning=by_groupby,
    baseline="re.sub",
)

CONTENDERS = [
    *bindings("squeeze", STR),
    python("re.sub", lambda val: RUN.sub(r"\1", val), STR),
    python("groupby", by_groupby, STR),
    more_itertools("unique_justseen", load_more_itertools, STR),
    numpy("numpy", load_numpy, "an array", plain=text_of),
    polars("polars", load_polars, "a column", plain=lambda squeezed: text_of(squeezed.to_list())),
    tool("tr-s", ("tr", "-s", r"\000-\377"), "bytes"),
    tool("perl-tr", ("perl", "-0777", "-pe", r"tr/\0-\377//s"), "bytes"),
    tool("perl-s", ("perl", "-0777", "-pe", r"s/(.)\1+/$1/sg"), "bytes"),
    rust("squeeze", "a Vec"),
]

"""The standard library's function for it, which is written in C."""

import operator

add_operator = operator.add

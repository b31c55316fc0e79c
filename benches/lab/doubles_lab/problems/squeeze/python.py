"""Plain Python: what people write."""

import re

RUN = re.compile(r"(.)\1+", re.DOTALL)


def squeeze_sub(val):
    return RUN.sub(r"\1", val)

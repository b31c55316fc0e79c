"""Plain Python: the matches of a back-reference."""

import re

RUN = re.compile(r"(.)\1+", re.DOTALL)


def runs_finditer(val):
    return [(match.start(), match.end() - match.start()) for match in RUN.finditer(val)]

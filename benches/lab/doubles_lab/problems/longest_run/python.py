"""Plain Python: the longest match of a back-reference."""

import re
from operator import itemgetter

RUN = re.compile(r"(.)\1*", re.DOTALL)


def longest_run_finditer(val):
    runs = ((match.start(), match.end() - match.start()) for match in RUN.finditer(val))
    return max(runs, key=itemgetter(1), default=None)

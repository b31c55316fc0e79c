"""Random ASCII letters from none to 64 Mi: what a call costs, and what the memory does."""

import string

from doubles_lab.case import Case
from doubles_lab.sequence import random_ascii

SIZES = {"0": 0, "1": 1, "3": 3, "16": 16, "64": 64, "1k": 1 << 10, "64k": 1 << 16, "1M": 1 << 20, "64M": 1 << 26}


def _case(name, length):
    return Case(
        f"size-{name}",
        f"{length:,} random ASCII letters",
        lambda: random_ascii("size", length, string.ascii_letters),
        ("size", "ascii", "large" if length > 1 << 20 else "small" if length < 1 << 10 else "medium"),
    )


CASES = [_case(name, length) for name, length in SIZES.items()]

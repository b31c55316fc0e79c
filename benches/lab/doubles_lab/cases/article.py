"""The article's input."""

import string

from doubles_lab.case import Case
from doubles_lab.sequence import random_ascii

CASES = [
    Case(
        "article",
        "1,000,000 random ASCII letters, as in the article",
        lambda: random_ascii("article", 1_000_000, string.ascii_letters),
        ("default", "ascii"),
    )
]

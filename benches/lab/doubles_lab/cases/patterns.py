"""Text with a structure that random letters lack."""

from doubles_lab.case import Case
from doubles_lab.sequence import random_ascii, random_bytes

LINE_ENDS = ["", "GET /index.html 200", "GET /account//settings 404", "retry in 500 ms", "connection closed", "!!"]


def log_lines():
    """Lines with a time stamp; one in six is blank, so that newlines double."""
    lines = []
    for number, byte in enumerate(random_bytes("log", 40_000)):
        message = LINE_ENDS[byte % len(LINE_ENDS)]
        lines.append(
            f"2026-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02} {message}" if message else ""
        )
    return "\n".join(lines) + "\n"


CASES = [
    Case(
        "dna",
        "1,000,000 random bases: a quarter of them doubles",
        lambda: random_ascii("dna", 1_000_000, "ACGT"),
        ("pattern", "ascii"),
    ),
    Case("log", "40,000 lines of a log, one in six blank", log_lines, ("pattern", "ascii")),
    Case("all-equal", "1,000,000 times the same letter", lambda: "a" * 1_000_000, ("pattern", "ascii")),
    Case("no-doubles", "1,000,000 letters and not one double", lambda: "ab" * 500_000, ("pattern", "ascii")),
]

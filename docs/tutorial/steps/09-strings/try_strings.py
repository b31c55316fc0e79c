import sys
from time import perf_counter

from fast_doubles import count_doubles

KINDS = {
    "ASCII": "abbc",
    "Latin-1": "éèèê",
    "Cyrillic": "ёжжз",
    "Chinese": "文字字本",
    "emoji": "😀😁😁😂",
}


def microseconds(text):
    begin = perf_counter()
    count = count_doubles(text)
    took = perf_counter() - begin
    assert count == 250_000
    return f"{1e6 * took:,.0f} µs"


for kind, piece in KINDS.items():
    text = piece * 250_000  # a million characters, in a str that nobody has read yet
    size = sys.getsizeof(text)
    first, later = microseconds(text), microseconds(text)
    kept = sys.getsizeof(text) - size
    print(f"{kind}: first {first}, later {later}; {size:,} bytes became {kept:,} more")

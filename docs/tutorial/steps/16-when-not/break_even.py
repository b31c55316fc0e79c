from statistics import median
from timeit import Timer

from fast_doubles import count_doubles as native
from letters import LETTERS
from loops import count_doubles as python


def nanoseconds(function, val, calls):
    return 1e9 * median(Timer(lambda: function(val)).repeat(9, calls)) / calls


for size in (0, 3, 30, 300, 3000):
    text = LETTERS[:size]
    assert native(text) == python(text)
    slow, fast = (nanoseconds(function, text, 30_000 // (size + 30)) for function in (python, native))
    print(f"{size:,} characters: {slow:,.0f} ns in Python, {fast:,.0f} ns in Rust, saved {slow - fast:,.0f} ns a call")

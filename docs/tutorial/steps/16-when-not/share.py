import gzip
import tempfile
from pathlib import Path
from time import perf_counter

from fast_doubles import count_doubles as native
from letters import LETTERS
from loops import count_doubles as python


def seconds(work):
    begin = perf_counter()
    result = work()
    return perf_counter() - begin, result


with tempfile.TemporaryDirectory() as directory:
    file = Path(directory) / "letters.gz"
    file.write_bytes(gzip.compress(LETTERS.encode(), 6))
    reading, text = seconds(lambda: gzip.decompress(file.read_bytes()).decode())

counting, count = seconds(lambda: python(text))
after, same = seconds(lambda: native(text))
assert count == same
before, now = counting / (reading + counting), after / (reading + after)
print(f"{count:,} doubles; counting was {before:.0%} of the work, and is {now:.0%}")
print(f"the whole program is {(reading + counting) / (reading + after):.1f} times as fast")

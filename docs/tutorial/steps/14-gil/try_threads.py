import threading
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from fast_doubles import count_doubles
from letters import LETTERS
from patterns import count_doubles_dotall


def beside_another_thread(function, val):
    """The count, and the longest that another thread had to wait meanwhile."""
    longest, stop = 0.0, threading.Event()

    def tick():
        nonlocal longest
        last = perf_counter()
        while not stop.is_set():
            now = perf_counter()
            longest, last = max(longest, now - last), now

    ticking = threading.Thread(target=tick)
    ticking.start()
    begin = perf_counter()
    count = function(val)
    took = perf_counter() - begin
    stop.set()
    ticking.join()
    return f"{count:,} doubles in {1e3 * took:.1f} ms; the other thread waited up to {1e3 * longest:.1f} ms"


long = LETTERS * 50
print("re:", beside_another_thread(count_doubles_dotall, LETTERS * 5))
print("fast_doubles:", beside_another_thread(count_doubles, long))

with ThreadPoolExecutor(2) as pool:
    print("two threads:", f"{sum(pool.map(count_doubles, [long, long])):,} doubles")

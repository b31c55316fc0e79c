"""Times functions in turn, and says what each counted."""

import gc
from statistics import median
from time import perf_counter

ROUNDS = 9
SAMPLE = 0.02  # seconds: long beside the clock's own steps


def race(val, **functions):
    calls, counts = {}, {}
    for name, function in functions.items():
        counts[name] = function(val)  # what happens only once is not timed: imports, compiling, caches
        begin = perf_counter()
        function(val)
        calls[name] = max(1, round(SAMPLE / (perf_counter() - begin)))
    samples = {name: [] for name in functions}
    gc.disable()
    for _ in range(ROUNDS):
        for name, function in functions.items():
            begin = perf_counter()
            for _ in range(calls[name]):
                count = function(val)
            samples[name].append((perf_counter() - begin) / calls[name])
            assert count == counts[name], f"{name} counted {counts[name]} at first, and now {count}"
    gc.enable()
    for name, seconds in samples.items():
        low, middle, high = (1e6 * value for value in (min(seconds), median(seconds), max(seconds)))
        print(f"{name}: {counts[name]:,} doubles in {middle:,.1f} µs ({low:,.1f} to {high:,.1f})")

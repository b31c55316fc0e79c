"""Times a function with an example, in whatever Python runs this: prints the seconds of a call, by sample, as JSON.

    timing_elsewhere.py DIRECTORY TARGET EXAMPLES NAME FRESH

What cannot be timed is a text that says why.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

#: Samples of a process, the seconds of one at least, and of all at most.
SAMPLES, SAMPLE, MOST = 5, 0.005, 0.5


def main() -> None:
    """Prints what is asked for."""
    directory, target, named, name, fresh = sys.argv[1:]
    os.chdir(directory)
    # In the place of this script's own directory.
    sys.path[0] = directory
    out = sys.stdout
    with contextlib.redirect_stdout(io.StringIO()):  # the function's own printing costs its time, as elsewhere
        try:
            print(json.dumps(measured(target, json.loads(named), name, fresh == "1")), file=out)
        except Exception as error:
            print(json.dumps(f"{type(error).__name__}: {error}"), file=out)


def measured(target: str, named: Sequence[str], name: str, fresh: bool) -> list[float]:
    """The seconds of a call, by sample."""
    from doubles_lab.ceiling.examples import consumed, examples_of, function_at

    function = consumed(function_at(target))
    example = next(each for each in examples_of(target, named) if each.name == name)
    gc.disable()
    if fresh:
        return [timed(function, example.make().args, 1) for _ in range(SAMPLES)]
    args = example.make().args
    calls, began = 1, time.perf_counter()
    while True:
        seconds = timed(function, args, calls) * calls
        if seconds >= SAMPLE or time.perf_counter() - began > MOST:
            break
        calls *= 2
    samples = [seconds / calls]
    while len(samples) < SAMPLES and time.perf_counter() - began < MOST:
        samples.append(timed(function, args, calls))
    return samples


def timed(function: Callable[..., Any], args: tuple[Any, ...], calls: int) -> float:
    """The seconds of a call, of so many in a row."""
    many = range(calls)
    begin = time.perf_counter()
    for _ in many:
        function(*args)
    return (time.perf_counter() - begin) / calls


if __name__ == "__main__":
    main()

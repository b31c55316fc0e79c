"""Has the garbage collector look at, or change, all containers while a function builds its result."""

from __future__ import annotations

import argparse
import array
import gc
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from functions import COLUMNS, functions, takes_items

#: Runs of two, of three, and single items, of letters and of bytes, enough for some collections.
TEXT = "aab" * 40 + "".join(chr(0x4E00 + i) * 3 for i in range(40)) + "xyz"
DATA = bytes(i for i in range(1, 120) for _ in range(1 + i % 3))


def values() -> Iterator[Any]:
    """What is read in ways of its own."""
    yield from (TEXT, "", "a" * 300, DATA, bytearray(DATA), memoryview(DATA)[::-1], memoryview(DATA).cast("?"))
    yield from (
        memoryview(DATA).cast("c"),
        array.array("h", list(DATA)),
        array.array("d", list(DATA)),
        np.array(list(DATA), "u4"),
    )


def calls(module: ModuleType, name: str) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Arguments of a function, some of which it refuses."""
    parameters = functions(module)[name].parameters
    if module.__name__ == COLUMNS:
        import pyarrow

        strings = pyarrow.array(["aab", None, "", *("aab" * 9,) * 40])
        yield from (((column,), {}) for column in (strings, pyarrow.chunked_array([strings, strings[1:]]), [1]))
    elif name == "count_doubles_file":
        yield from (((path,), {"threads": 2}) for path in (os.devnull, __file__, "missing", object()))
    elif name == "count_doubles_many":
        yield from ((([*values()] * 20,), {}), (((val for val in values()),), {}), (([TEXT, None],), {}), ((3,), {}))
    else:
        for val in values() if name in takes_items(module) else (TEXT, "", "aab"):
            yield (val,), {}
            for number in ("min_length", "max_run", "threads"):
                if number in parameters:
                    yield (val,), {number: 1}
            if "values" in parameters:
                some = "ab中" if isinstance(val, str) else [1, 2, 3]
                yield (val,), {"values": some}
                yield (val,), {"values": (each for each in some)}
        yield (None,), {}
        yield (), {}


def look(found: Any) -> None:
    """Reads all of a container, as any code may that the collector calls."""
    len(found)
    repr(found)
    assert found == type(found)(found)
    for each in found:
        assert each is not NotImplemented


def change(found: Any) -> None:
    """Empties a container, or fills it, as code may that has no business there."""
    if isinstance(found, list):
        found.clear() if len(found) % 2 else found.append(None)
    elif isinstance(found, (dict, set)):
        found.clear()


class Collector:
    """Acts on each container that was made since it was last told to forget them."""

    def __init__(self, act: Callable[[Any], None]) -> None:
        self.act = act
        self.collections = self.containers = 0

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        self.collections += 1
        for found in gc.get_objects():
            if type(found) in (list, tuple, dict, set) and found is not info:
                self.containers += 1
                self.act(found)

    def during(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, str]:
        """What a call returns or raises that has the collector run as often as can be."""
        gc.collect()
        # What is there already is looked at no more.
        gc.freeze()
        thresholds = gc.get_threshold()
        gc.callbacks.append(self)
        gc.set_threshold(1, 1, 1)
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            result = error
        finally:
            gc.callbacks.remove(self)
            gc.set_threshold(*thresholds)
            gc.unfreeze()
        return type(result).__name__, repr(result) if isinstance(result, Exception) else plain(result)


def plain(result: Any) -> str:
    """What a result is made of."""
    if hasattr(result, "__arrow_c_schema__"):
        import pyarrow

        made = pyarrow.chunked_array(result) if hasattr(result, "__arrow_c_stream__") else pyarrow.array(result)
        return repr(made.to_pylist())
    return repr(result.tolist() if isinstance(result, (np.ndarray, memoryview)) else result)


def main() -> int:
    """Prints what was reached; raises what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", help=f"doubles_pyo3, doubles_cpython or {COLUMNS}")
    module = importlib.import_module(parser.parse_args().module)
    names = list(functions(module))
    nothing, looking, changing = Collector(lambda _: None), Collector(look), Collector(change)
    made = 0
    for name in names:
        function = getattr(module, name)
        # Iterators among the arguments are used up by a call.
        for expected, seen, changed in zip(calls(module, name), calls(module, name), calls(module, name)):
            print(f"{module.__name__}.{name}{expected!r:.150}", flush=True)
            outcome = nothing.during(function, *expected)
            assert looking.during(function, *seen) == outcome, outcome
            # Whoever empties another's list may get another result, but no crash.
            kind, said = changing.during(function, *changed)
            assert kind not in ("SystemError", "PanicException"), said
            made += 1
    # From Python 3.12 on the collector waits until Python code runs again.
    assert sys.version_info >= (3, 12) or looking.containers, "the collector saw nothing"
    print(
        f"{made} calls of {len(names)} functions of {module.__name__} beside {looking.collections} collections,"
        f" which saw {looking.containers} containers and changed {changing.containers}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Calls in which Python has no memory for one object, or for none from then on: the right result or MemoryError."""

from __future__ import annotations

import argparse
import array
import importlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from functions import functions, takes_items
from trust.bindings.memory_limits import in_child

#: The most objects that one of these calls may make.
MOST = 2000


def calls(module: ModuleType, name: str, file: Path) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Arguments that are right, of every kind that is read in a way of its own."""
    parameters = functions(module)[name].parameters
    text = "aab" + "éé" + "中中"
    if name == "count_doubles_file":
        # A str, since CPython has another TypeError where it has no memory to ask for __fspath__.
        yield from (((str(file),), {}), ((str(file), "bytes"), {"threads": 2}))
    elif name == "count_doubles_many":
        yield ([text, b"aab", array.array("h", [1, 1])],), {}
    elif name not in takes_items(module):
        yield (text,), {}
    else:
        vals: list[Any] = [text, text[:3], b"aab", bytearray(b"aab"), array.array("d", [1, 1])]
        vals += [memoryview(b"aabb")[::-1], memoryview(b"\0\0\1").cast("?"), memoryview(b"aab").cast("c")]
        vals += [np.array([1, 1, 2]), np.array([1, 1], ">f4")]
        for val in vals:
            yield (val,), {}
            for number in ("min_length", "max_run", "threads"):
                if number in parameters:
                    yield (val,), {number: 1}
            if "values" in parameters and not isinstance(val, memoryview):
                yield (val,), {"values": "aé" if isinstance(val, str) else [1, 97]}


def plain(result: Any) -> tuple[str, str]:
    """What a result is, to compare it by."""
    return type(result).__name__, repr(result.tolist() if isinstance(result, (np.ndarray, memoryview)) else result)


def missing(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """How many calls ended in MemoryError, as text; or what was wrong with one."""
    import _testcapi

    # The first call imports and keeps what the others find.
    expected = plain(function(*args, **kwargs))
    failed, objects = 0, MOST
    for one in (False, True):
        for number in range(objects):
            result = raised = None
            _testcapi.set_nomemory(number, number + 1 if one else 0)
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                raised = error
            finally:
                _testcapi.remove_mem_hooks()
            where = f"without memory for object {number} {'alone' if one else 'and all later ones'}"
            if raised is None and plain(result) != expected:
                return f"{plain(result)}, not {expected}, {where}"
            if raised is not None and type(raised) is not MemoryError:
                return f"{type(raised).__name__}: {raised}, {where}"
            if raised is None and not one:
                objects = number
                break
            failed += raised is not None
        else:
            if not one:
                return f"more than {MOST} objects"
    assert plain(function(*args, **kwargs)) == expected
    return str(failed)


def main() -> int:
    """Prints what was reached; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", help="doubles_pyo3 or doubles_cpython")
    module = importlib.import_module(parser.parse_args().module)
    names = list(functions(module))
    made = failed = 0
    wrong = []
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "file"
        file.write_bytes("aabжж".encode())
        for name in names:
            for args, kwargs in calls(module, name, file):
                call = f"{module.__name__}.{name}{args!r:.100} {kwargs}"
                print(call, flush=True)
                function = getattr(module, name)
                said = in_child(lambda work=(function, args, kwargs): missing(*work))
                if said.isdigit():
                    failed += int(said)
                else:
                    wrong.append(f"{call}: {said}")
                made += 1
    print(*wrong, sep="\n")
    assert failed, "memory was never missing"
    reached = f"{failed:,} times MemoryError, {len(wrong)} wrong"
    print(f"{made} calls of {len(names)} functions of {module.__name__}, {reached}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

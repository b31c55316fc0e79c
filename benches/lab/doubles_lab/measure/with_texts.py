"""What a process does with texts that it makes anew: the first call with each can be told from later ones."""

from __future__ import annotations

import ctypes
import gc
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from doubles_lab.measure.timing import Reply, Timing, as_count, turn


def length_of_utf8() -> Callable[[str], int]:
    """What ``&str`` is made of: CPython is asked for the UTF-8 of a str, which it makes once. Nothing is counted."""
    ask = ctypes.pythonapi.PyUnicode_AsUTF8AndSize
    ask.argtypes, ask.restype = [ctypes.py_object, ctypes.POINTER(ctypes.c_ssize_t)], ctypes.c_void_p
    size = ctypes.c_ssize_t()
    where = ctypes.byref(size)

    def function(val: str) -> int:
        ask(val, where)
        return size.value

    return function


def fresh(text: str, copies: int) -> list[str]:
    """So many strs of their own, with no UTF-8 kept, since each is decoded from UTF-32."""
    data = text.encode("utf-32-le", "surrogatepass")
    return [data.decode("utf-32-le", "surrogatepass") for _ in range(copies)]


class WithTexts(Timing):
    """The requests of the question what a string costs."""

    def function_of(self, access: str) -> Callable[[str], Any]:
        """The implementation's function with that way to get at the text, or the way alone."""
        if access == "ask alone":
            return length_of_utf8()
        if access == "encode alone":
            return lambda val: len(val.encode())
        count = self.function
        if access == "encode":
            return lambda val: count(val.encode())
        if access == "encode as UTF-32":
            return lambda val: count(memoryview(val.encode("utf-32-le", "surrogatepass")).cast("I"))
        return count

    def first_and_later(self, access: str, path: str, copies: int, later: int) -> Reply:
        """Calls once with each of so many fresh texts, and then again and again: nanoseconds, in all of a turn."""
        function = self.function_of(access)
        texts = fresh(read(path), copies)
        (first, count), *again = [turn(function, texts) for _ in range(1 + later)]
        counts = {as_count(count), *(as_count(each) for _, each in again)}
        return {"first": first, "later": [ns for ns, _ in again], "counts": sorted(counts)}

    def kept(self, access: str, path: str) -> Reply:
        """The bytes of a fresh text, and those that a call leaves on it: as the text says, and as allocators count."""
        function = self.function_of(access)
        function(fresh(read(path), 1)[0])  # what it makes once, it has made
        (text,) = fresh(read(path), 1)
        gc.collect()
        said = sys.getsizeof(text)
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            result = function(text)
            after = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
        return {
            "size": said,
            "said": sys.getsizeof(text) - said,
            "traced": after - before,
            "counts": [as_count(result)],
        }


def read(path: str) -> str:
    """The text of a file, lone surrogates included."""
    return Path(path).read_bytes().decode("utf-8", "surrogatepass")

"""What a process does with the same items in many forms: it times calls, and tells the memory that one takes."""

from __future__ import annotations

import array
import contextlib
import ctypes
import gc
import mmap
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from doubles_lab.measure.timing import Reply, Timing, as_count

#: Fixes the size from which glibc maps memory of its own, and gives it back at once: see mallopt(3).
M_MMAP_THRESHOLD = -3
THRESHOLD = 64 << 10


def every_other(items: bytes) -> bytearray:
    """Items, with another one after each; of those others, none equals the next."""
    spread = bytearray(2 * len(items))
    spread[::2] = items
    spread[1::2] = (b"01" * len(items))[: len(items)]
    return spread


def mapped(items: bytes) -> mmap.mmap:
    """Items in a file that is mapped for reading, each page of it read once."""
    with tempfile.TemporaryFile() as file:
        file.write(items)
        file.flush()
        mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    for place in range(0, len(mapping), mmap.PAGESIZE):
        _ = mapping[place]
    return mapping


def numpy_array(dtype: str, items: bytes) -> Any:
    """Items as an array of its own."""
    import numpy as np

    return np.frombuffer(items, "u1").astype(dtype)


def numpy_every_other(items: bytes) -> Any:
    """Items as each second one of an array."""
    import numpy as np

    return np.frombuffer(every_other(items), "u1")[::2]


#: Makes each kind of input from items of one byte each.
KINDS: dict[str, Callable[[bytes], Any]] = {
    "str": lambda items: items.decode("ascii"),
    "bytes": bytes,
    "bytearray": bytearray,
    "memoryview": memoryview,
    "memoryview (strided)": lambda items: memoryview(every_other(items))[::2],
    "array.array (1 byte)": lambda items: array.array("B", items),
    "array.array (4 bytes)": lambda items: array.array("I", list(items)),
    "mmap": mapped,
    "NumPy uint8": lambda items: numpy_array("u1", items),
    "NumPy uint32": lambda items: numpy_array("u4", items),
    "NumPy uint8 (strided)": numpy_every_other,
    "NumPy float64": lambda items: numpy_array("f8", items),
    "list": list,
}


def bytes_of(value: Any) -> int:
    """The bytes that the items of an input take; of a list, those of the references to them."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return len(value) * ctypes.sizeof(ctypes.c_void_p)
    return memoryview(value).nbytes


class WithForms(Timing):
    """The requests of the question what other input costs."""

    def give_form(self, kind: str, path: str, times: int) -> Reply:
        """Makes the argument from ``times`` the bytes of a file."""
        self.give_value(KINDS[kind](Path(path).read_bytes() * times))
        return {"counts": []}

    def memory(self, kind: str, path: str, times: int) -> Reply:
        """The bytes by which a call lets this process grow for a while, and those of its input.

        And the same, over their input, for two of which it is known: ``len`` takes none, and ``bytearray`` a copy.
        """
        make = KINDS[kind]
        with contextlib.suppress(Exception):
            self.function(make(Path(path).read_bytes()[:2]))  # what it makes once, it has made
        argument = make(Path(path).read_bytes() * times)
        block = bytes(Path(path).read_bytes() * times)
        no_copy, _ = growth(len, block)
        copy, _ = growth(bytearray, block)
        grown, result = growth(self.function, argument)
        return {
            "grown": grown,
            "input": bytes_of(argument),
            "no_copy": no_copy / len(block),
            "copy": copy / len(block),
            "counts": [as_count(result)],
        }


def growth(function: Callable[[Any], Any], argument: Any) -> tuple[int, Any]:
    """The bytes by which the most memory that this process has in use exceeds that before, and the result."""
    fix_threshold()
    gc.collect()
    # Linux, proc_pid_clear_refs(5): the peak is what there is now.
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    result = function(argument)
    return peak() - before, result


def peak() -> int:
    """The most bytes of memory that this process had in use, of Linux."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def fix_threshold() -> None:
    """Has what is freed go back to the system, where the C library can: what is kept would hide a later copy."""
    with contextlib.suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, THRESHOLD)
        library.malloc_trim(0)

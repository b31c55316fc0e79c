"""Where the CPU time of a recipe goes, by stage: reading, decoding, the kernel, the rest of a task.

The recipes stay as they are. In each worker process, what they call is replaced by the same with a clock around it.
"""

from __future__ import annotations

import codecs
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import wraps
from types import SimpleNamespace
from typing import Any, Callable

#: CPU seconds by stage, of this process.
SPENT: Counter[str] = Counter()


class Inside(threading.local):
    """The stages inside the one that a thread is at."""

    seconds = 0.0


INSIDE = Inside()


def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with the CPU time of its thread added to a stage, less that of the stages inside it."""

    @wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        outside, INSIDE.seconds, start = INSIDE.seconds, 0.0, time.thread_time()
        try:
            return function(*arguments, **named)
        finally:
            took = time.thread_time() - start
            SPENT[stage] += took - INSIDE.seconds
            INSIDE.seconds = outside + took

    return run


def put_clocks() -> None:
    """Puts the clocks into the Dask recipes of this process."""
    import dask_parquet
    import dask_text
    from fsspec.implementations.local import LocalFileOpener, LocalFileSystem
    from pyarrow.parquet import ParquetFile

    class Decoder(codecs.getincrementaldecoder("utf-8")):  # type: ignore[misc]
        decode = timed("decoding", codecs.getincrementaldecoder("utf-8").decode)

    class Parquet(ParquetFile):  # type: ignore[misc]
        __init__ = timed("decoding", ParquetFile.__init__)

        def iter_batches(self, *arguments: Any, **named: Any) -> Iterator[Any]:
            batches = iter(super().iter_batches(*arguments, **named))
            yield from iter(timed("decoding", lambda: next(batches, None)), None)

    LocalFileSystem.open = timed("reading", LocalFileSystem.open)
    LocalFileOpener.read = timed("reading", lambda self, *size: self.f.read(*size))
    dask_text.codecs = SimpleNamespace(getincrementaldecoder=lambda name: Decoder)
    dask_text.count_doubles = timed("kernel", dask_text.count_doubles)
    dask_text.summarize = timed("task", dask_text.summarize)
    dask_parquet.ParquetFile = Parquet
    dask_parquet.columns = SimpleNamespace(count_doubles=timed("kernel", dask_parquet.columns.count_doubles))
    dask_parquet.count_rows = timed("task", dask_parquet.count_rows)


def read_clocks() -> tuple[Counter[str], float]:
    """What each stage has taken, and what the process has, in CPU seconds."""
    return SPENT, time.process_time()

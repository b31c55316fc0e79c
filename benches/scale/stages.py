"""Where the CPU time of a recipe goes, by stage: reading, decoding, the kernel, the rest of a task.

The recipes stay as they are. In each worker process, what they call is replaced by the same with a clock around it.
"""

from __future__ import annotations

import codecs
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from types import SimpleNamespace
from typing import Any, Callable

#: CPU seconds by stage, of this process. Each worker has one thread for tasks.
SPENT: Counter[str] = Counter()


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Adds the CPU time of this thread to a stage, less that of the stages inside it."""
    before, start = sum(SPENT.values()), time.thread_time()
    try:
        yield
    finally:
        SPENT[name] += time.thread_time() - start - (sum(SPENT.values()) - before)


def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with its time added to a stage."""

    @wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        with stage(name):
            return function(*arguments, **named)

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
            while True:
                with stage("decoding"):
                    batch = next(batches, None)
                if batch is None:
                    return
                yield batch

    LocalFileSystem.open = timed("reading", LocalFileSystem.open)
    LocalFileOpener.read = timed("reading", lambda self, *size: self.f.read(*size))
    dask_text.codecs = SimpleNamespace(getincrementaldecoder=lambda name: Decoder)
    dask_text.count_doubles = timed("kernel", dask_text.count_doubles)
    dask_text.summarize = timed("task", dask_text.summarize)
    dask_text.join = timed("task", dask_text.join)
    dask_parquet.ParquetFile = Parquet
    dask_parquet.columns = SimpleNamespace(count_doubles=timed("kernel", dask_parquet.columns.count_doubles))
    dask_parquet.count_rows = timed("task", dask_parquet.count_rows)
    dask_parquet.add = timed("task", dask_parquet.add)


def read_clocks() -> tuple[Counter[str], float]:
    """What each stage has taken, and what the process has, in CPU seconds."""
    return SPENT, time.process_time()

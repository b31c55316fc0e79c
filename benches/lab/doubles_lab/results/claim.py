"""The name that the files of one run begin with: no other run takes it, and what a killed run leaves is found again.

While it runs, a run holds a lock on the file ``.NAME.running`` beside its results. The system lets go of the lock
whatever ends the run, so that a later one can tell a run that was killed from one that still goes on.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

ENDING = ".running"


class Unsupported(Exception):
    """Files cannot be locked here, so nothing tells whether a run still goes on."""


@contextlib.contextmanager
def claimed(directory: Path, name: str) -> Iterator[Path]:
    """The path that the files of a run begin with, which nobody else has: ``name``, or ``name_2`` and so on."""
    directory.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        stem = name if number == 1 else f"{name}_{number}"
        file = directory / f".{stem}{ENDING}"
        try:
            handle = _locked(file, os.O_CREAT)
        except Unsupported:
            handle = -1
        if handle is None:
            continue
        try:
            if not any(_files(directory, stem)):
                yield directory / stem
                return
        finally:
            file.unlink(missing_ok=True)
            if handle >= 0:
                os.close(handle)


def left_behind(directory: Path) -> list[Path]:
    """The results of runs that were killed, each told of once. What they had half written is removed."""
    found: list[Path] = []
    for file in sorted(directory.glob(f".*{ENDING}")):
        try:
            handle = _locked(file)
        except (Unsupported, FileNotFoundError):
            continue
        if handle is None:
            continue
        stem = file.name[1 : -len(ENDING)]
        for half in _files(directory, f".{stem}"):
            half.unlink(missing_ok=True)
        found += [each for each in sorted(_files(directory, stem)) if each.suffix == ".json"]
        os.close(handle)
    return found


def _files(directory: Path, stem: str) -> Iterator[Path]:
    """The files whose names begin with ``stem``, as those of a run do."""
    return (file for file in directory.iterdir() if file.name.startswith((f"{stem}.", f"{stem}-")))


def _locked(file: Path, how: int = 0) -> int | None:
    """A handle of the file with the lock, or ``None`` where another process has it."""
    if fcntl is None:
        raise Unsupported
    while True:
        handle = os.open(file, os.O_RDWR | how, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had it may have removed it since it was opened.
            if os.path.samestat(os.fstat(handle), file.stat()):
                return handle
        except BlockingIOError:
            os.close(handle)
            return None
        except FileNotFoundError:
            if not how:
                os.close(handle)
                raise
        except OSError:
            os.close(handle)
            raise Unsupported from None
        os.close(handle)

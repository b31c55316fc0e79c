"""Directories that are removed whatever ends the processes that use them.

A directory is locked while it is in use. The system lets go of the lock when the process ends, so that the next process
that makes such a directory can remove those of processes that were killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

#: How the name of the temporary directory of one run of the lab begins.
RUN = "doubles-lab-run-"
#: Seconds for which a directory without a lock is left alone: its process may be about to lock it.
NEW = 60.0
#: Seconds in which processes that were killed have ended, so that they write to a directory no longer.
ENDING = 5.0


@contextlib.contextmanager
def directory(prefix: str, parent: Path) -> Iterator[Path]:
    """A new directory in ``parent``, removed at the end. Directories of the same prefix that nobody uses go as well."""
    _remove_unused(prefix, parent)
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    handle = _lock(made)
    try:
        yield made
    finally:
        _remove(made)
        if handle is not None:
            os.close(handle)


@contextlib.contextmanager
def of_this_run() -> Iterator[Path]:
    """Makes a directory the temporary one of this process and of all that it starts, compilers included.

    What they leave there is removed at the end, also where they were killed.
    """
    names = ("TMPDIR", "TEMP", "TMP")
    before, kept = {name: os.environ.get(name) for name in names}, tempfile.tempdir
    with directory(RUN, Path(tempfile.gettempdir())) as made:
        os.environ.update(dict.fromkeys(names, str(made)))
        tempfile.tempdir = str(made)
        try:
            yield made
        finally:
            tempfile.tempdir = kept
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _lock(place: Path) -> int | None:
    """A handle of a directory with its lock; ``None`` where another process has it, or nothing can be locked."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        handle = os.open(place, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _remove_unused(prefix: str, parent: Path) -> None:
    for place in parent.glob(f"{prefix}*"):
        try:
            about = place.lstat()
        except OSError:
            continue
        # The parent may be a directory that everybody writes to.
        others = hasattr(os, "getuid") and about.st_uid != os.getuid()
        if others or time.time() - about.st_mtime < NEW or place.is_symlink():
            continue
        handle = _lock(place)
        if handle is not None:
            shutil.rmtree(place, ignore_errors=True)
            os.close(handle)


def _remove(place: Path) -> None:
    """Removes a directory, again where a process that was killed still wrote to it."""
    end = time.monotonic() + ENDING
    shutil.rmtree(place, ignore_errors=True)
    while place.exists() and time.monotonic() < end:
        time.sleep(0.05)
        shutil.rmtree(place, ignore_errors=True)

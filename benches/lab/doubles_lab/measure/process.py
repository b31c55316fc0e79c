"""The lab's side of a contender's process: starts it, asks it, and says what became of it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from doubles_lab.approaches.build import cache_dir

#: The modules that answer: about an implementation, and about a function that is not one yet. The first is started many
#: times in a race, and imports what a race needs and no more.
WORKER, OBSERVER = "doubles_lab.measure.worker", "doubles_lab.measure.observer"


class Gone(Exception):
    """The process ended, or was ended for taking too long. Its text says which."""


class Hung(Gone):
    """The process was ended for taking too long."""


class Process:
    """A function in a process of its own.

    ``ask`` sends a request and waits for the reply. A process that crashes, exits or hangs raises
    :class:`Gone`; an exception in the implementation is a reply.
    """

    def __init__(self, under: Sequence[str] = (), serving: str = WORKER, **env: str) -> None:
        """Starts the process: by the command ``under``, if there is one, with ``env`` in its environment.

        ``serving`` is the module that answers.
        """
        #: What it said about itself when it was loaded.
        self.facts: dict[str, Any] = {}
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 (closed by end)
        self._replies: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [*under, sys.executable, "-X", "faulthandler", "-m", serving],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            env={**os.environ, "NUMBA_CACHE_DIR": str(cache_dir() / "numba"), "PYTHONDONTWRITEBYTECODE": "1", **env},
            # Ctrl-C is for the lab, which ends its processes itself.
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError):  # closed meanwhile
            for line in self._process.stdout:
                self._replies.put(line)
        self._replies.put(b"")

    def ask(self, do: str, limit: float, **request: Any) -> dict[str, Any]:
        """The reply to a request. Raises :class:`Gone` if the process ends, :class:`Hung` after ``limit`` seconds."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, "limit": limit, **request}).encode() + b"\n")
            self._process.stdin.flush()
            line = self._replies.get(timeout=limit)
        except queue.Empty:
            self.end()
            raise Hung(f"hung: no answer within {limit:g} s") from None
        except (BrokenPipeError, ValueError):
            line = b""
        if not line:
            raise Gone(self._epitaph())
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _epitaph(self) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.end()
            return "closed its pipe"
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"crashed: {signal.Signals(-code).name}"
            return f"crashed: signal {-code}"
        said = self._last_words()
        return f"ended its process with exit code {code}" + (f": {said}" if said else "")

    def _last_words(self) -> str:
        """The last line that the process wrote to its standard output or error."""
        self._words.seek(max(0, self._words.seek(0, os.SEEK_END) - 2000))
        lines = self._words.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def end(self) -> None:
        """Ends the process, with whatever it started, and waits for it. Once is enough."""
        if self._words.closed:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError, ValueError):
                    pipe.close()
        self._words.close()


class Scratch:
    """A directory for the inputs of one run, which processes read them from; removed at the end."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="doubles-lab-")
        self._count = 0

    def write(self, data: bytes) -> str:
        """The path of a new file that holds ``data``."""
        self._count += 1
        file = Path(self._directory.name) / str(self._count)
        file.write_bytes(data)
        return str(file)

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *_: object) -> None:
        self._directory.cleanup()

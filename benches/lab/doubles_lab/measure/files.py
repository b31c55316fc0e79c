"""What the lab hands to processes in files: arguments, and what must come out of a call with them."""

from __future__ import annotations

import pickle
import threading
from typing import Any

from doubles_lab import copied
from doubles_lab.given import Given, NotForThis
from doubles_lab.measure.process import Scratch


class Files:
    """A file for each input and each result, written when it is asked for."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._arguments: dict[int, tuple[Given, str]] = {}
        self._expected: dict[bytes, str] = {}
        self._lock = threading.Lock()

    def request(self, given: Given) -> dict[str, Any]:
        """What a process is told to make its arguments."""
        with self._lock:
            if id(given) not in self._arguments:
                self._arguments[id(given)] = given, self._written(given)
        path = self._arguments[id(given)][1]
        return {"arguments": path, "name": given.problem_input, "size": given.size, "fresh": given.fresh}

    def _written(self, given: Given) -> str:
        try:
            data = copied.dumps((given.call.args, given.call.kwargs))
        except Exception:  # a process makes them by itself, of an input that it knows
            if given.problem_input:
                return ""
            raise NotForThis(f"the arguments of {given.name} cannot be copied") from None
        return self._scratch.write(data)

    def expected(self, outcome: Any) -> str:
        """The path of the file with a result."""
        try:
            data = pickle.dumps(outcome)
        except Exception as error:
            raise NotForThis(
                f"the reference gives {type(outcome).__name__}, which cannot be compared in another process: {error}"
            ) from None
        with self._lock:
            if data not in self._expected:
                self._expected[data] = self._scratch.write(data)
        return self._expected[data]

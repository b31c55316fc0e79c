"""Runs ``probe.py`` in a process of its own, since what it asks may crash."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

PROBE = Path(__file__).with_name("probe.py")

#: Seconds for one question: Numba compiles meanwhile.
LIMIT = 120


def ask(
    contents: Path,
    module: str,
    request: str,
    argument: str = "",
    python: str = sys.executable,
    besides: Path | None = None,
) -> dict[str, Any]:
    """The reply of a module in ``contents`` to a request; what it imports may lie in ``besides`` too.

    A process that ends otherwise is a reply too: ``crashed`` (the signal), or ``ended`` (what it said last).
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    path = [str(contents), *([str(besides)] if besides else [])]
    env.update(PYTHONPATH=os.pathsep.join(path), PYTHONDONTWRITEBYTECODE="1", RUST_BACKTRACE="0")
    command = [python, str(PROBE), module, request, *([argument] if argument else [])]
    try:
        done = subprocess.run(
            command,
            cwd=contents,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LIMIT,
            check=False,
        )
    except OSError as error:
        return {"ended": f"{Path(python).name}: {error.strerror or error}"}
    except subprocess.TimeoutExpired:
        return {"ended": f"no answer within {LIMIT} s"}
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    if done.returncode == 0 and lines:
        reply: dict[str, Any] = json.loads(lines[-1])
        return reply
    said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    last = re.sub(r"(?<![\w:/])/(?:[^\s:/'\"]+/)+", "", said[-1]) if said else ""
    if done.returncode < 0:
        return {"crashed": signal.Signals(-done.returncode).name, "said": last}
    return {"ended": last or f"exit code {done.returncode}"}


def shortcoming(reply: dict[str, Any], count: int) -> str:
    """Why a reply to "count" is not the count that it should be; "" if it is."""
    if reply.get("count") == count:
        return ""
    if "crashed" in reply:
        return f"the interpreter dies: {reply['crashed']}"
    return str(reply.get("ended") or f"it counts {reply.get('count')} in place of {count}")

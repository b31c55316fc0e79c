"""Runs the programs of ``trust.bindings``, each in a process of its own, where it may crash or hang."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FAULTS = HERE / "trust" / "bindings" / "faults.c"

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc or limits memory as Linux does")


def run(program: str, *arguments: object, preload: Path | None = None, timeout: float = 1200, **env: str) -> str:
    """The last line that a program prints. Fails if it exits with another code than 0, or takes longer."""
    path = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    env = {**os.environ, "PYTHONPATH": path, "PYTHONFAULTHANDLER": "1", "PYTHONIOENCODING": "utf-8", **env}
    if preload is not None:
        env["LD_PRELOAD"] = str(preload)
    command = [sys.executable, "-u", "-m", f"trust.bindings.{program}", *map(str, arguments)]
    # Numbers are descriptors too, and a terminal or a pipe as number 0 would be read until it ends.
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(command, env=env, stdin=nothing, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    hung = False
    try:
        printed, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        hung = True
        process.kill()
        printed, _ = process.communicate()
    text = printed.decode("utf-8", "replace")
    if hung or process.returncode != 0:
        code = process.returncode
        said = "hung" if hung else f"died of {signal.Signals(-code).name}" if code < 0 else f"exited with {code}"
        pytest.fail(f"{' '.join(command[3:])} {said}:\n{text[-6000:]}", pytrace=False)
    return text.strip().splitlines()[-1]


def built(place: Path) -> Path:
    """The library of ``faults.c``. Skips the test where there is nothing to compile it with, or another C library."""
    compiler = os.environ.get("CC") or shutil.which("cc")
    if not compiler or not sys.platform.startswith("linux"):
        pytest.skip("needs Linux and a C compiler")
    if "gnu" not in (sysconfig.get_config_var("HOST_GNU_TYPE") or ""):
        pytest.skip("needs glibc, whose allocator has names of its own")
    library = place / "faults.so"
    subprocess.run([*compiler.split(), "-shared", "-fPIC", "-O1", "-o", library, FAULTS, "-ldl"], check=True)
    return library

"""doubles_pyo3.columns where memory runs out: the right result or MemoryError, and the interpreter goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="no pyarrow: columns were not tried")
pytest.importorskip("doubles_pyo3.columns", reason="a build without Arrow columns")

PROGRAMS = Path(__file__).parents[3] / "python-tests"

#: Of the memory that a call needs, what it gets: none, parts of it, and more than enough.
SHARES = (0, 0.05, 0.2, 0.4, 0.6, 0.8, 2)

#: Calls that take no memory that grows with their column, so that there may be enough of it at every limit.
SMALL = {"squeeze, nulls"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits memory as Linux does")
@pytest.mark.parametrize("function", ["count_doubles", "has_doubles", "longest_run", "squeeze"])
def test_a_result_or_memory_error(function: str) -> None:
    path = os.pathsep.join(filter(None, [str(PROGRAMS), os.environ.get("PYTHONPATH")]))
    # Otherwise glibc finds memory that the process has, and no limit is reached.
    malloc = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "0"}
    command = [sys.executable, "-m", "trust.bindings.memory_limits", "doubles_pyo3.columns", function]
    command += ["--items", "1200000", "--shares", *map(str, SHARES)]
    env = {**os.environ, **malloc, "PYTHONPATH": path}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    outcomes = defaultdict(list)
    for call, said in re.findall(
        r"^doubles_pyo3\.columns\.(.*), [\d.]+ MiB more than it has: (.*)$", done.stdout, re.M
    ):
        outcomes[call].append(said)
    assert len(outcomes) >= 10
    for call, said in outcomes.items():
        assert len(said) == len(SHARES)
        assert set(said) == {"result", "MemoryError"} or (call in SMALL and set(said) == {"result"}), (call, said)

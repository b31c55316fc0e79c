"""Does what README.md beside this says, in a folder, as its reader would.

    follow.py DIRECTORY     writes to DIRECTORY what each command printed

The tests do the same. It takes what the lab takes to build for Cython and PyO3.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from doubles_lab.approaches.build import cache_dir

HERE = Path(__file__).parent
#: The edge case that is taken out, since no log has it that was read as UTF-8.
SURROGATE = '        "lone surrogate": "\\ud800",\n'


def nothing(folder: Path) -> None:
    """There is nothing to do by hand."""


def write_the_function(folder: Path) -> None:
    """The slow function is there from the beginning."""
    shutil.copy(HERE / "logs.py", folder)


def write_the_body(folder: Path) -> None:
    """The body in Rust is written into the file that is there for it."""
    shutil.copy(HERE / "pyo3.rs", folder / "bytes_by_path/pyo3.rs")


def take_out_the_surrogate(folder: Path) -> None:
    """The edge case that cannot occur goes."""
    problem = folder / "bytes_by_path/problem.py"
    text = problem.read_text(encoding="utf-8")
    assert SURROGATE in text
    problem.write_text(text.replace(SURROGATE, ""), encoding="utf-8")


#: What is done by hand before each command, and the exit code that this ends with.
STEPS: dict[str, tuple[Callable[[Path], None], int]] = {
    "1-ceiling": (write_the_function, 0),
    "2-new": (nothing, 0),
    "3-verify": (write_the_body, 1),
    "4-run": (take_out_the_surrogate, 0),
}


def follow(folder: Path) -> dict[str, str]:
    """What each command prints to its standard output. Raises ``RuntimeError`` for another exit code than it says."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    printed = {}
    for name, (by_hand, code) in STEPS.items():
        by_hand(folder)
        done = subprocess.run(
            ["sh", "-e", str(HERE / f"{name}.sh")],
            cwd=folder,
            env={**os.environ, "PATH": path, "COLUMNS": "100"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        if done.returncode != code:
            raise RuntimeError(f"{name}: exit code {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}")
        # As on a machine of the reader's, where the lab was installed.
        printed[name] = done.stdout.replace(str(cache_dir()), "~/.cache/doubles-lab")
    return printed


def main() -> None:
    """Writes what the commands print."""
    made = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        printed = follow(Path(folder))
    made.mkdir(parents=True, exist_ok=True)
    for name, text in printed.items():
        lines = "\n".join(line.rstrip() for line in text.splitlines())
        (made / f"{name}.txt").write_text(f"{lines}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

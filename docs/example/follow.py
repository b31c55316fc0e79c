"""Does what README.md beside this and the guide to ceilings say, in a folder, as their reader would.

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
from typing import NamedTuple

from doubles_lab.approaches.build import cache_dir

HERE = Path(__file__).parent
#: The edge case that is taken out, since no log has it that was read as UTF-8.
SURROGATE = '        "lone surrogate": "\\ud800",\n'


def nothing(folder: Path) -> None:
    """There is nothing to do by hand."""


def write_the_function(folder: Path) -> None:
    """The slow function is there from the beginning."""
    shutil.copy(HERE / "logs.py", folder)


def write_the_total(folder: Path) -> None:
    """The function of the guide is there from the beginning."""
    shutil.copy(HERE / "orders.py", folder)


def write_the_body(folder: Path) -> None:
    """The body in Rust is written into the file that is there for it."""
    shutil.copy(HERE / "pyo3.rs", folder / "bytes_by_path/pyo3.rs")


def take_out_the_surrogate(folder: Path) -> None:
    """The edge case that cannot occur goes."""
    problem = folder / "bytes_by_path/problem.py"
    text = problem.read_text(encoding="utf-8")
    assert SURROGATE in text
    problem.write_text(text.replace(SURROGATE, ""), encoding="utf-8")


#: The pages that show the steps.
PAGE, GUIDE = HERE / "README.md", HERE.parent / "guide/ceiling.md"


class Step(NamedTuple):
    """A command, what is done by hand before it, the exit code that it ends with, and the page that shows it."""

    by_hand: Callable[[Path], None]
    code: int = 0
    page: Path = PAGE


STEPS = {
    "1-ceiling": Step(write_the_function),
    "2-new": Step(nothing),
    "3-verify": Step(write_the_body, code=1),
    "4-run": Step(take_out_the_surrogate),
    "5-list": Step(write_the_total, page=GUIDE),
    "6-translation": Step(nothing, page=GUIDE),
}


def follow(folder: Path) -> dict[str, str]:
    """What each command prints to its standard output. Raises ``RuntimeError`` for another exit code than it says."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    printed = {}
    for name, step in STEPS.items():
        step.by_hand(folder)
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
        if done.returncode != step.code:
            raise RuntimeError(f"{name}: exit code {done.returncode}, not {step.code}\n{done.stdout}\n{done.stderr}")
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

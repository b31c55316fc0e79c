"""A reader, who does the steps of the tutorial in a folder of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from quoting import STEPS

#: The steps, in their order.
NAMES = sorted(each.name for each in STEPS.iterdir() if each.is_dir())
#: The steps whose extension a step works with.
BUILT_BY = {"08": "07", "09": "07", "11": "10", "12": "10", "16": "14"}
#: What is not the reader's: the commands are typed, and what they print is only looked at.
NOT_MADE = shutil.ignore_patterns("commands.sh", "expected.txt")
#: What make and cargo set for this repository, and a reader has not.
OURS = re.compile(r"VIRTUAL_ENV|PYTHON|PYO3_|CARGO_(TARGET|ENCODED)|RUSTFLAGS|MAKE|MFLAGS|PYTEST|COV")


class Reader:
    """Follows the tutorial: makes the files of a step, types its commands, and sees what they print."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed: dict[str, str] = {}
        self.seconds: dict[str, float] = {}

    def does(self, number: str) -> str:
        """What a step prints. What it works with is done before, once, and it is done only once itself."""
        if number not in self.printed:
            if number != "00":
                self.does("00")
            if number in BUILT_BY:
                self.does(BUILT_BY[number])
            for name in NAMES:
                if name[:2] <= number:
                    # By `copy`, so that a file is as new as one that was just saved, which is what Cargo looks at.
                    shutil.copytree(
                        STEPS / name, self.folder, ignore=NOT_MADE, copy_function=shutil.copy, dirs_exist_ok=True
                    )
            begin = time.monotonic()
            self.printed[number] = self._types(number)
            self.seconds[number] = time.monotonic() - begin
        return self.printed[number]

    def _types(self, number: str) -> str:
        (step,) = [name for name in NAMES if name.startswith(number)]
        commands = (STEPS / step / "commands.sh").read_text(encoding="utf-8")
        if number != "00":
            commands = f". .venv/bin/activate\n{commands}"
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", commands],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=590,
            check=False,
        )
        assert done.returncode == 0, f"{step}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
        own = str(Path(sys.prefix) / "bin")
        path = [each for each in kept.get("PATH", "").split(os.pathsep) if each != own]
        # The Python that runs this test is the reader's, not whichever comes first there.
        return {**kept, "PATH": os.pathsep.join([str(Path(sys.base_prefix) / "bin"), *path])}

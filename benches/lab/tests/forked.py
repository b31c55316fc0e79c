"""Runs the command for tests, in a process that is forked from a server. Run as a program, this file is that server.

Hundreds of tests run the command. Importing what it needs takes longer than most of what they try, and so does making
the inputs of the bundled problem and counting their doubles in plain Python: both are done once.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from doubles_lab.cli import COMMANDS, main
from doubles_lab.folder import bundled, read
from doubles_lab.given import inputs_of


@functools.cache
def server() -> subprocess.Popen[str]:
    """A process that forks one for each command. It ends with this one."""
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, __file__], stdin=pipe, stdout=pipe, text=True, bufsize=1)


def run(arguments: list[str], directory: Path, env: dict[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    """What ``doubles-lab`` gives for arguments. Raises :class:`subprocess.TimeoutExpired`."""
    cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    with tempfile.TemporaryDirectory() as made:
        files = [Path(made, name) for name in ("out", "errors")]
        request = (arguments, str(directory), env, cpus, [str(file) for file in files])
        stdin, stdout = server().stdin, server().stdout
        assert stdin is not None and stdout is not None
        stdin.write(json.dumps(request) + "\n")
        process = int(stdout.readline())
        late = not select.select([stdout], [], [], timeout)[0]
        if late:
            os.kill(process, signal.SIGKILL)
        code = int(stdout.readline())
        texts = [file.read_text(encoding="utf-8") for file in files]
    if late:
        raise subprocess.TimeoutExpired(arguments, timeout, *texts)
    return subprocess.CompletedProcess(arguments, code, *texts)


def command(
    arguments: list[str], directory: str, env: dict[str, str], cpus: list[int] | None, files: list[str]
) -> None:
    """Is the command. What it writes goes to files."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, file in enumerate(files, 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(env)
    # As a Python that is started would.
    sys.path[:0] = [each for each in env.get("PYTHONPATH", "").split(os.pathsep) if each and each not in sys.path]
    os.chdir(directory)
    if cpus is not None:
        os.sched_setaffinity(0, cpus)
    sys.argv = ["doubles-lab", *arguments]
    main()


def prepare() -> None:
    """Imports what the commands need, and keeps what the bundled problem's inputs are and give."""
    for name in (*(f"doubles_lab.cli.{module}" for module in COMMANDS.values()), "altair", "hypothesis"):
        importlib.import_module(name)
    problem = read(bundled()).problem
    assert isinstance(problem.inputs, list) and isinstance(problem.units, dict)
    problem.inputs[:] = [replace(each, make=functools.cache(each.make)) for each in problem.inputs]
    for unit, reference in problem.units.items():
        problem.units[unit] = functools.cache(reference)
    for given in inputs_of(problem):
        if given.name != "size-64M":  # too large to be kept
            _ = given.expected, given.counts


def serve() -> None:
    """Answers each line with the number of a process, and with its exit code once it has ended."""
    prepare()
    while line := sys.stdin.readline():
        process = os.fork()
        if not process:
            command(*json.loads(line))
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()

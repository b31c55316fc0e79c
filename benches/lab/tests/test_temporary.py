"""Nothing is left in the temporary directory: after a command, after Ctrl-C, after a build that fails, after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from conftest import SHORT, Lab, Plant
from test_compare_command import saved_at
from test_comparison import a_noisy_row

from doubles_lab import temporary
from doubles_lab.approaches import build

#: Leave files in the temporary directory: when they are loaded, when they are called, and when they are ended.
LITTER = """
import pathlib, subprocess, tempfile

def litter(name):
    directory = tempfile.mkdtemp()
    (pathlib.Path(directory) / name).write_bytes(bytes(1000))
    tempfile.NamedTemporaryFile(delete=False).close()

def load():
    litter("loaded")
    return lambda val: litter("called") or right(val)

def fails():
    litter("built")
    raise Unavailable("the build failed: x")

def hangs():
    litter("built")
    subprocess.run([sys.executable, "-c", '''if True:
        import os, pathlib, sys, tempfile, time
        directory = pathlib.Path(tempfile.mkdtemp())
        open(os.environ["LOG"], "a").write("building")
        for number in range(2000):
            (directory / str(number)).touch()
            time.sleep(0.05)
    '''])

IMPLEMENTATIONS = [
    contender("litters", load=load),
    contender("fails", load=fails, compiled=True),
    contender("hangs", load=hangs, compiled=True),
]
"""


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """An empty directory for temporary files."""
    made = tmp_path / "temporary"
    made.mkdir()
    return made


def left(directory: Path) -> list[str]:
    """What is in a directory."""
    return sorted(str(file.relative_to(directory)) for file in directory.rglob("*"))


CHOSEN = ("--contender", "litters", "--contender", "fails")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("run", *CHOSEN, "--case", "size-3", *SHORT), 0),
        (("run", "--contender", "fails", "--case", "size-3", *SHORT), 4),
        (("verify", *CHOSEN[:2], "--case", "empty", "--case", "one"), 0),
        (("explain", "inputs", "--contender", "python-zip", "--budget", "1s"), 0),
        (("list",), 0),
        (("compare", "a.json", "a.json"), 0),
        (("report", "a.json", "--output", "again"), 0),
        (("report", "missing.json"), 4),
        (("run", "--contender", "missing"), 2),
        (("--help",), 0),
    ],
)
def test_a_command_leaves_nothing(
    lab: Lab, plant: Plant, empty: Path, arguments: tuple[object, ...], code: int
) -> None:
    saved_at(lab.directory / "a.json", a_noisy_row("a", 1e-6, 1))
    planted = ("--contenders", plant(LITTER)) if arguments[0] in ("run", "verify", "explain") else ()
    done = lab(*arguments, *planted, TMPDIR=str(empty), timeout=280)
    assert done.returncode == code, done.stdout + done.stderr
    assert left(empty) == []


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_broken_off_leaves_nothing(lab: Lab, plant: Plant, empty: Path, number: signal.Signals) -> None:
    log = lab.directory / "log"
    arguments = ("run", "--contenders", plant(LITTER), "--contender", "hangs", "--case", "size-3", *SHORT)
    env = {**os.environ, "TMPDIR": str(empty), "LOG": str(log)}
    with subprocess.Popen(lab.command(*arguments), cwd=lab.directory, env=env, stderr=subprocess.PIPE) as run:
        while not log.exists() and run.poll() is None:
            time.sleep(0.05)
        assert left(empty) != []
        run.send_signal(number)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert b"Traceback" not in said
    assert left(empty) == []


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals, and Windows has no lock that a later run asks for")
def test_what_a_killed_run_leaves_is_removed_by_the_next(lab: Lab, plant: Plant, empty: Path) -> None:
    log = lab.directory / "log"
    arguments = ("run", "--contenders", plant(LITTER), "--contender", "hangs", "--case", "size-3", *SHORT)
    env = {**os.environ, "TMPDIR": str(empty), "LOG": str(log)}
    with subprocess.Popen(lab.command(*arguments), cwd=lab.directory, env=env, stderr=subprocess.PIPE) as run:
        while not log.exists() and run.poll() is None:
            time.sleep(0.05)
        run.kill()
    (directory,) = empty.iterdir()
    lab("list", TMPDIR=str(empty))
    assert directory.exists()  # it is new, so that its run may be about to lock it
    old = time.time() - 2 * temporary.NEW
    end = time.monotonic() + 30
    while directory.exists():  # its build still goes on for a moment
        assert time.monotonic() < end
        os.utime(directory, (old, old))
        lab("list", TMPDIR=str(empty))
    assert left(empty) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no lock that a later run asks for")
def test_what_is_in_use_is_left_alone(tmp_path: Path) -> None:
    old = time.time() - 2 * temporary.NEW
    other = tmp_path / "another-thing"
    other.mkdir()
    with temporary.directory("some-", tmp_path) as used:
        os.utime(used, (old, old))
        unused = Path(tempfile.mkdtemp(prefix="some-", dir=tmp_path))
        os.utime(unused, (old, old))
        os.utime(other, (old, old))
        with temporary.directory("some-", tmp_path) as second:
            assert used.exists() and second.exists() and other.exists() and not unused.exists()
    assert list(tmp_path.iterdir()) == [other]


def test_the_directory_is_that_of_all_that_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with temporary.of_this_run() as made:
        assert Path(tempfile.gettempdir()) == made and made.parent == tmp_path
        code = "import tempfile; print(tempfile.gettempdir())"
        assert build.run([sys.executable, "-c", code], tmp_path).strip() == str(made)
    assert tempfile.gettempdir() == str(tmp_path) and os.environ["TMPDIR"] == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_temporary_directory_of_the_tests_is_their_own() -> None:
    # Removed by conftest.py when the last test has ended.
    assert temporary.RUN in tempfile.gettempdir()

"""Runs that are killed, and runs at once: a file is whole or was never there, and no run touches another's."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Lab, Plant

from doubles_lab.cli import files
from doubles_lab.results import claim, record, saved

if sys.platform == "win32":
    pytest.skip("Windows has no SIGKILL, and no lock that a later run could ask for", allow_module_level=True)

#: Writes one of two texts again and again, and says when it begins.
WRITER = """
import sys
from pathlib import Path
from doubles_lab.results import saved
print("ready", flush=True)
while True:
    for letter in "ab":
        saved.write_whole(Path(sys.argv[1]), letter * 1_000_000)
"""


def killed_writers(file: Path, kills: int, seed: int) -> list[str]:
    """Kills so many processes, one after another, while each writes the file; returns what was not whole."""
    draw, broken = random.Random(seed), []
    for _ in range(kills):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(draw.random() * 0.05)
            writer.kill()
        text = file.read_text() if file.exists() else "a" * 1_000_000
        if text not in ("a" * 1_000_000, "b" * 1_000_000):
            broken.append(f"{len(text):,} characters")
    return broken


def test_a_file_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a" * 1_000_000)
    assert killed_writers(file, 5, seed=1) == []


#: Logs each process that loads it, and is slow enough never to be what the lab checks itself with.
LOGGED = """
def load():
    with open(os.environ["LOG"], "a") as log:
        log.write("loaded\\n")
    return lambda val: time.sleep(0.002) or right(val)
IMPLEMENTATIONS = [contender("logged", load=load)]
"""
RUN = ("run", "--case", "size-1k", "--case", "newlines", "--contender", "logged", "--contender", "python-once")
PLAN = ("--processes", 3, "--rounds", 3, "--timeout", 20, "--no-charts", "--seed", 1)
#: Processes of each contender in a whole run.
PROCESSES = 2 * 3


@contextlib.contextmanager
def racing(lab: Lab, directory: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A run that has begun to race, or has ended, and its log, with a line for each process of the race."""
    log = lab.directory / "log"
    log.write_text("")
    command = lab.command(*RUN, "--contenders", directory, *PLAN)
    env = {**os.environ, "LOG": str(log)}
    with subprocess.Popen(
        command, cwd=lab.directory, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        # The first that loads it is the process that verifies it.
        while run.poll() is None and len(log.read_text().splitlines()) < 2:
            time.sleep(0.01)
        yield run, log


def killed_run(lab: Lab, directory: Path, after: float) -> tuple[int, int]:
    """Kills a run so many seconds into its race; returns the processes that began, and those with saved samples."""
    with racing(lab, directory) as (run, log):
        time.sleep(after)
        run.kill()
    begun = len(log.read_text().splitlines()) - 1
    kept = 0
    for file in lab.saved(".json"):
        if file.name.count(".") == 1:
            rows = [row for case in saved.read(file).cases for row in case.rows if row.contender == "logged"]
            kept += sum(len(row.runs) for row in rows)
    return begun, kept


def test_what_a_killed_run_measured_is_kept_and_told_of(lab: Lab, plant: Plant) -> None:
    directory = plant(LOGGED)
    log = lab.directory / "log"
    log.write_text("")
    command = lab.command(*RUN, "--contenders", directory, *PLAN)
    with subprocess.Popen(
        command, cwd=lab.directory, env={**os.environ, "LOG": str(log)}, stderr=subprocess.DEVNULL
    ) as run:
        while not lab.saved(".json") and run.poll() is None:
            time.sleep(0.01)
        run.kill()
    result = saved.read(lab.record_file)
    assert result.interrupted
    (row,) = [row for row in result.cases[0].rows if row.contender == "logged"]
    assert row.status == record.RANKED
    assert row.runs and all(1 <= len(each.values) <= 3 for each in row.runs)
    # Told of by the next run, once.
    short = ("run", "--case", "size-1k", "--contender", "python-once", "--processes", 1, "--rounds", 3, "--no-charts")
    told = lab(*short).stderr
    assert f"{lab.record_file_of(result.date)} is what a run that was killed had measured" in told.replace("\n", " ")
    assert "killed" not in lab(*short).stderr
    assert not [file for file in lab.results.iterdir() if file.name.startswith(".")]
    again = lab("report", lab.record_file_of(result.date))
    assert again.returncode == 0 and "Interrupted" in again.stdout


def test_runs_at_once_take_names_of_their_own(lab: Lab) -> None:
    short = ("run", "--case", "size-1k", "--contender", "python-once", "--processes", 1, "--rounds", 3, "--no-charts")
    pipe = subprocess.PIPE
    runs = [subprocess.Popen(lab.command(*short), cwd=lab.directory, stdout=pipe, stderr=pipe) for _ in range(4)]
    said = [run.communicate(timeout=100)[1] for run in runs]
    assert [run.returncode for run in runs] == [0] * 4
    assert not any(b"killed" in errors for errors in said)
    records = [file for file in lab.saved(".json") if file.name.count(".") == 1]
    assert len(records) == 4
    assert len({saved.read(file).seed for file in records}) == 4
    for ending in (".md", ".csv", ".summary.json"):
        assert len(lab.saved(ending)) == 4
    assert not [file for file in lab.results.iterdir() if file.name.startswith(".")]


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    with claim.claimed(tmp_path, "now") as first, claim.claimed(tmp_path, "now") as second:
        assert (first.name, second.name) == ("now", "now_2")
        assert claim.left_behind(tmp_path) == []
        (tmp_path / "now.json").touch()
    with claim.claimed(tmp_path, "now") as third:
        assert third.name == "now_2"
    assert [file.name for file in tmp_path.iterdir()] == ["now.json"]


def test_what_was_half_written_is_removed_and_that_of_others_is_not(tmp_path: Path) -> None:
    with claim.claimed(tmp_path, "mine") as mine:
        ours = tmp_path / f".{mine.name}.json.abc"
        for name in (ours.name, ".dead.running", ".dead.json.abc", ".dead-case.svg.abc", "dead.json", "dead.md"):
            (tmp_path / name).touch()
        assert claim.left_behind(tmp_path) == [tmp_path / "dead.json"]
        assert ours.exists()
        ours.unlink()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["dead.json", "dead.md"]


def test_where_nothing_can_be_locked_runs_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim, "fcntl", None)
    (tmp_path / "now.json").touch()
    with claim.claimed(tmp_path, "now") as stem:
        assert stem.name == "now_2"
        assert claim.left_behind(tmp_path) == []


def test_file_names_of_cases_are_distinct_and_plain() -> None:
    names = ["a/b", "a_b", "A_B", "../../x", "x" * 300, "x" * 299 + "y", "中" * 100, "a\0\n\ud800"]
    labels = files.labels(names)
    assert len({label.casefold() for label in labels}) == len(names)
    assert all("/" not in label and "\0" not in label and len(label.encode()) <= 110 for label in labels)


def test_workers_of_a_killed_run_end(lab: Lab, plant: Plant) -> None:
    directory = plant(LOGGED)
    mark = f"{os.getpid()}-{time.time_ns()}"
    command = lab.command(*RUN, "--contenders", directory, *PLAN)
    env = {**os.environ, "LOG": str(lab.directory / "log"), "MARK": mark}
    with subprocess.Popen(command, cwd=lab.directory, env=env, stderr=subprocess.DEVNULL) as run:
        while not marked(mark, "doubles_lab.measure.worker") and run.poll() is None:
            time.sleep(0.01)
        os.kill(run.pid, signal.SIGKILL)
    end = time.monotonic() + 20
    while left := marked(mark, "doubles_lab"):
        assert time.monotonic() < end, left
        time.sleep(0.05)


def marked(mark: str, what: str) -> list[str]:
    """The processes with a mark in their environment and a text in their command."""
    import psutil

    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("MARK") == mark and what in " ".join(process.cmdline()):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found

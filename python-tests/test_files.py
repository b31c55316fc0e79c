"""count_doubles_file: files of any size, pipes and devices, and what goes wrong with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from oracle import doubles_of, outcome

TEXT = "aab жжё 文文中 😀😀😀 \n\n\x00\x00" * 50
POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes with names and signals are of POSIX")

#: What a file with holes has, more than a machine's memory.
HUGE = 64 << 30


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(TEXT.encode())
    return path


@pytest.mark.parametrize("threads", [1, 2, 3, 64])
def test_units(doubles, text, threads):
    assert doubles.count_doubles_file(text, threads=threads) == doubles_of(TEXT)
    assert doubles.count_doubles_file(text, "characters", threads) == doubles_of(TEXT)
    assert doubles.count_doubles_file(text, "bytes", threads) == doubles_of(TEXT.encode())


def test_paths(doubles, text):
    expected = doubles_of(TEXT)
    assert doubles.count_doubles_file(str(text)) == expected
    assert doubles.count_doubles_file(os.fsencode(text)) == expected
    assert doubles.count_doubles_file(path=text) == expected
    descriptor = os.open(text, os.O_RDONLY)
    os.lseek(descriptor, 1, os.SEEK_SET)
    assert doubles.count_doubles_file(descriptor) == expected - 1
    with pytest.raises(OSError):
        os.fstat(descriptor)  # closed


def test_files_are_closed(doubles, text):
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for _ in range(50):
        doubles.count_doubles_file(text)
        outcome(doubles.count_doubles_file, text.parent)
        outcome(doubles.count_doubles_file, text, "words")
    after = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert after == before


@pytest.mark.parametrize("threads", [1, 3])
def test_several_steps(doubles, tmp_path, threads):
    """A file that is read in several steps and places, each of which cuts characters."""
    for before in range(4):
        path = tmp_path / str(before)
        unit = "ж文😀😀"
        times = (40 << 20) // len(unit.encode())
        path.write_bytes(b"x" * before + unit.encode() * times)
        assert doubles.count_doubles_file(path, threads=threads) == max(before - 1, 0) + times


def test_an_empty_file(doubles, tmp_path):
    (tmp_path / "empty").touch()
    assert doubles.count_doubles_file(tmp_path / "empty") == 0
    assert doubles.count_doubles_file(os.devnull, threads=4) == 0


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize(
    ("data", "position", "what"),
    [
        (b"aab\xff", 3, "which is not UTF-8 there"),
        (b"\x80", 0, "which is not UTF-8 there"),
        ("é".encode() * 9 + b"\xed\xa0\x80", 18, "which is not UTF-8 there"),
        ("文".encode()[:2], 0, "which ends within a character"),
        (b"a" * (20 << 20) + "😀".encode()[:3], 20 << 20, "which ends within a character"),
    ],
)
def test_other_than_utf8(doubles, tmp_path, data, position, what, threads):
    path = tmp_path / "bad"
    path.write_bytes(data)
    with pytest.raises(UnicodeDecodeError) as raised:
        doubles.count_doubles_file(path, threads=threads)
    error = raised.value
    assert error.reason == f"at offset {position} of the file, {what}"
    assert error.encoding == "utf-8"
    assert data[position:].startswith(error.object[error.start : error.end])
    assert doubles.count_doubles_file(path, "bytes", threads) == doubles_of(data)


def test_what_open_raises(doubles, tmp_path):
    for path in (tmp_path / "missing", tmp_path, "with\0nul", 1.5, None, -1, "", [], 10**6):
        expected = outcome(open, path, "rb", 0)
        kind, text = outcome(doubles.count_doubles_file, path)
        assert kind == expected[0], path
        if kind not in ("TypeError", "ValueError"):
            assert text == expected[1]


def test_other_arguments(doubles, text):
    assert outcome(doubles.count_doubles_file, text, "words") == (
        "ValueError",
        "unit must be 'characters' or 'bytes', got 'words'",
    )
    assert outcome(doubles.count_doubles_file, text, 3) == ("TypeError", "unit must be a str, got int")
    assert outcome(doubles.count_doubles_file, text, "bytes", 0) == ("ValueError", "threads must be at least 1, got 0")
    assert outcome(doubles.count_doubles_file)[0] == "TypeError"


@POSIX
def test_a_pipe(doubles, tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    data = TEXT.encode()

    def write():
        with open(path, "wb", 0) as pipe:
            for start in range(0, len(data), 7):
                pipe.write(data[start : start + 7])

    writer = threading.Thread(target=write)
    writer.start()
    assert doubles.count_doubles_file(path, threads=2) == doubles_of(TEXT)
    writer.join()


def run(doubles, code, **options):
    """Starts another interpreter that has the module as ``doubles``."""
    code = f"import {doubles.__name__} as doubles, os, sys\n" + code
    return subprocess.Popen([sys.executable, "-c", code], **options)


@POSIX
def test_standard_input(doubles):
    code = "print(doubles.count_doubles_file('/dev/stdin'), doubles.count_doubles('aa'))"
    process = run(doubles, code, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    printed, _ = process.communicate(TEXT.encode())
    assert printed.split() == [str(doubles_of(TEXT)).encode(), b"1"]


CTRL_C = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
print("go", flush=True)
try:
    doubles.count_doubles_file(sys.argv[1], "bytes", int(sys.argv[2]))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@POSIX
@pytest.mark.parametrize("what", ["a pipe that says nothing", "a huge file", "a huge file, 2 threads"])
def test_ctrl_c(doubles, tmp_path, what):
    path = tmp_path / "file"
    if "pipe" in what:
        os.mkfifo(path)
        # It is open for writing, so that to open it does not wait; and it says nothing.
        held = os.open(path, os.O_RDWR)
    else:
        held = os.open(path, os.O_RDWR | os.O_CREAT)
        os.truncate(path, HUGE)
    code = f"sys.argv[1:] = [{str(path)!r}, {1 + ('threads' in what)}]\n" + CTRL_C
    process = run(doubles, code, stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"go\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        printed, _ = process.communicate(timeout=30)
        assert printed == b"interrupted\n"
        # Not at the end of the file, to which it is a long way.
        assert time.monotonic() - started < 10
    finally:
        process.kill()
        os.close(held)


@POSIX
@pytest.mark.parametrize("threads", [1, 2])
def test_a_file_that_is_cut_while_it_is_read(doubles, tmp_path, threads):
    path = tmp_path / "file"
    path.touch()
    os.truncate(path, 256 << 20)
    done = threading.Event()

    def cut():
        while not done.is_set():
            os.truncate(path, 1 << 20)
            os.truncate(path, 256 << 20)

    cutter = threading.Thread(target=cut)
    cutter.start()
    try:
        for _ in range(5):
            count = doubles.count_doubles_file(path, "bytes", threads)
            assert 0 <= count < 256 << 20
    finally:
        done.set()
        cutter.join()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
@pytest.mark.parametrize("threads", [1, 4])
def test_memory_stays_small(doubles, tmp_path, threads):
    path = tmp_path / "file"
    path.touch()
    os.truncate(path, 1 << 30)
    code = f"""
assert doubles.count_doubles_file({str(path)!r}, threads={threads}) == {(1 << 30) - 1}
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:")))
"""
    process = run(doubles, code, stdout=subprocess.PIPE)
    printed, _ = process.communicate(timeout=300)
    assert int(printed) << 10 < 100 << 20


def test_other_threads_run(doubles, tmp_path):
    path = tmp_path / "file"
    path.touch()
    os.truncate(path, 1 << 30)
    ticks = 0
    done = threading.Event()

    def tick():
        nonlocal ticks
        while not done.wait(0.001):
            ticks += 1

    ticker = threading.Thread(target=tick)
    ticker.start()
    doubles.count_doubles_file(path, "bytes")
    done.set()
    ticker.join()
    assert ticks > 5


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
def test_a_file_without_a_length(doubles):
    """A regular file whose length is not known before it is read."""
    path = Path("/proc/self/status")
    assert doubles.count_doubles_file(path, threads=2) > 0

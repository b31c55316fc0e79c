"""count_doubles_file: where a descriptor stands before and after, and reads that are short, interrupted or failing."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time

import pytest

from oracle import doubles_of, outcome
from programs import linux, run

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and descriptors of POSIX")

#: Characters of each length in UTF-8, and doubles of each: also where a descriptor stands between two of them.
TEXT = "aabжжё文文中😀😀 \n\n\x00\x00"

#: What a long file repeats, of 15 bytes, so that each place of it is cut in another part: two doubles, or one of bytes.
REPEATED = "ж文文😀aa\n".encode()

#: The bytes of one place of a file, which one thread counts at once.
STEP = 16 << 20


def at_offset(doubles, path, offset, unit, threads):
    """What a count from an offset on gives, and where the file is afterwards."""
    descriptor = os.open(str(path), os.O_RDONLY)
    other = os.dup(descriptor)
    try:
        os.lseek(descriptor, offset, os.SEEK_SET)
        found = outcome(doubles.count_doubles_file, descriptor, unit, threads)
        with pytest.raises(OSError):
            os.fstat(descriptor)  # closed
        return found, os.lseek(other, 0, os.SEEK_CUR)
    finally:
        os.close(other)


def expected_of(data, unit):
    """What must be returned or raised for these bytes. Offsets are from where the descriptor stood."""
    if unit == "bytes":
        return "int", str(doubles_of(data))
    try:
        return "int", str(doubles_of(data.decode()))
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        said = "which ends within a character" if cut else "which is not UTF-8 there"
        bad = error.object[error.start : error.end]
        of = f"byte 0x{bad.hex()} in position 0" if len(bad) == 1 else f"bytes in position 0-{len(bad) - 1}"
        return "UnicodeDecodeError", f"'utf-8' codec can't decode {of}: at offset {error.start} of the file, {said}"


def check_offset(doubles, path, offset, unit, expected, end):
    """Fails unless each number of threads gives what is expected, and leaves the file in the same place."""
    all_found = {threads: at_offset(doubles, path, offset, unit, threads) for threads in (1, 2, 5)}
    for threads, (found, position) in all_found.items():
        assert found == expected, f"from {offset} by {threads} threads"
        assert position == end or expected[0] != "int", f"from {offset} by {threads} threads"
    # Of several places, how much was read before an error is up to the threads.
    assert len({position for _, position in all_found.values()}) == 1 or end > STEP, all_found


@pytest.mark.parametrize("unit", ["characters", "bytes"])
@pytest.mark.parametrize("ending", [b"", b"\xff", b"\xe6\x96", b"\xed\xa0\x80", b"a\x80a"], ids=repr)
def test_every_offset_of_a_short_file(doubles, tmp_path, unit, ending):
    data = TEXT.encode() + ending
    path = tmp_path / "text"
    path.write_bytes(data)
    for offset in range(len(data) + 3):
        check_offset(doubles, path, offset, unit, expected_of(data[offset:], unit), max(offset, len(data)))


@pytest.fixture(scope="module")
def long_file(tmp_path_factory):
    """A file that is read in several places at once, which cut characters, and its content."""
    data = REPEATED * (2 * STEP // len(REPEATED) + 1000)
    path = tmp_path_factory.mktemp("long") / "text"
    path.write_bytes(data)
    return path, data


@pytest.mark.parametrize("unit", ["characters", "bytes"])
def test_offsets_of_a_file_of_several_places(doubles, long_file, unit):
    """In the first characters, so that each place begins in another part of one; and near the seams and the end."""
    path, data = long_file
    end, repeated = len(data), len(REPEATED)
    each = {"characters": 2, "bytes": 1}[unit]
    near_places = (STEP - 1, STEP, STEP + 1, STEP + 2, 2 * STEP + 3, end - repeated, end - 1, end, end + 9)
    for offset in (*range(repeated + 1), *near_places):
        # The first of what is repeated and is left, cut where the file stands, and how many there are after it.
        first = REPEATED[offset % repeated :] if offset < end else b""
        expected = expected_of(first, unit)
        if expected[0] == "int":
            whole = max(end - offset - len(first), 0) // repeated
            expected = "int", str(int(expected[1]) + whole * each)
        check_offset(doubles, path, offset, unit, expected, max(offset, end))


@linux
@pytest.mark.parametrize("work", ["short reads", "failing reads", "a pipe", "no threads"])
def test_reads_and_threads_that_fail(module, faults, work):
    print(run("file_faults", module, work, preload=faults))


class Ticks:
    """Handles a signal every few milliseconds, by a handler that returns."""

    def __init__(self, seconds):
        self.seconds, self.seen = seconds, 0

    def __enter__(self):
        self.before = signal.signal(signal.SIGALRM, lambda signum, frame: setattr(self, "seen", self.seen + 1))
        signal.setitimer(signal.ITIMER_REAL, self.seconds, self.seconds)
        return self

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.before)


@POSIX
@pytest.mark.parametrize("threads", [1, 2])
def test_signals_while_a_slow_pipe_is_read(doubles, threads):
    """Each read of an empty pipe waits, and is interrupted."""
    data = TEXT.encode() * 2
    read, write = os.pipe()

    def slowly():
        # The signals are for the thread that reads.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        with os.fdopen(write, "wb", 0) as pipe, contextlib.suppress(BrokenPipeError):
            for start in range(0, len(data), 5):
                time.sleep(0.01)
                pipe.write(data[start : start + 5])

    writer = threading.Thread(target=slowly)
    writer.start()
    try:
        with Ticks(0.003) as ticks:
            assert doubles.count_doubles_file(read, threads=threads) == doubles_of(data.decode())
    finally:
        writer.join()
    assert ticks.seen > 3


@POSIX
@pytest.mark.parametrize("threads", [1, 3])
def test_signals_while_a_file_is_read(doubles, long_file, threads):
    path, data = long_file
    with Ticks(0.001) as ticks:
        for _ in range(10):
            assert doubles.count_doubles_file(path, "bytes", threads) == len(data) // len(REPEATED)
    assert ticks.seen > 3

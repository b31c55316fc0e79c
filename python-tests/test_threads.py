"""Threads, the GIL and signals."""

from __future__ import annotations

import array
import ctypes
import itertools
import mmap
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from oracle import read_only

MIB = 1 << 20


def long_length() -> int:
    """A length that takes the fastest count some milliseconds, where memory allows."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable"))
    except OSError:
        free = 2048
    return min(512, max(64, free // 4)) * MIB


@pytest.fixture(scope="module")
def long_bytes() -> bytes:
    return b"a" * long_length()


@pytest.fixture(scope="module")
def long_text() -> str:
    return "a" * long_length()


# The GIL


@pytest.fixture
def other_thread_runs(monkeypatch):
    """Whether another thread got to run during a call, of at most `times`.

    The interpreter never takes the GIL from the calling thread, since its switch interval is longer than the test: so
    the other one runs if, and only if, the call lets go of it.
    """

    def runs(function, value, times):
        gate = threading.Lock()
        gate.acquire()
        ran = []

        def other():
            gate.acquire()
            ran.append(True)

        thread = threading.Thread(target=other)
        thread.start()
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1000)
        try:
            gate.release()
            for _ in range(times):
                function(value)
                if ran:
                    break
            result = bool(ran)
        finally:
            sys.setswitchinterval(interval)
        thread.join()
        return result

    return runs


def test_long_immutable_values_are_counted_without_the_gil(doubles, other_thread_runs, long_text, long_bytes):
    assert other_thread_runs(doubles.count_doubles, long_text, 1000)
    assert other_thread_runs(doubles.count_doubles, long_bytes, 1000)


@pytest.mark.parametrize("char", ["é", "中", "😀"])
def test_long_text_of_any_storage_is_counted_without_the_gil(doubles, other_thread_runs, char):
    assert other_thread_runs(doubles.count_doubles, char * (8 * MIB), 10_000)


def test_short_values_are_counted_with_the_gil(doubles, other_thread_runs):
    assert not other_thread_runs(doubles.count_doubles, "a" * (MIB - 1), 3000)
    assert not other_thread_runs(doubles.count_doubles, b"a" * 1000, 100_000)


def test_what_can_change_is_counted_with_the_gil(doubles, other_thread_runs):
    data = bytearray(b"a" * (64 * MIB))
    for value in (
        data,
        memoryview(data),
        read_only(data),
        np.frombuffer(data, "u8"),
        memoryview(data)[::-8],
    ):
        assert not other_thread_runs(doubles.count_doubles, value, 10)


# Threads


@pytest.mark.parametrize("threads", [1, 2, 3, 7, 64, 1 << 40])
def test_several_threads_count_what_one_counts(doubles, threads):
    for length in (0, 1, 2, 1000, MIB - 1, MIB, MIB + 1, 3 * MIB + 17):
        data = bytes(length)
        for value in (
            data,
            bytearray(data),
            data.decode("latin-1"),
            memoryview(data)[::-1],
            memoryview(data).cast("?"),
        ):
            assert doubles.count_doubles(value, threads=threads) == max(length - 1, 0)


@pytest.mark.parametrize("threads", [2, 5])
def test_several_threads_agree_with_one_on_any_items(doubles, threads):
    bits = np.random.default_rng(1).integers(0, 2, 3 * MIB + 5)
    for dtype in ("?", "u1", "i2", "u4", "i8"):
        items = bits.astype(dtype)
        expected = int(np.count_nonzero(items[1:] == items[:-1]))
        for value in (items, items[::-1], items[::3], np.frombuffer(b"x" + items.tobytes(), dtype, offset=1)):
            few = expected if value.size == items.size else int(np.count_nonzero(value[1:] == value[:-1]))
            assert doubles.count_doubles(value, threads=threads) == few
    for chars in ("ab", "éè", "中文", "😀🎉"):
        text = "".join(chars[bit] for bit in bits.tolist())
        assert doubles.count_doubles(text, threads=threads) == doubles.count_doubles(text)


def test_what_several_threads_count_can_be_long(doubles, long_bytes, long_text):
    assert doubles.count_doubles(long_bytes, threads=2) == len(long_bytes) - 1
    assert doubles.count_doubles(long_text, threads=2) == len(long_text) - 1


def test_eight_threads_agree(doubles):
    shared = [
        ("aabccc" * 1000, 3000),
        ("é" * 3_000_000, 2_999_999),
        ("😀" * 1_000_000, 999_999),
        (b"a" * 20_000_000, 19_999_999),
        (bytearray(b"ab" * 1000), 0),
        (np.ones(300_000, "i8"), 299_999),
    ]
    barrier = threading.Barrier(8)

    def work(seed):
        own = bytearray(b"\x07" * (seed * 1000 + 2))
        barrier.wait()
        for i in range(40):
            value, expected = shared[(seed + i) % len(shared)]
            assert doubles.count_doubles(value) == expected
            assert doubles.count_doubles(own) == len(own) - 1
            own.append(7)
            with pytest.raises(TypeError):
                doubles.count_doubles(seed)
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))


# Signals


class Alarms:
    """Runs a handler again and again while a call goes on; what it does the fourth time is for the test to say."""

    def __init__(self, fourth_time):
        self.seen = itertools.count(1)
        self.fourth_time = fourth_time

    def __call__(self, signum, frame):
        if next(self.seen) == 4:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.fourth_time()

    def __enter__(self):
        self.before = signal.signal(signal.SIGALRM, self)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.before)


def interrupt():
    raise KeyboardInterrupt


@pytest.fixture(params=["str", "bytes", "bytearray", "NumPy", "backwards", "bools"])
def long_value(request, long_text, long_bytes):
    if request.param == "bytearray":
        return bytearray(long_bytes)
    return {
        "str": long_text,
        "bytes": long_bytes,
        "NumPy": np.frombuffer(long_bytes, "u4"),
        "backwards": np.frombuffer(long_bytes, "u2")[::-1],
        "bools": np.frombuffer(long_bytes, bool),
    }[request.param]


def test_a_long_count_can_be_interrupted(doubles, long_value):
    """Between two lines of Python a handler runs once. That it runs four times shows that the call itself lets it."""
    with pytest.raises(KeyboardInterrupt), Alarms(interrupt):
        doubles.count_doubles(long_value)
    assert doubles.count_doubles("aab") == 1


def test_a_count_goes_on_after_a_signal(doubles, long_text):
    with Alarms(lambda: None):
        assert doubles.count_doubles(long_text) == len(long_text) - 1


def test_an_interrupted_count_keeps_nothing(doubles):
    data = bytearray(b"a" * (256 * MIB))
    references = sys.getrefcount(data)
    with pytest.raises(KeyboardInterrupt), Alarms(interrupt):
        doubles.count_doubles(memoryview(data)[::-1])
    assert sys.getrefcount(data) == references
    data.append(0)


# Memory that is written, or moves, while it is counted

TWO_PARTS = 160 * MIB


def counted_while(function, value, act):
    """What a count returns or raises whose signal handler, which runs between two parts, acts on the value."""
    with Alarm(act):
        try:
            return function(value)
        except RuntimeError as error:
            return str(error)


class Alarm:
    """Runs a handler once, after a millisecond: mostly in the call that comes next."""

    def __init__(self, act):
        self.act = act

    def __enter__(self):
        self.before = signal.signal(signal.SIGALRM, lambda signum, frame: self.act())
        signal.setitimer(signal.ITIMER_REAL, 0.001)

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.before)


RESIZED = "val changed its size or its format during the count"


@pytest.mark.parametrize("size", [8, 200 * MIB])
def test_what_is_resized_during_a_count_is_refused(doubles, size):
    """NumPy frees memory that is lent out, when it is told not to look for others that have it."""
    outcomes = set()
    for _ in range(20):
        values = np.ones(TWO_PARTS, "u1")
        outcomes.add(counted_while(doubles.count_doubles, values, lambda: values.resize(size, refcheck=False)))  # noqa: B023
        if RESIZED in outcomes:
            break
    assert RESIZED in outcomes
    # Before the count, or after it: what is added to the array is zero.
    assert outcomes <= {RESIZED, TWO_PARTS - 1, 7 if size == 8 else size - 2}
    assert doubles.count_doubles(np.ones(3, "u1")) == 2


def test_what_moves_during_a_count_is_found_again(doubles):
    for _ in range(5):
        values = np.ones(TWO_PARTS, "u1")
        others = []

        def move():
            values.resize(8, refcheck=False)  # noqa: B023
            others.append(np.full(TWO_PARTS, 2, "u1"))  # noqa: B023
            values.resize(TWO_PARTS, refcheck=False)  # noqa: B023
            values.fill(3)  # noqa: B023

        assert counted_while(doubles.count_doubles, values, move) == TWO_PARTS - 1


def test_a_ctypes_array_that_moves_during_a_count(doubles):
    for _ in range(5):
        values = (ctypes.c_ubyte * TWO_PARTS)()
        ctypes.resize(values, TWO_PARTS + 1)
        move = lambda: ctypes.resize(values, 4 * TWO_PARTS)  # noqa: B023, E731
        if sys.version_info >= (3, 10):
            assert counted_while(doubles.count_doubles, values, move) == TWO_PARTS - 1
        else:
            # It then says that each of its items has four bytes.
            with pytest.raises(TypeError, match="got items of format '<B' and 4 bytes"):
                counted_while(doubles.count_doubles, values, move)


@pytest.mark.parametrize("kind", ["bytearray", "array", "mmap"])
def test_what_guards_its_memory_cannot_be_resized_during_a_count(doubles, kind):
    make = {
        "bytearray": lambda: bytearray(TWO_PARTS),
        "array": lambda: array.array("B", [0]) * TWO_PARTS,
        "mmap": lambda: mmap.mmap(-1, TWO_PARTS),
    }[kind]
    refused = []

    def resize():
        try:
            value.close() if kind == "mmap" else value.append(0)
        except BufferError as error:
            refused.append(error)

    for _ in range(20):
        value = make()
        counted_while(doubles.count_doubles, value, resize)
        if refused:
            break
    assert refused


def test_what_is_written_during_a_count_gives_a_count(doubles):
    """NumPy and files write without the GIL: the count is then one of what was there at some time, pair by pair."""
    values = np.zeros(8 * MIB, "u1")
    other = np.arange(8 * MIB, dtype="u1")
    stop = threading.Event()

    def write():
        while not stop.is_set():
            np.copyto(values, other)
            values.fill(0)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for threads in (1, 2) * 50:
            assert 0 <= doubles.count_doubles(values, threads=threads) <= values.size - 1
    finally:
        stop.set()
        thread.join()
    values.fill(0)
    assert doubles.count_doubles(values) == values.size - 1


# What a process may be denied

NO_MORE_THREADS = """
import importlib, os, resource, sys
doubles = importlib.import_module(sys.argv[1])
data = bytes(160 << 20)
text, view = data.decode(), memoryview(bytearray(data))[::-1]
resource.setrlimit(resource.RLIMIT_AS, (int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize(),) * 2)
for value in (data, text, view):
    try:
        assert doubles.count_doubles(value, threads=500) == len(data) - 1
    except MemoryError:
        # By the stable ABI text is copied.
        assert value is text and "DOUBLES_STABLE_ABI" in os.environ
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_threads_that_cannot_be_had_are_done_without(doubles):
    subprocess.run([sys.executable, "-c", NO_MORE_THREADS, doubles.__name__], check=True)

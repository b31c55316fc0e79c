"""The Dask recipes, over worker processes on this machine: exact, in bounded memory, and when a worker is killed."""

from __future__ import annotations

import logging
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no SIGKILL", allow_module_level=True)
pytest.importorskip("distributed", reason="Dask has no wheel for this Python, or is not installed")

import dask_text
from distributed import Client, LocalCluster, SchedulerPlugin

from doubles_lab.problems.count_doubles import oracle

RECIPES = Path(dask_text.__file__).parent
#: What each worker may use. Dask kills one that uses more.
MEMORY = 256 * 2**20
#: What Linux has of a process.
STATUS = Path("/proc/self/status")
LETTERS = "ab\n\0\u00e9ё文𝄞"

pytestmark = [
    pytest.mark.timeout(60),
    # The worker that was killed takes its connections with it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two worker processes at the loopback address."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, memory_limit=MEMORY, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster


@pytest.fixture
def client(cluster: LocalCluster) -> Iterator[Client]:
    with Client(cluster) as client:
        yield client


def pids(client: Client) -> dict[str, int]:
    """The worker processes, by address."""
    return client.run(os.getpid)  # type: ignore[no-any-return]


def text(seed: int, length: int) -> str:
    return "".join(random.Random(seed).choices(LETTERS, k=length))


def expected(text: str) -> dask_text.Summary:
    return dask_text.Summary(len(text), oracle.count_items(text), text[:1], text[-1:])


@pytest.fixture
def texts(tmp_path: Path) -> dict[str, dask_text.Summary]:
    """Files in that directory, and what is to be told of each."""
    files = {"empty": "", "one": "文", "run": "𝄞" * 9_999, "below/long": text(1, 200_000), "other": text(2, 100_001)}
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode())
    return {str(tmp_path / name): expected(content) for name, content in files.items()}


class Killer(SchedulerPlugin):
    """Kills the worker that has just made the result of a task, when so many are made; keeps how often each was."""

    def __init__(self, scheduler: Any, pids: dict[str, int], after: int) -> None:
        self.scheduler, self.pids, self.after = scheduler, pids, after
        self.made: Counter[Any] = Counter()
        self.killed: int | None = None
        self.last: Any = None
        self.outstanding = 0

    def transition(self, key: Any, start: str, finish: str, *args: Any, **kwargs: Any) -> None:
        if (start, finish) != ("processing", "memory"):
            return
        self.made[key] += 1
        if self.killed is None and len(self.made) == self.after:
            self.killed, self.last = self.pids[kwargs["worker"]], key
            self.outstanding = sum(task.state != "memory" for task in self.scheduler.tasks.values())
            os.kill(self.killed, signal.SIGKILL)


def killed_half_way(
    client: Client, caplog: pytest.LogCaptureFixture, after: int, count: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """What is counted while a worker is killed, once it is shown that it was, and what had to be done again."""
    before, scheduler = pids(client), client.cluster.scheduler
    killer = Killer(scheduler, before, after)
    scheduler.add_plugin(killer, name="killer")
    try:
        with caplog.at_level(logging.INFO, logger="distributed.nanny"):
            counted = count()
            client.wait_for_workers(2, timeout=30)
    finally:
        scheduler.remove_plugin("killer")
    assert killer.killed in before.values()
    assert f"Worker process {killer.killed} was killed by signal 9" in caplog.text
    assert killer.killed not in pids(client).values()
    assert killer.outstanding > after
    assert killer.made[killer.last] == 2
    return counted


@pytest.mark.parametrize("range_bytes", [9_999, 2**20])
def test_text_by_file(client: Client, tmp_path: Path, texts: dict[str, dask_text.Summary], range_bytes: int) -> None:
    assert dask_text.count(client, str(tmp_path), range_bytes) == texts


@pytest.mark.parametrize("range_bytes", range(1, 9))
def test_any_cut(tmp_path: Path, range_bytes: int) -> None:
    content = text(3, 200) + LETTERS[::-1] * 2
    file = tmp_path / "file"
    file.write_bytes(content.encode())
    with file.open("rb") as opened:
        size = file.stat().st_size
        cuts = [dask_text.boundary(opened, at) for at in (*range(0, size, range_bytes), size)]
    assert (cuts[0], cuts[-1]) == (0, size)
    for start, stop in zip(cuts, cuts[1:]):
        content.encode()[start:stop].decode()


def test_parts_of_a_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fsspec.implementations.local import LocalFileSystem

    monkeypatch.setattr(dask_text, "PART", 5)
    content = text(4, 5_000)
    file = tmp_path / "file"
    file.write_bytes(content.encode())
    whole = dask_text.summarize(LocalFileSystem(), str(file), 0, file.stat().st_size)
    assert whole == expected(content)


@pytest.mark.parametrize("bad", [b"\x80", b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\xf0\x9f\x98"])
@pytest.mark.parametrize("before", ["", "文" * 7 + "ab"])
def test_not_utf8(tmp_path: Path, bad: bytes, before: str) -> None:
    from fsspec.implementations.local import LocalFileSystem

    file = tmp_path / "file"
    at = len(before.encode())
    file.write_bytes(before.encode() + bad)
    places = "|".join(map(str, range(at, at + len(bad))))
    for range_bytes in (1, 2, 3, 4, 5, 100):
        size = file.stat().st_size
        with pytest.raises(ValueError, match=rf"not UTF-8: .* at byte ({places})$"):
            for start in range(0, size, range_bytes):
                dask_text.summarize(LocalFileSystem(), str(file), start, min(size, start + range_bytes))


def test_text_larger_than_memory(client: Client, tmp_path: Path) -> None:
    # Holes, which are read as NULs and take no room on the disk, between texts of the widest characters.
    block, hole, holes = text(5, 100_000), 2**26, 10
    with (tmp_path / "file").open("wb") as file:
        for _ in range(holes):
            file.seek(hole, os.SEEK_CUR)
            file.write(block.encode())
        assert file.tell() > 2 * MEMORY
    before = pids(client)
    (whole,) = dask_text.count(client, str(tmp_path), 2**26).values()
    assert pids(client) == before, "a worker was killed for its memory"
    short = ("\0\0" + block) * holes
    assert whole.doubles == oracle.count_items(short) + holes * (hole - 2)
    assert whole.length == len(short) + holes * (hole - 2)
    if STATUS.exists():
        # Not by getrusage, whose peak has that of the process that started this one in it.
        for status in client.run(STATUS.read_text).values():
            peak = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
            assert peak is not None and int(peak[1]) * 1024 < MEMORY


def test_text_with_a_worker_killed(
    client: Client, caplog: pytest.LogCaptureFixture, tmp_path: Path, texts: dict[str, dask_text.Summary]
) -> None:
    assert killed_half_way(client, caplog, 100, lambda: dask_text.count(client, str(tmp_path), 4_000)) == texts


def test_text_as_a_script(tmp_path: Path, texts: dict[str, dask_text.Summary]) -> None:
    done = subprocess.run(
        [sys.executable, RECIPES / "dask_text.py", tmp_path], capture_output=True, text=True, timeout=50, check=True
    )
    assert "100% Completed" in done.stderr
    heading, *rows, total = (row.split("\t") for row in done.stdout.splitlines())
    assert heading == ["doubles", "characters", "file"]
    assert rows == [[str(each.doubles), str(each.length), path] for path, each in sorted(texts.items())]
    doubles, length = (sum(column) for column in zip(*((each.doubles, each.length) for each in texts.values())))
    assert total == [str(doubles), str(length), "total"]


def test_parquet(client: Client, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    pytest.importorskip("doubles_pyo3.columns", reason="doubles_pyo3 is built without columns", exc_type=ImportError)
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow has no wheel for this Python, or is not installed")
    import dask_parquet
    from pyarrow import parquet

    files: dict[str, dask_parquet.Counts] = {}
    for seed, (name, rows) in enumerate({"empty": 0, "few": 3, "many": 20_000, "more": 30_001}.items()):
        draw = random.Random(seed)
        lengths = draw.choices([None, *range(9)], k=rows)
        values = [None if length is None else "".join(draw.choices(LETTERS, k=length)) for length in lengths]
        table = pyarrow.table({"number": range(rows), "text": pyarrow.array(values, pyarrow.string())})
        parquet.write_table(table, tmp_path / f"{name}.parquet", row_group_size=250)
        doubles = sum(oracle.count_items(each) for each in values if each is not None)
        files[str(tmp_path / f"{name}.parquet")] = dask_parquet.Counts(rows, values.count(None), doubles)
    assert dask_parquet.count(client, str(tmp_path), "text") == files
    assert killed_half_way(client, caplog, 80, lambda: dask_parquet.count(client, str(tmp_path), "text")) == files
    done = subprocess.run(
        [sys.executable, RECIPES / "dask_parquet.py", tmp_path, "text", "--scheduler", client.scheduler.address],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    total = dask_parquet.add(*files.values())
    assert done.stdout.splitlines()[-1] == f"{total.doubles}\t{total.rows}\t{total.nulls}\ttotal"

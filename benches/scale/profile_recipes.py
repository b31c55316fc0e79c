"""What a count costs on each engine, by stage, and what that comes to for a petabyte.

    python benches/scale/profile_recipes.py --output docs/results/scale.md

What is given is CPU time, not time on the clock, which on a machine of few cores tells of the machine's other work.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Callable, NamedTuple

import pyarrow
from dask.utils import parse_bytes
from distributed import Client
from doubles_lab.results.saved import machine
from doubles_pyo3 import backend, columns, count_doubles_file
from pyarrow import parquet

sys.path.append(str(Path(__file__).parents[2] / "docs" / "recipes"))

import dask_parquet
import dask_text

import stages

PETABYTE, GIB, HOUR = 10**15, 2**30, 3600
#: Letters in about the proportions of each language are not needed: what costs is how many bytes a character has.
SCRIPTS = {
    "English": "etaoinshrdlu etaoin",
    "Russian": "оеаинтсрвлкм оеаинт",
    "Chinese": "的一是不了人我在有他这中大来上",
}
PACKAGES = ("dask", "pyarrow", "polars", "duckdb", "datafusion", "pysail")
#: So many tasks, to see what one costs apart from what it does.
MANY, TASKS = "many tasks", 2000
HEADING = """\
# What the kernel costs on each engine

Made by `make record-scale`. The shares of CPU time, not of time on the clock, that the stages of a count take: reading
what the system has in memory already; decoding (of UTF-8 to a str, or of Parquet to Arrow); the kernel; the rest of a
task, with the clocks; then what the engine itself takes in its workers, and its scheduler with the client. An arrow is
for what cannot be told from the stage after it. Of each the run with the median of CPU time, after one that does not
count.

What is read is random text: a file of each script, and Parquet with texts of up to 200 characters. An engine of one
machine reads the column whole. Sail runs the Spark recipe in one process; its decoding is another query, that does no
more, and its own part the difference.

""".splitlines()
PETABYTE_HEADING = """\
## A petabyte, on paper

From the table above, as if all cores were like this one, none waited, and nothing else grew.

""".splitlines()


class Cost(NamedTuple):
    """CPU seconds by stage. One that cannot be told from the next is None, and in that."""

    text: int
    reading: float | None
    decoding: float | None
    kernel: float
    task: float
    workers: float
    scheduler: float

    @property
    def total(self) -> float:
        return sum(part or 0 for part in self[1:])


def words(seed: int, script: str, length: int) -> str:
    return "".join(random.Random(seed).choices(SCRIPTS[script], k=length))


def write_texts(directory: Path, script: str, size: int) -> int:
    """A file of that script of about that size; returns how many bytes it has."""
    block = words(1, script, 2**20).encode()
    directory.mkdir()
    with (directory / script).open("wb") as file:
        for _ in range(max(1, size // len(block))):
            file.write(block)
        return file.tell()


def write_tables(directory: Path, size: int) -> int:
    """Parquet of short texts in all scripts, with about so many bytes of text; returns how many there are."""
    directory.mkdir()
    draw, written, number = random.Random(2), 0, 0
    blocks = [words(3, script, 2**20) for script in SCRIPTS]
    while written < size:
        starts = [draw.randrange(2**20 - 200) for _ in range(100_000)]
        rows = pyarrow.array([draw.choice(blocks)[start : start + draw.randrange(200)] for start in starts])
        parquet.write_table(pyarrow.table({"text": rows}), directory / f"{number}.parquet")
        written, number = written + rows.nbytes - 4 * len(rows), number + 1
    return written


def on_dask(client: Client, text: int, count: Callable[[], Any]) -> Cost:
    """A run on Dask, whose scheduler is in this process."""

    def clocks() -> tuple[Counter[str], float]:
        read = client.run(stages.read_clocks).values()
        return sum((spent for spent, _ in read), Counter()), sum(process for _, process in read)

    (spent, workers), scheduler = clocks(), time.process_time()
    count()
    scheduler = time.process_time() - scheduler
    (spent_after, workers_after) = clocks()
    spent_after.subtract(spent)
    by_stage = [spent_after[stage] for stage in ("reading", "decoding", "kernel", "task")]
    return Cost(text, *by_stage, workers_after - workers - sum(by_stage), scheduler)


def in_this_process(text: int, read: Callable[[], Any]) -> Cost:
    """Reads a column by an engine of one machine, and counts it."""
    start = time.process_time()
    column = read()
    decoded = time.process_time()
    columns.count_doubles(column)
    counted = time.process_time()
    return Cost(text, None, decoded - start, counted - decoded, 0, 0, 0)


def on_a_file(text: int, file: Path) -> Cost:
    """Counts a file in one call."""
    start = time.process_time()
    count_doubles_file(file)
    return Cost(text, None, None, time.process_time() - start, 0, 0, 0)


def on_sail(text: int, directory: Path, spark: Any) -> Cost:
    """The Spark recipe on Sail, which runs it in this process."""
    import spark as recipe
    from doubles_pyo3 import columns
    from pyspark.sql import functions

    table = spark.read.parquet(str(directory))
    start = time.process_time()
    # What makes the engine decode each text, and do no more with it.
    table.agg(functions.sum(functions.octet_length("text"))).collect()
    decoding = time.process_time() - start
    untimed, kernel = columns.count_doubles, stages.SPENT["kernel"]
    columns.count_doubles = stages.timed("kernel", untimed)
    try:
        start = time.process_time()
        recipe.with_doubles(table, "text").agg(functions.sum("text")).collect()
        total = time.process_time() - start
    finally:
        columns.count_doubles = untimed
    kernel = stages.SPENT["kernel"] - kernel
    # Two runs, and the second may decode for less.
    decoding = min(decoding, total - kernel)
    return Cost(text, None, decoding, kernel, 0, total - decoding - kernel, 0)


@contextmanager
def sail() -> Iterator[Any]:
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    session = SparkSession.builder.remote("sc://{}:{}".format(*server.listening_address)).getOrCreate()
    try:
        yield session
    finally:
        session.stop()
        server.stop()


def readers(directory: Path) -> dict[str, Callable[[], Any]]:
    """How each engine of one machine reads the column."""
    files = str(directory / "*.parquet")

    def by_polars() -> Any:
        import polars

        return polars.read_parquet(files, columns=["text"])["text"]

    def by_duckdb() -> Any:
        import duckdb

        return pyarrow.table(duckdb.sql(f"SELECT text FROM '{files}'"))["text"]

    def by_datafusion() -> Any:
        import datafusion

        return pyarrow.table(datafusion.SessionContext().read_parquet(str(directory)).select("text"))["text"]

    found = {"polars": by_polars, "duckdb": by_duckdb, "datafusion": by_datafusion}
    return {name: read for name, read in found.items() if importlib.util.find_spec(name)}


def measure(size: int, rounds: int, directory: Path) -> tuple[dict[str, Cost], dict[str, float]]:
    """What each recipe costs, and what else the petabyte is calculated from."""
    texts = {script: write_texts(directory / script, script, size) for script in SCRIPTS}
    tables = directory / "tables"
    column = write_tables(tables, size)
    facts = {"parquet": sum(file.stat().st_size for file in tables.iterdir()) / column}

    with Client(
        n_workers=2, threads_per_worker=1, memory_limit="1GiB", host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as dask:
        dask.run(stages.put_clocks)

        def text_on_dask(script: str, range_bytes: int) -> Cost:
            return on_dask(dask, texts[script], lambda: dask_text.count(dask, str(directory / script), range_bytes))

        runs = {f"Dask, text: {script}": partial(text_on_dask, script, 64 * 2**20) for script in SCRIPTS}
        runs["Dask, Parquet"] = lambda: on_dask(dask, column, lambda: dask_parquet.count(dask, str(tables), "text"))
        runs[MANY] = partial(text_on_dask, "English", texts["English"] // TASKS)
        costs = turns(runs, rounds)
    cut = costs.pop(MANY)
    facts["scheduler"] = cut.scheduler / TASKS
    facts["worker"] = cut.workers / TASKS

    runs = {
        f"count_doubles_file: {name}": partial(on_a_file, text, directory / name / name) for name, text in texts.items()
    }
    runs |= {f"{name}, Parquet": partial(in_this_process, column, read) for name, read in readers(tables).items()}
    costs.update(turns(runs, rounds))
    if importlib.util.find_spec("pysail"):
        with sail() as spark:
            costs.update(turns({"Sail, Parquet": lambda: on_sail(column, tables, spark)}, rounds))
    return costs, facts


def turns(runs: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, Cost]:
    """The run of each that takes the median of CPU time, after one that does not count; all take turns."""
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for turn in range(rounds + 1):
        for name in random.sample(list(runs), len(runs)):
            cost = runs[name]()
            print(f"{name}: {cost.total:.2f} s", file=sys.stderr)
            costs[name] += [cost] if turn else []
    return {name: sorted(each, key=lambda cost: cost.total)[rounds // 2] for name, each in costs.items()}


def row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def shares(costs: dict[str, Cost]) -> Iterator[str]:
    """The table of stages."""
    yield row(["", "GB a CPU second", "reading", "decoding", "kernel", "rest of the task", "engine", "scheduler"])
    yield row(["---", *["--:"] * 7])
    for name, cost in costs.items():
        parts = [cost.reading, cost.decoding, cost.kernel, cost.task, cost.workers, cost.scheduler]
        rate = f"{cost.text / cost.total / 1e9:.2f}"
        yield row([name, rate, *("→" if part is None else f"{part / cost.total:.1%}" for part in parts)])


def petabyte(costs: dict[str, Cost], facts: dict[str, float]) -> Iterator[str]:
    """What follows from the table for a petabyte."""
    yield row(["", "core hours", "cores for an hour", "Gbit/s that a core takes in"])
    yield row(["---", *["--:"] * 3])
    for name, cost in costs.items():
        seconds = cost.total / cost.text
        stored = facts["parquet"] if "Parquet" in name else 1
        cores = seconds * PETABYTE / HOUR
        yield row([name, f"{cores:,.0f}", f"{cores:,.0f}", f"{8e-9 * stored / seconds:.1f}"])
    tasks, terabits = PETABYTE / GIB, 8e-12 * PETABYTE / HOUR
    busy = tasks * facts["scheduler"] / 60
    yield ""
    yield f"- To read it within an hour, storage and network of all machines give {terabits:.2f} Tbit/s; in Parquet,"
    yield f"  where this text takes {facts['parquet']:.2f} of its size, {terabits * facts['parquet']:.2f} Tbit/s."
    yield f"- Dask, with a GiB a task: {tasks:,.0f} tasks. Each takes {facts['worker'] * 1e3:.2f} ms of a worker, and"
    yield f"  {facts['scheduler'] * 1e3:.2f} ms of the one scheduler, which is busy for {busy:,.0f} minutes."


def conditions() -> str:
    """The machine, what ran on it, and the day."""
    facts = machine()
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES if importlib.util.find_spec(name))
    return (
        f"{facts['cpu_model_name']}, {facts['cpu_count']} CPUs; backend {backend}; CPython {facts['python_version']},\n"
        f"{versions};\n{datetime.date.today()}, with a load of {os.getloadavg()[0]:.1f} at the end."
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--size", default="512MiB", help="text of each kind")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--output", type=Path)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        costs, facts = measure(parse_bytes(asked.size), asked.rounds, Path(directory))
    lines = [*HEADING, conditions(), "", *shares(costs), "", *PETABYTE_HEADING, *petabyte(costs, facts)]
    text = "\n".join(lines) + "\n"
    print(text)
    if asked.output:
        asked.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

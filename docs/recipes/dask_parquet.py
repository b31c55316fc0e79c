"""Doubles of a column of strings in a directory of Parquet, by file and in total, on as many machines as Dask has.

    python docs/recipes/dask_parquet.py DIRECTORY COLUMN

Each task reads one row group, that column of it alone, a batch of rows at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import pyarrow
from dask import delayed
from distributed import Client
from doubles_pyo3 import columns
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from pyarrow.parquet import ParquetFile

from dask_cluster import connect, parser, results, tree

#: Rows that a task has in memory, and bytes that it reads at a time: few, as in dask_text.
ROWS, READ = 8192, 2**15


class Counts(NamedTuple):
    """What is counted of rows. A null is a row that has nothing to count."""

    rows: int = 0
    nulls: int = 0
    doubles: int = 0


def add(*counts: Counts) -> Counts:
    """What is counted of all these rows together."""
    return Counts(*map(sum, zip(*counts)))


def row_groups(fs: AbstractFileSystem, path: str) -> int:
    """How many row groups a file has, by its footer."""
    with fs.open(path, "rb") as file:
        return int(ParquetFile(file).num_row_groups)


def count_rows(fs: AbstractFileSystem, path: str, group: int, column: str) -> Counts:
    """What is counted of one column of a row group."""
    total = Counts()
    with fs.open(path, "rb") as file:
        parquet = ParquetFile(file, buffer_size=READ, pre_buffer=False)
        for batch in parquet.iter_batches(ROWS, [group], [column], use_threads=False):
            doubles = pyarrow.array(columns.count_doubles(batch.column(0)))
            total = add(total, Counts(len(doubles), doubles.null_count, doubles.sum(min_count=0).as_py()))
    return total


def count(client: Client, directory: str, column: str) -> dict[str, Counts]:
    """What is counted of each Parquet file in a directory and below it."""
    fs, root = url_to_fs(directory)
    paths = sorted(path for path in fs.find(root) if path.endswith(".parquet"))
    groups = client.gather(client.map(lambda path: row_groups(fs, path), paths))
    counts = delayed(count_rows)
    return results(
        client,
        {
            path: tree(add, [delayed(Counts)(), *(counts(fs, path, group, column) for group in range(number))])
            for path, number in zip(paths, groups)
        },
    )


def main() -> None:
    arguments = parser(__doc__.partition("\n")[0])
    arguments.add_argument("column")
    asked = arguments.parse_args()
    with connect(asked) as client:
        files = count(client, asked.directory, asked.column)
    print("doubles\trows\tnulls\tfile")
    for path, counts in {**files, "total": add(Counts(), *files.values())}.items():
        print(counts.doubles, counts.rows, counts.nulls, path, sep="\t")


if __name__ == "__main__":
    main()

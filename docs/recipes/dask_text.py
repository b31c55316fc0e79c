"""Doubled characters in a directory of UTF-8 text, by file and in total, on as many machines as Dask has.

    python docs/recipes/dask_text.py DIRECTORY

A file is cut into ranges of bytes, and each task reads one of them, a part at a time: neither the size of a file nor
the length of its lines is limited by memory. No cut falls inside a character: both of its sides move it on alike.
"""

from __future__ import annotations

import codecs
from typing import BinaryIO, NamedTuple

from dask import delayed
from dask.utils import parse_bytes
from distributed import Client
from doubles_pyo3 import count_doubles
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from dask_cluster import connect, parser, results, tree

#: What a task has in memory of its range, in bytes; a str of it takes up to four times as much. Dask has its workers
#: give freed memory back at once (MALLOC_TRIM_THRESHOLD_), so that what is larger is paged in anew each time.
PART = 2**15

CONTINUATION = bytes(range(0x80, 0xC0))


class Summary(NamedTuple):
    """What neighbouring chunks must know of each other: in Rust, doubles_core::Summary, which also has the runs."""

    length: int = 0
    doubles: int = 0
    first: str = ""
    last: str = ""


def join(*chunks: Summary) -> Summary:
    """What is to be told of chunks that follow each other, together. Any grouping gives the same."""
    whole = Summary()
    for chunk in chunks:
        whole = Summary(
            whole.length + chunk.length,
            whole.doubles + chunk.doubles + (whole.last == chunk.first != ""),
            whole.first or chunk.first,
            chunk.last or whole.last,
        )
    return whole


def boundary(file: BinaryIO, at: int) -> int:
    """The first place from there on that is not inside a character, of which at most three bytes continue it."""
    if at == 0:
        return 0
    file.seek(at)
    following = file.read(3)
    return at + len(following) - len(following.lstrip(CONTINUATION))


def summarize(fs: AbstractFileSystem, path: str, start: int, stop: int) -> Summary:
    """What is to be told of the characters that begin in these bytes of a file.

    Raises ValueError with the offset in the file where it is not UTF-8, and EOFError if the file has become shorter.
    """
    whole, decoder = Summary(), codecs.getincrementaldecoder("utf-8")()
    with fs.open(path, "rb") as file:
        at, stop = boundary(file, start), boundary(file, stop)
        file.seek(at)
        while at < stop:
            part = file.read(min(PART, stop - at))
            if not part:
                raise EOFError(f"{path} ends at byte {at}, and had {stop} bytes or more")
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(part, final=at + len(part) == stop)
            except UnicodeDecodeError as error:
                raise ValueError(f"{path} is not UTF-8: {error.reason} at byte {at - pending + error.start}") from None
            whole = join(whole, Summary(len(text), count_doubles(text), text[:1], text[-1:]))
            at += len(part)
    return whole


def count(client: Client, directory: str, range_bytes: int) -> dict[str, Summary]:
    """What is to be told of each file in a directory and below it."""
    fs, root = url_to_fs(directory)
    summary = delayed(summarize)
    return results(
        client,
        {
            path: tree(
                join,
                [
                    summary(fs, path, start, min(start + range_bytes, file["size"]))
                    for start in range(0, max(file["size"], 1), range_bytes)
                ],
            )
            for path, file in sorted(fs.find(root, detail=True).items())
        },
    )


def main() -> None:
    arguments = parser(__doc__.partition("\n")[0])
    arguments.add_argument("--range", default="64MiB", help="how much of a file one task reads")
    asked = arguments.parse_args()
    with connect(asked) as client:
        files = count(client, asked.directory, parse_bytes(asked.range))
    print("doubles\tcharacters\tfile")
    for path, whole in files.items():
        print(whole.doubles, whole.length, path, sep="\t")
    print(sum(each.doubles for each in files.values()), sum(each.length for each in files.values()), "total", sep="\t")


if __name__ == "__main__":
    main()

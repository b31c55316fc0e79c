"""What the Dask recipes share: the cluster, a tree of joins, a progress bar."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Mapping
from typing import Any, Callable

from dask import delayed
from distributed import Client, progress


def parser(about: str) -> argparse.ArgumentParser:
    """The arguments that every recipe takes."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("directory", help="a path, or an address that fsspec knows, as s3://bucket/texts")
    parser.add_argument("--scheduler", help="the address of a running Dask, in place of workers on this machine")
    parser.add_argument("--workers", type=int, default=2, help="processes to start here")
    parser.add_argument("--memory", default="1GiB", help="memory that each process may use")
    return parser


def connect(arguments: argparse.Namespace) -> Client:
    """The scheduler that was named, or one with workers on this machine alone, at its loopback address."""
    if arguments.scheduler:
        return Client(arguments.scheduler)
    return Client(
        n_workers=arguments.workers,
        threads_per_worker=1,
        memory_limit=arguments.memory,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    )


def tree(join: Callable[..., Any], parts: list[Any], width: int = 8) -> Any:
    """One task that joins the parts, in their order, by levels: no task takes more than width of them."""
    joined = delayed(join)
    while len(parts) > 1:
        parts = [joined(*parts[start : start + width]) for start in range(0, len(parts), width)]
    return parts[0]


def results(client: Client, tasks: Mapping[str, Any]) -> dict[str, Any]:
    """The result of each task, with a progress bar of all that they are made of."""
    futures = client.compute(list(tasks.values()))
    with contextlib.redirect_stdout(sys.stderr):
        progress(futures)
    return dict(zip(tasks, client.gather(futures)))

"""Changes what the lab judges and schedules by in every way that cosmic-ray knows, and prints what no test notices.

    python lab_mutants.py [MODULE ...]

Needs the lab, and cosmic-ray, which may be in the directory that ``COSMIC_RAY`` names. Each process works in a copy of
the lab of its own and forks for each change, so that NumPy and pytest are imported once. Exits with 1 if a change
survives without a reason in ``benches/lab/mutants.toml``.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import tomllib

if "COSMIC_RAY" in os.environ:
    # After the lab's own packages, some of which it needs too.
    sys.path.append(os.environ["COSMIC_RAY"])

LAB = Path(__file__).resolve().parents[2] / "benches" / "lab"
#: Seconds that the tests of a change may take, beyond which it is taken to have made them hang.
LIMIT = 120.0


class Change(NamedTuple):
    """One change."""

    module: str
    operator: str
    occurrence: int


def changes(config: dict[str, Any], module: str) -> Iterator[Change]:
    """All that are to be tried in a module."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.ast.ast_query import ASTQuery
    from cosmic_ray.plugins import get_operator, operator_names

    excluded = re.compile("|".join(f"core/(?:{each})" for each in config["exclude-operators"]))
    only = config["only"].get(module)
    nodes = list(ast_nodes(get_ast_from_path(LAB / module)))
    for operator in operator_names():
        kind = get_operator(operator)
        if excluded.fullmatch(operator) or kind.arguments():
            continue
        places = [node for node in nodes for _ in kind().mutation_positions(node)]
        for occurrence, node in enumerate(places):
            name = ASTQuery(node).get_definition_name()
            if only is None or name is None or name in only:
                yield Change(module, operator, occurrence)


def noticed(copy: Path, tests: list[str], compile_all: bool = False) -> bool:
    """Whether a test fails, in a process that has not imported the lab yet."""
    child = os.fork()
    if not child:
        os.setsid()
        os.chdir(copy)
        # Of a change in the same second as another one, what is compiled would be taken for it.
        sys.dont_write_bytecode = not compile_all
        sys.path.insert(0, str(copy))
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        import pytest

        os._exit(
            pytest.main(
                ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *(f"tests/{name}.py" for name in tests)]
            )
            != 0
        )
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def copied(origin: Path, copy: Path) -> None:
    """Copies what the tests need of the lab."""
    for name in ("doubles_lab", "tests"):
        shutil.copytree(origin / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(origin / "pyproject.toml", copy)


def tried(part: tuple[dict[str, Any], Path, list[Change]]) -> list[tuple[Change, bool, str, str]]:
    """Each change, whether it was noticed, the line, and what became of it."""
    import numpy  # noqa: F401
    import psutil  # noqa: F401
    import pytest  # noqa: F401
    import rich.console  # noqa: F401
    import scipy.special  # noqa: F401
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    config, origin, some = part
    found = []
    with tempfile.TemporaryDirectory() as directory, contextlib.redirect_stderr(io.StringIO()):
        copy = Path(directory)
        copied(origin, copy)
        for module in {change.module for change in some}:
            if noticed(copy, config["modules"][module], compile_all=True):
                raise RuntimeError(f"the tests of {module} fail without a change")
        for change in some:
            file = copy / change.module
            before = file.read_text(encoding="utf-8")
            after = mutate_code(before, get_operator(change.operator)(), change.occurrence)
            lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
            was, became = (
                " ".join(line[2:].strip() for line in lines if line.startswith(sign)) for sign in ("- ", "+ ")
            )
            file.write_text(after, encoding="utf-8")
            found.append((change, noticed(copy, config["modules"][change.module]), was, became))
            file.write_text(before, encoding="utf-8")
            if not found[-1][1]:
                print(f"survives: {change.module}: {was}  →  {became}", flush=True)
    return found


def main() -> None:
    """Tries every change and tells of the survivors."""
    config = tomllib.loads((LAB / "mutants.toml").read_text(encoding="utf-8"))
    reasons = {
        (each["module"], each["line"], becomes) for each in config.get("survivor", []) for becomes in each["becomes"]
    }
    every = [change for module in sys.argv[1:] or config["modules"] for change in changes(config, module)]
    count = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as directory, multiprocessing.get_context("spawn").Pool(count) as pool:
        # As it is now, whatever becomes of it meanwhile.
        origin = Path(directory)
        copied(LAB, origin)
        # Small parts, so that all end at about the same time.
        parts = [(config, origin, every[at : at + 25]) for at in range(0, len(every), 25)]
        results = [result for part in pool.imap_unordered(tried, parts, 1) for result in part]
    survivors = [(change.module, was, became) for change, seen, was, became in results if not seen]
    unexplained = Counter(each for each in survivors if each not in reasons)
    for survivor in sorted(unexplained):
        print("no reason: {}: {}  →  {}".format(*survivor))
    killed = sum(seen for _, seen, _, _ in results)
    explained = len(survivors) - sum(unexplained.values())
    print(f"of {len(results)} changes {killed} fail a test, {explained} survive with a reason, "
          f"{sum(unexplained.values())} without")  # fmt: skip
    sys.exit(1 if unexplained or not killed else 0)


if __name__ == "__main__":
    main()

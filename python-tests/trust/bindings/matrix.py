"""Every Python that can be found: both bindings built for it, imported and put through the contract suite."""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from doubles_lab.ownership.pythons import VARIABLE, Interpreter, find
from rich.console import Console
from rich.table import Table

from trust.check import ROOT

BINDINGS = {"doubles_pyo3": "./bindings/pyo3", "doubles_cpython": "./bindings/cpython"}

#: What each must build for: CPython with a GIL, from this version to that.
RANGES = {"doubles_pyo3": ((3, 9), (3, 15)), "doubles_cpython": ((3, 7), (3, 13))}

#: What is run there: the contract suite, and not the tests of what the README says of set-up, which needs Python 3.9.
SUITE = ("python-tests", "--ignore=python-tests/front_door")

#: What a refusal must say, by pip, by setup.py or by PyO3.
REFUSALS = re.compile(
    r"requires a different Python: .*|.*requires Python .*|doubles_(?:cpython|pyo3) needs CPython.*"
    r"|.*(?:newer|lower|older) than PyO3's .*|.*not support.*free-threaded.*|.*free-threaded.*not support.*"
)

#: Seconds for one step.
LIMIT = 1200


@dataclass(frozen=True)
class Row:
    """What became of one module on one Python."""

    interpreter: Interpreter
    module: str
    build: str
    suite: str
    right: bool


class Step(Exception):
    """A step that failed; its text is what it printed."""


def run(command: Sequence[str | Path], env: Mapping[str, str], log: Path) -> str:
    """Runs a command, and returns what it printed, which the log keeps. Raises :class:`Step` if it fails."""
    done = subprocess.run(
        [str(word) for word in command], cwd=ROOT, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=LIMIT, check=False,
    )  # fmt: skip
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(map(str, command))}\n{done.stdout}")
    if done.returncode != 0:
        raise Step(done.stdout)
    return done.stdout


def in_range(interpreter: Interpreter, module: str) -> bool:
    """Whether the module is meant for that Python."""
    low, high = RANGES[module]
    return (
        interpreter.implementation == "cpython"
        and not interpreter.no_gil
        and low <= (interpreter.major, interpreter.minor) <= high
    )


def environment(interpreter: Interpreter, cache: Path, log: Path) -> Path:
    """The Python of a virtual environment with what builds and tests need, made anew when that changes.

    Where neither module is meant to be built there are no tests, and some of what they need may not be had either.
    """
    wanted = ["bindings/requirements.txt"]
    if any(in_range(interpreter, module) for module in BINDINGS):
        wanted.append("python-tests/requirements.txt")
    digest = hashlib.sha256(interpreter.build.encode())
    for name in wanted:
        digest.update((ROOT / name).read_bytes())
    place = cache / f"{interpreter.label.replace(' ', '-')}-{digest.hexdigest()[:12]}"
    python = place / "bin" / "python"
    if not (place / "ready").exists():
        run([interpreter.path, "-m", "venv", "--clear", place], {}, log)
        requirements = [word for name in wanted for word in ("-r", ROOT / name)]
        run([python, "-m", "pip", "install", "--quiet", "--prefer-binary", *requirements], {}, log)
        (place / "ready").touch()
    return python


def last_line(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def tried(interpreter: Interpreter, module: str, python: Path, cache: Path, log: Path) -> Row:
    """Builds a module, imports it and runs the suite over it."""
    env = {
        "CARGO_TARGET_DIR": str(cache / "target"),
        "PYO3_PYTHON": str(python),
        "PYTHON_SYS_EXECUTABLE": str(python),
        "VIRTUAL_ENV": str(python.parents[1]),
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "DOUBLES_MODULES": module,
    }
    wanted = in_range(interpreter, module)
    try:
        run([python, "-m", "pip", "install", "--no-build-isolation", "--no-deps", BINDINGS[module]], env, log)
    except Step as failure:
        refusal = REFUSALS.search(str(failure))
        if wanted or not refusal:
            return Row(interpreter, module, f"failed: {last_line(str(failure))}", "", False)
        return Row(interpreter, module, f"refused: {refusal.group().strip().removeprefix('ERROR: ')}", "", True)
    try:
        said = run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SUITE], env, log)
    except Step as failure:
        return Row(interpreter, module, "built", last_line(str(failure)), False)
    return Row(
        interpreter, module, "built" if wanted else "built, outside its range", last_line(said).strip("= "), True
    )


def rows_of(interpreter: Interpreter, cache: Path, log: Path) -> list[Row]:
    """Both modules on one Python."""
    try:
        python = environment(interpreter, cache, log)
    except Step as failure:
        # No pip, no NumPy: then there is no suite, which is only right where neither module is meant to work.
        outside = not any(in_range(interpreter, module) for module in BINDINGS)
        return [Row(interpreter, module, f"not tried: {last_line(str(failure))}", "", outside) for module in BINDINGS]
    return [tried(interpreter, module, python, cache, log) for module in BINDINGS]


def table(rows: Sequence[Row]) -> Table:
    """The rows as a table for a terminal."""
    shown = Table(title="Pythons", show_lines=True)
    for heading in ("Python", "module", "build", "contract suite"):
        shown.add_column(heading, overflow="fold")
    for row in rows:
        style = None if row.right else "bold red"
        shown.add_row(row.interpreter.version, row.module, row.build, row.suite, style=style)
    return shown


def main() -> int:
    """Prints the table; 1 if a module did other than it should on any Python, and 4 if the suite ran on none."""
    parser = argparse.ArgumentParser(
        prog="make test-matrix",
        description=__doc__,
        epilog=f"Pythons are looked for on the PATH and in {VARIABLE}: interpreters, or directories with some.",
    )
    parser.add_argument("only", nargs="*", metavar="VERSION", help='such as "3.9"; all that are found if none is given')
    parser.add_argument(
        "--few", action="store_true", help="only the oldest and the newest that both bindings build for"
    )
    parser.add_argument("--cache", type=Path, default=ROOT / "target" / "trust" / "pythons")
    arguments = parser.parse_args()
    every = find()
    if unknown := [each for each in arguments.only if each not in {python.label for python in every}]:
        parser.error(f"no Python {', '.join(unknown)} among {', '.join(each.label for each in every)}")
    found = [each for each in every if not arguments.only or each.label in arguments.only]
    if arguments.few:
        inside = [each for each in found if all(in_range(each, module) for module in BINDINGS)] or found
        inside.sort(key=lambda each: (each.major, each.minor))
        found = [inside[0], inside[-1]] if len(inside) > 1 else inside
    arguments.cache.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    for interpreter in found:
        log = arguments.cache / f"{interpreter.label.replace(' ', '-')}.log"
        log.write_text("", encoding="utf-8")
        rows += rows_of(interpreter, arguments.cache, log)
        for row in rows[-len(BINDINGS) :]:
            print(f"{row.interpreter.version} {row.module}: {row.build} {row.suite}", flush=True)
    Console().print(table(rows))
    wrong = [f"{row.module} on {row.interpreter.version}" for row in rows if not row.right]
    suites = [row for row in rows if row.build == "built" and row.right]
    refusals = [row for row in rows if row.build.startswith("refused")]
    if wrong:
        print(f"wrong: {', '.join(wrong)}; logs: {arguments.cache}")
        return 1
    names = {name: [row.interpreter.label for row in suites if row.module == name] for name in BINDINGS}
    if not suites:
        print("nothing was checked: neither module is meant for any of these Pythons")
        return 4
    about = "; ".join(f"{name} on {', '.join(labels) or 'none'}" for name, labels in names.items())
    print(f"the contract holds for {about}; {len(refusals)} refused to be built, clearly")
    return 0


if __name__ == "__main__":
    sys.exit(main())

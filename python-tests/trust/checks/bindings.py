"""The bindings: threads, signals, panics, references, and every Python."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from trust.check import ROOT, CannotRun, Check, Failed, Setting, tests_passed

PYTHON = sys.executable
BUILD = [PYTHON, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--upgrade"]


def program(
    setting: Setting,
    name: str,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    prefix: Sequence[str] = (),
    path: Sequence[Path] = (),
) -> str:
    """Runs one of ``trust.bindings`` and returns its last line."""
    places = os.pathsep.join([*(str(each.relative_to(ROOT)) for each in path), "python-tests"])
    printed = setting.command(
        [*prefix, PYTHON, "-m", f"trust.bindings.{name}", *arguments], env={"PYTHONPATH": places, **(env or {})}
    )
    return printed.strip().splitlines()[-1]


def interrupts(setting: Setting) -> str:
    return program(setting, "interrupt", "--times", str(setting.count(10)))


def random_calls(setting: Setting) -> str:
    return program(setting, "random_calls", "--seconds", str(setting.seconds(600)))


def call_forms(setting: Setting) -> str:
    return program(setting, "call_forms", "--calls", str(setting.count(200_000)))


def memory_limits(setting: Setting) -> str:
    """Limits that are shares of what each call needs, and some that are the same for all calls."""
    items = str(setting.count(10_000_000))
    mib = ["8", "32", "128", "350", "700"]
    reached = [
        program(setting, "memory_limits", module, "--items", items, "--mib", *mib)
        for module in ("doubles_pyo3", "doubles_cpython")
    ]
    return "; ".join(reached)


def writers(setting: Setting) -> str:
    return program(setting, "writers", "--seconds", str(setting.seconds(120)))


def writers_valgrind(setting: Setting) -> str:
    """Addresses only: that memory is read before it was written says nothing where writers race with readers."""
    valgrind = ["valgrind", "--quiet", "--error-exitcode=99", "--undef-value-errors=no", "--fair-sched=yes"]
    valgrind.append("--suppressions=python-tests/trust/bindings/valgrind.supp")
    try:
        return program(
            setting,
            "writers",
            *("--seconds", str(setting.seconds(240)), "--kib", "64", "--times", "3"),
            env={"PYTHONMALLOC": "malloc", "OPENBLAS_NUM_THREADS": "1"},
            prefix=valgrind,
        )
    except CannotRun:
        raise CannotRun("valgrind is not installed: apt-get install valgrind") from None


def panics(setting: Setting) -> str:
    place = setting.cache / "planted-panic"
    setting.command(
        [*BUILD, "--target", place, "./bindings/pyo3", "./bindings/cpython"],
        env={"RUSTFLAGS": "--cfg doubles_planted_panic", "CARGO_TARGET_DIR": str(place / "target")},
    )
    return program(setting, "panics", path=[place])


def shipped_without_panic(setting: Setting) -> str:
    """The same input in the modules as they are installed."""
    code = (
        "import doubles_pyo3, doubles_cpython; data = b'\\xfd' * 1000;"
        " assert {m.count_doubles(v) for m in (doubles_pyo3, doubles_cpython)"
        " for v in (data, bytearray(data), data.decode('latin-1'))} == {999}"
    )
    setting.command([PYTHON, "-c", code])
    return "counted by both"


def stable_abi(setting: Setting) -> str:
    place = setting.cache / "abi3"
    setting.command(
        [*BUILD, "--target", place, "--config-settings", "build-args=--features abi3", "./bindings/pyo3"],
        env={"CARGO_TARGET_DIR": str(place / "target")},
    )
    printed = setting.command(
        [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "python-tests"],
        env={"PYTHONPATH": str(place.relative_to(ROOT)), "DOUBLES_MODULES": "doubles_pyo3", "DOUBLES_STABLE_ABI": "1"},
    )
    tests_passed(printed)
    return printed.strip().splitlines()[-1].strip("= ")


def pythons(setting: Setting) -> str:
    return program(setting, "matrix", *(["--few"] if setting.share < 1 else []))


def pandas_3(setting: Setting) -> str:
    """The tests of pandas with pandas 3, which the lab's environment cannot have: PySpark needs pandas 2."""
    if sys.version_info < (3, 11):
        raise CannotRun("pandas 3 needs Python 3.11 or later")
    place = setting.cache / "pandas-3"
    python = place / "bin" / "python"
    pyarrow = f"pyarrow=={importlib.metadata.version('pyarrow')}"
    setting.command([PYTHON, "-m", "venv", "--clear", place])
    try:
        setting.command(
            [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "pandas==3.1.1", pyarrow,
             "pytest", "hypothesis"]
        )  # fmt: skip
    except Failed as failure:
        raise CannotRun(f"pandas 3 could not be installed: {failure}") from None
    # The module that is tested everywhere else; it is for the same Python.
    module = importlib.util.find_spec("doubles_pyo3")
    if module is None or module.origin is None:
        raise CannotRun("doubles_pyo3 is not installed: make .venv/lab")
    shutil.copytree(Path(module.origin).parent, place / "module" / "doubles_pyo3")
    tests = [f"benches/lab/tests/{name}.py" for name in ("test_columns", "test_column_sources")]
    printed = setting.command(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--noconftest", "-c", os.devnull, "--rootdir", ".",
         *tests, "-k", "pandas"],
        env={"PYTHONPATH": str(place / "module")},
    )  # fmt: skip
    return f"{tests_passed(printed)} passed"


CHECKS = [
    Check("bindings-threads", "8 threads, a writer and a resizer", "no crash, no count out of bounds", writers),
    Check("bindings-threads-valgrind", "the same under valgrind", "no address out of bounds", writers_valgrind),
    Check("bindings-interrupts", "Ctrl-C on 5 GiB", "100 ms at most, 1 MiB left at most", interrupts),
    Check("bindings-panics", "panics planted in the core", "exceptions, GIL held, all goes on", panics),
    Check("bindings-panics-shipped", "the same input without the plant", "counted", shipped_without_panic),
    Check("bindings-random-calls", "10 minutes of random calls", "4 MiB growth at most, references even", random_calls),
    Check("bindings-call-forms", "200,000 calls, good and bad in every way", "both modules say the same", call_forms),
    Check("bindings-memory", "large calls at 14 limits of memory", "the result or MemoryError", memory_limits),
    Check("bindings-stable-abi", "the contract by the stable ABI", "all but lone surrogates", stable_abi),
    Check("bindings-pandas-3", "columns of pandas 3", "what the guide says of each dtype and layout", pandas_3),
    Check("bindings-pythons", "every Python that is found", "the contract, or a clear refusal", pythons),
]

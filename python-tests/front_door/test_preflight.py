"""What `make preflight` prints with each thing missing, on a PATH that has nothing but what is named here."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREFLIGHT = Path(__file__).with_name("preflight.sh")
#: What every system has.
PROGRAMS = ("sh", "sed", "sort", "grep", "uname", "dirname", "mktemp", "rm", "df", "du", "cat")
OLDEST = re.search(r'^rust-version = "(.*)"', (ROOT / "Cargo.toml").read_text(encoding="utf-8"), re.MULTILINE)[1]
STOPPED = "preflight: stopped before anything was downloaded or built"
SYSTEMS = {
    "debian": "ID=debian\n",
    "fedora": "ID=fedora\n",
    "ubuntu": 'ID=mint\nID_LIKE="ubuntu debian"\n',
    "other": "ID=void\n",
}


class Machine:
    """A machine that is made up: its programs, its files, and what the preflight says there."""

    def __init__(self, place: Path) -> None:
        self.programs = place / "bin"
        self.programs.mkdir()
        self.temporary = place / "temporary"
        self.temporary.mkdir()
        self.home = place / "home"
        self.home.mkdir()
        self.repository = place / "doubles"
        for name in PROGRAMS:
            (self.programs / name).symlink_to(shutil.which(name))
        (self.repository / "python-tests/front_door").mkdir(parents=True)
        for name in ("Cargo.toml", "benches/lab/pyproject.toml", "bindings/cpython/pyproject.toml"):
            (self.repository / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.repository / name)
        shutil.copy(PREFLIGHT, self.repository / "python-tests/front_door")
        self.system("debian")
        self.has("cargo", f"echo cargo {OLDEST}.0 '(abc 2025-01-01)'")
        self.has("rustc", f"echo rustc {OLDEST}.0 '(abc 2025-01-01)'")
        self.has("git", "")
        self.has("bash", "")
        self.compiler("cc")
        self.compiler("c++")
        self.python()

    def has(self, name: str, script: str, place: Path | None = None) -> Path:
        """A program that does what ``script`` says."""
        file = (place or self.programs) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)
        return file

    def compiler(self, name: str, says: str = "", code: int = 0) -> None:
        """A compiler that prints ``says`` and ends with ``code``."""
        self.has(name, f"echo '{says}' >&2; exit {code}")

    def python(
        self,
        version: str = "3.11",
        kind: str = "cpython",
        prefix: str = "/usr",
        headers: bool = True,
        lacking: str = "",
        compiler: str = "cc",
        name: str = "python3",
    ) -> Path:
        """A Python that answers the preflight's questions so."""
        include = self.repository.parent / "include"
        include.mkdir(exist_ok=True)
        if headers:
            (include / "Python.h").touch()
        answers = "\n".join([version, kind, prefix, str(include), lacking, compiler])
        return self.has(name, f"cat <<'END'\n{answers}\nEND")

    def lacks(self, name: str) -> None:
        """Removes a program."""
        (self.programs / name).unlink()

    def system(self, name: str) -> None:
        """Makes this a Debian, a Fedora, a macOS or another system."""
        if name == "macos":
            self.lacks("uname")
            self.has("uname", "echo Darwin")
            self.has("xcode-select", "exit 0")
        else:
            (self.repository.parent / "os-release").write_text(SYSTEMS[name], encoding="utf-8")

    def says(self, *goals: str, code: int = 0, **variables: str) -> list[str]:
        """The lines that the preflight prints, without its last one where it stops."""
        done = subprocess.run(
            ["sh", str(self.repository / "python-tests/front_door/preflight.sh"), *goals],
            env={
                "PATH": str(self.programs),
                "HOME": str(self.home),
                "TMPDIR": str(self.temporary),
                "DOUBLES_OS_RELEASE": str(self.repository.parent / "os-release"),
                **variables,
            },
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        lines = done.stderr.splitlines()
        assert done.stdout == ""
        assert list(self.temporary.iterdir()) == []
        assert done.returncode == code, done.stderr
        if code:
            assert lines.pop() == STOPPED
        for line in lines:
            assert line.startswith("preflight: ")
            assert ": line " not in line, "an error of the shell's"
        return [line[len("preflight: ") :] for line in lines]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with everything that is needed."""
    if os.name == "nt":
        pytest.skip("the Makefile is not for Windows")
    return Machine(tmp_path)


def test_nothing_is_said_where_everything_is_there(machine: Machine) -> None:
    assert machine.says("lab") == []
    assert machine.says("test") == []


RUST = "this installs Rust: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
STOPS: list[tuple[str, Callable[[Machine], object], str]] = [
    (
        "no cargo",
        lambda machine: machine.lacks("cargo"),
        f"cargo is missing, and nothing can be built without it; {RUST}",
    ),
    (
        "no rustc",
        lambda machine: machine.lacks("rustc"),
        f"rustc is missing, and nothing can be built without it; {RUST}",
    ),
    (
        "an old cargo",
        lambda machine: machine.has("cargo", "echo cargo 1.63.0"),
        f"/cargo is Rust 1.63.0, and Rust {OLDEST} or later is needed; this installs a newer one: curl",
    ),
    (
        "an old rustc",
        lambda machine: machine.has("rustc", "echo 'rustc 1.9.0-beta.2 (abc)'"),
        f"/rustc is Rust 1.9.0, and Rust {OLDEST} or later is needed",
    ),
    (
        "an old cargo of rustup's",
        lambda machine: (machine.has("cargo", "echo cargo 1.88.1"), machine.has("rustup", "")),
        "this brings a newer one: rustup update stable && rustup default stable",
    ),
    (
        "rustup without a toolchain",
        lambda machine: machine.has("cargo", "echo 'error: no default is configured' >&2; exit 1"),
        "/cargo does not run (no default is configured), and nothing can be built without it; this may mend it: rustup "
        "default stable",
    ),
    (
        "no C compiler",
        lambda machine: machine.lacks("cc"),
        "the C compiler (cc) is missing, and nothing can be built without it; "
        "this installs it: sudo apt-get install gcc libc6-dev",
    ),
    (
        "no headers of C",
        lambda machine: machine.compiler("cc", "try.c:1:10: fatal error: stdio.h: No such file or directory", 1),
        "cc builds nothing (stdio.h: No such file or directory), and nothing can be built without it; this installs it",
    ),
    (
        "no Python",
        lambda machine: machine.lacks("python3"),
        "Python (python3) is missing, and nothing can be built without it; "
        "this installs it: sudo apt-get install python3 python3-dev python3-venv",
    ),
    (
        "a shim without a Python",
        lambda machine: machine.has("python3", "exit 127"),
        "python3 does not run, and nothing can be built without it; this uses another: PYTHON=",
    ),
    (
        "an old Python",
        lambda machine: machine.python("3.8"),
        "python3 is Python 3.8, and Python 3.9 or later is needed",
    ),
    ("Python 2", lambda machine: machine.python("2.7"), "python3 is Python 2.7, and Python 3.9 or later is needed"),
    ("PyPy", lambda machine: machine.python(kind="pypy"), "python3 is not CPython with a GIL"),
    ("no GIL", lambda machine: machine.python("3.13", kind="cpython-t"), "python3 is not CPython with a GIL"),
    (
        "no ensurepip",
        lambda machine: machine.python(lacking="ensurepip"),
        "python3 lacks ensurepip, so that no virtual environment can be made; "
        "this installs it: sudo apt-get install python3-venv",
    ),
    ("no ssl", lambda machine: machine.python(lacking="ssl"), "python3 was built without its module ssl"),
    (
        "no temporary directory",
        lambda machine: machine.has("mktemp", "exit 1"),
        "no file can be made in the temporary directory; this chooses another: export TMPDIR=DIRECTORY",
    ),
    (
        "little disk",
        lambda machine: machine.has("df", "echo Filesystem; echo '/dev/a b 100000 90000 204800 99% /a b'"),
        "has 200 MiB of free disk space, and about",
    ),
    ("Windows", lambda machine: machine.has("uname", "echo MSYS_NT-10.0"), "Windows is not supported"),
]


@pytest.mark.parametrize(("spoil", "said"), [case[1:] for case in STOPS], ids=[case[0] for case in STOPS])
def test_what_nothing_can_be_built_without_stops_it(
    machine: Machine, spoil: Callable[[Machine], object], said: str
) -> None:
    for name in ("uname", "df", "mktemp"):  # links to programs of this system
        (machine.programs / name).unlink()
        machine.has(name, f'exec {shutil.which(name)} "$@"')
    spoil(machine)
    (line,) = machine.says("lab", code=1)
    assert said in line


LEFT_OUT: list[tuple[str, Callable[[Machine], object], str]] = [
    (
        "a Python that rust-cpython does not know",
        lambda machine: machine.python("3.14"),
        "python3 is Python 3.14, and rust-cpython supports Python up to 3.13: doubles_cpython and the approaches "
        "through rust-cpython are left out, and so are their tests; this uses one "
        "that it supports: PYTHON=/PATH/TO/python3.13",
    ),
    (
        "no C++ compiler",
        lambda machine: machine.lacks("c++"),
        "the C++ compiler (c++) is missing: the approaches through pybind11, nanobind and Pythran are left out, "
        "and so are their tests; this installs it: sudo apt-get install g++",
    ),
    (
        "no headers of C++",
        lambda machine: machine.compiler("c++", "try.cc:1:10: fatal error: cstddef: No such file or directory", 1),
        "c++ compiles nothing (cstddef: No such file or directory): the approaches through pybind11, nanobind and",
    ),
    (
        "no Python.h",
        lambda machine: (machine.repository.parent / "include/Python.h").unlink(),
        "Python.h of Python 3.11 is missing: the approaches that are built with CPython's C API are left out "
        "(Cython, mypyc, SWIG, cffi, nanobind and more), and so are their tests; "
        "this installs it: sudo apt-get install python3-dev",
    ),
    (
        "the compiler that this Python was built with",
        lambda machine: machine.python(compiler="clang-99"),
        "python3 compiles extensions with clang-99, which is missing: the approaches that are built with CPython's C "
        "API are left out (Cython, mypyc, SWIG, cffi, nanobind and more), and so are their tests; "
        "this uses another: export CC=cc CXX=c++",
    ),
]


@pytest.mark.parametrize(("spoil", "said"), [case[1:] for case in LEFT_OUT], ids=[case[0] for case in LEFT_OUT])
def test_what_the_lab_can_do_without_is_left_out(
    machine: Machine, spoil: Callable[[Machine], object], said: str
) -> None:
    spoil(machine)
    (line,) = machine.says("test")
    assert said in line


@pytest.mark.parametrize(
    ("system", "c", "cpp", "headers"),
    [
        (
            "debian",
            "sudo apt-get install gcc libc6-dev",
            "sudo apt-get install g++",
            "sudo apt-get install python3-dev",
        ),
        (
            "ubuntu",
            "sudo apt-get install gcc libc6-dev",
            "sudo apt-get install g++",
            "sudo apt-get install python3-dev",
        ),
        ("fedora", "sudo dnf install gcc", "sudo dnf install gcc-c++", "sudo dnf install python3-devel"),
        ("macos", "xcode-select --install", "xcode-select --install", "xcode-select --install"),
        (
            "other",
            "install a C compiler with your system's package manager",
            "install a C++ compiler with your system's package manager",
            "install Python's headers with your system's package manager",
        ),
    ],
)
def test_everything_that_is_missing_is_said_at_once_with_the_system_s_command(
    machine: Machine, system: str, c: str, cpp: str, headers: str
) -> None:
    machine.system(system)
    machine.lacks("cc")
    machine.lacks("c++")
    (machine.repository.parent / "include/Python.h").unlink()
    said = machine.says("lab", code=1)
    assert [
        line.rpartition("; ")[2].replace("this installs it: ", "").replace("this installs Apple's: ", "")
        for line in said
    ] == [c, cpp, headers]


def test_the_packages_are_those_of_the_readme(machine: Machine) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    script = PREFLIGHT.read_text(encoding="utf-8")
    assert "https://sh.rustup.rs | sh" in readme
    assert f"Rust {OLDEST} or later" in readme
    assert "CPython 3.9 or later" in readme
    for system, named in (
        ("apt-get", r"gcc libc6-dev|g\+\+|python3 python3-dev python3-venv"),
        ("dnf", r"gcc|gcc-c\+\+|python3-devel"),
    ):
        line = re.search(rf"sudo {system} install (.*)", readme)[1].split()
        implied = {"libc6-dev", "python3"}  # by others there
        assert {name for names in named.replace("\\", "").split("|") for name in names.split()} - implied <= set(line)
    assert "xcode-select --install" in readme
    assert "xcode-select --install" in script


def test_the_newest_python_of_rust_cpython_is_the_same_everywhere() -> None:
    package = (ROOT / "bindings/cpython/pyproject.toml").read_text(encoding="utf-8")
    beyond = re.search(r'^requires-python = ".*<(\d+)\.(\d+)"', package, re.MULTILINE).groups()
    for name in ("Makefile", "python-tests/conftest.py"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert re.findall(r"sys\.version_info [<>]=? \((\d+), (\d+)\)", text) == [beyond], name


@pytest.mark.parametrize("name", ["git", "bash"])
def test_what_only_tests_use_stops_only_them(machine: Machine, name: str) -> None:
    machine.lacks(name)
    assert machine.says("lab") == []
    expected = f"{name} is missing, which tests use; this installs it: sudo apt-get install {name}"
    assert machine.says("lab", "test-lab", code=1) == [expected]


def test_rust_is_found_where_rustup_puts_it(machine: Machine) -> None:
    for name in ("cargo", "rustc"):
        machine.lacks(name)
        machine.has(name, f"echo {name} {OLDEST}.0", machine.home / ".cargo/bin")
    assert machine.says("lab") == []
    for name in ("cargo", "rustc"):
        machine.has(name, f"echo {name} 1.63.0")
    (line,) = machine.says("lab", code=1)
    assert f"this puts the one in {machine.home}/.cargo/bin before it: . {machine.home}/.cargo/env" in line


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ("1.89", True),
        ("1.89.0-nightly", True),
        ("1.100.0", True),
        ("2.0.0", True),
        ("1.88.9", False),
        ("1.9.0", False),
        ("0.99.1", False),
    ],
)
def test_versions_are_compared_as_numbers(machine: Machine, version: str, good: bool) -> None:
    machine.has("cargo", f"echo cargo {version}")
    assert bool(machine.says("lab", code=0 if good else 1)) is not good


def test_a_home_that_cannot_be_written_is_said(machine: Machine) -> None:
    file = machine.home / "file"
    file.touch()
    (line,) = machine.says("lab", code=1, CARGO_HOME=f"{file}/cargo")
    assert "which cannot be written; this chooses another place: export CARGO_HOME=DIRECTORY" in line


def test_a_blank_in_the_path_is_said(machine: Machine) -> None:
    machine.repository = machine.repository.rename(machine.repository.with_name("with blank"))
    (line,) = machine.says("lab", code=1)
    assert "has a blank in its path" in line


def test_an_environment_that_is_there_is_what_is_looked_at(machine: Machine) -> None:
    inside = machine.python("3.12", lacking="ensurepip", name="inside")
    (machine.repository / ".venv/bin").mkdir(parents=True)
    inside.rename(machine.repository / ".venv/bin/python")
    machine.has("python3", "exit 1")
    assert machine.says("lab") == []
    machine.has("python", "exit 127", machine.repository / ".venv/bin")  # its Python was removed
    assert "python3 does not run" in machine.says("lab", code=1)[0]


def test_another_python_is_named_with_its_packages(machine: Machine) -> None:
    machine.python("3.12", headers=False, name="python3.12")
    (machine.repository.parent / "include/Python.h").unlink(missing_ok=True)
    (line,) = machine.says("lab", PYTHON="python3.12")
    assert line.endswith("this installs it: sudo apt-get install python3.12-dev")
    machine.python("3.12", headers=False, prefix="/opt/python", name="python3.12")
    (line,) = machine.says("lab", PYTHON="python3.12")
    assert line.endswith("this uses another: PYTHON=/PATH/TO/python3 make")


def test_what_was_built_already_needs_no_room(machine: Machine) -> None:
    machine.lacks("df")
    machine.has("df", "echo Filesystem; echo '/dev/a 9000000 7000000 2048000 78% /'")
    assert len(machine.says("test", code=1)) == 1
    machine.lacks("du")
    machine.has("du", "echo 2000000 target; echo 2000000 .venv; echo 500000 cache")
    assert machine.says("test") == []


def test_it_takes_less_than_a_second(machine: Machine) -> None:
    """With the programs of this machine. As time of the processor, since others may use it too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["sh", str(PREFLIGHT), "test"], env={**os.environ, "PYTHON": sys.executable}, check=False, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


def test_make_asks_first_whatever_is_made() -> None:
    """No goal that downloads or builds for .venv begins without it."""
    for goal in (
        "lab",
        "test",
        "environment",
        "verify",
        "bindings",
        "lint",
        "docs",
        "test-rust",
        "test-python",
        "hyperlink",
    ):
        planned = subprocess.run(
            ["make", "--dry-run", "--no-print-directory", "--always-make", goal, "PREFLIGHT="],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")},
        )
        first = planned.stdout.splitlines()[0]
        assert "preflight.sh" in first, f"make {goal} begins with {first}"

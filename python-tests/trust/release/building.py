"""Builds what is published into ``dist``: wheels for every Python that is found, source distributions.

`make dist` calls it with what makes builds reproducible in the environment. On Linux, zig links against the symbols of
an old glibc, whatever this machine has. Nothing is built twice in one process.
"""

from __future__ import annotations

import argparse
import functools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from trust.bindings import matrix
from trust.check import ROOT, CannotRun, Failed, Setting

#: The oldest glibc that today's Rust supports, and the name that PyPI has for systems with it.
GLIBC = "2.17"
PLATFORM = f"manylinux_{GLIBC.replace('.', '_')}_{platform.machine()}"

#: What is named by its own directory: no user gets it without asking.
STABLE = "abi3"

PYO3, CPYTHON, LAB = ROOT / "bindings" / "pyo3", ROOT / "bindings" / "cpython", ROOT / "benches" / "lab"
PROJECTS = {"doubles-pyo3": PYO3, "doubles-cpython": CPYTHON, "doubles-lab": LAB}

VERSIONS = tuple((3, minor) for minor in range(7, 16))


def portable() -> bool:
    """Whether wheels are for other machines than this one: on Linux, by zig."""
    return sys.platform == "linux"


@functools.cache
def interpreters() -> dict[tuple[int, int], matrix.Interpreter]:
    """The CPythons with a GIL that are found, by version."""
    return {
        (each.major, each.minor): each for each in matrix.find() if each.implementation == "cpython" and not each.no_gil
    }


def interpreter(version: tuple[int, int]) -> matrix.Interpreter:
    """The CPython of a version."""
    try:
        return interpreters()[version]
    except KeyError:
        raise CannotRun(
            f"CPython {version[0]}.{version[1]} was not found on the PATH, in pyenv or in {matrix.VARIABLE}"
        ) from None


@functools.cache
def prepared(version: tuple[int, int]) -> Path:
    """An interpreter of a version, with what builds the bindings."""
    cache = ROOT / "target" / "trust" / "pythons"
    cache.mkdir(parents=True, exist_ok=True)
    try:
        return matrix.environment(interpreter(version), cache, cache / "release.log")
    except matrix.Step as failure:
        raise Failed(matrix.last_line(str(failure))) from None


def linker(directory: Path) -> Path:
    """A program that links by zig, for a compiler that is told of no more than a program."""
    script = directory / "zig-cc"
    program = shutil.which("cargo-zigbuild")
    if program is None:
        raise CannotRun("cargo-zigbuild is not installed: make .venv/release")
    target = f"{platform.machine()}-linux-gnu.{GLIBC}"
    # The python on the PATH may be another, which has no zig.
    text = f'#!/bin/sh\nCARGO_ZIGBUILD_PYTHON_PATH={sys.executable} exec {program} zig cc -- -target {target} "$@"\n'
    script.write_text(text, encoding="utf-8")
    script.chmod(0o755)
    return script


def host_target() -> str:
    """Rust's name for this machine."""
    said = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    return next(line.split()[1] for line in said.splitlines() if line.startswith("host:"))


class Builds:
    """What was built by this process, and where it goes."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.known: dict[tuple[str, ...], Path] = {}

    def _moved(self, key: tuple[str, ...], scratch: str, pattern: str) -> Path:
        found = sorted(Path(scratch).glob(pattern))
        if len(found) != 1:
            raise Failed(f"{len(found)} files were built, not one: {' '.join(file.name for file in found)}")
        place = self.out / STABLE if key[-1] == STABLE else self.out
        place.mkdir(parents=True, exist_ok=True)
        self.known[key] = Path(shutil.move(str(found[0]), str(place / found[0].name)))
        return self.known[key]

    def pyo3(self, setting: Setting, version: tuple[int, int], stable: bool = False) -> Path:
        """The wheel of doubles_pyo3: for one Python, with columns; or for the stable ABI, without."""
        key = ("pyo3", STABLE) if stable else ("pyo3", str(version))
        if key in self.known:
            return self.known[key]
        features = STABLE if stable else "arrow"
        parts = PYO3 / f"doubles-pyo3-{features}.cdx.json"
        options = ["--zig", "--compatibility", PLATFORM.rpartition(f"_{platform.machine()}")[0]] if portable() else []
        with tempfile.TemporaryDirectory() as scratch:
            setting.command(
                ["maturin", "build", "--quiet", "--release", "--locked", "--manifest-path", PYO3 / "Cargo.toml",
                 "--interpreter", interpreter(version).path, "--features", features, *options,
                 *(["--sbom-include", parts] if parts.exists() else []), "--out", scratch]
            )  # fmt: skip
            return self._moved(key, scratch, "*.whl")

    def cpython(self, setting: Setting, version: tuple[int, int]) -> Path:
        """The wheel of doubles_cpython for one Python."""
        key = ("cpython", str(version))
        if key in self.known:
            return self.known[key]
        python = prepared(version)
        shutil.rmtree(CPYTHON / "build", ignore_errors=True)
        env = {"PYTHON_SYS_EXECUTABLE": str(python), "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
        with tempfile.TemporaryDirectory() as scratch:
            if portable():
                variable = f"CARGO_TARGET_{host_target().upper().replace('-', '_')}_LINKER"
                env[variable] = str(linker(Path(scratch)))
            setting.command(
                [python, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--no-cache-dir",
                 "--wheel-dir", scratch, CPYTHON],
                env,
            )  # fmt: skip
            if not portable():
                return self._moved(key, scratch, "*.whl")
            plain = next(Path(scratch).glob("*.whl"))
            setting.command(["auditwheel", "repair", "--plat", PLATFORM, "--wheel-dir", f"{scratch}/repaired", plain])
            return self._moved(key, scratch, "repaired/*.whl")

    def lab(self, setting: Setting) -> Path:
        """The wheel of the lab."""
        return self._project(setting, LAB, "wheel", "*.whl")

    def sdist(self, setting: Setting, name: str) -> Path:
        """A source distribution, of what is in :data:`PROJECTS`."""
        return self._project(setting, PROJECTS[name], "sdist", "*.tar.gz")

    def _project(self, setting: Setting, project: Path, kind: str, pattern: str) -> Path:
        key = (kind, project.name)
        if key in self.known:
            return self.known[key]
        with tempfile.TemporaryDirectory() as scratch:
            setting.command(
                [sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", scratch, project]
            )
            return self._moved(key, scratch, pattern)

    def wheels(self, setting: Setting, version: tuple[int, int]) -> dict[str, Path]:
        """The wheels of both bindings for one Python, of those whose range it is in."""
        found = interpreter(version)
        makers = {"doubles_pyo3": self.pyo3, "doubles_cpython": self.cpython}
        return {module: make(setting, version) for module, make in makers.items() if matrix.in_range(found, module)}

    def everything(self, setting: Setting) -> list[Path]:
        """All that can be built here."""
        for version in VERSIONS:
            if version in interpreters():
                self.wheels(setting, version)
        self.lab(setting)
        for name in PROJECTS:
            self.sdist(setting, name)
        return sorted(self.known.values())


#: Those of this process.
BUILDS = Builds(ROOT / "dist")


def main() -> int:
    """Builds everything, or only the wheels for some Pythons."""
    parser = argparse.ArgumentParser(prog="make dist", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="VERSION", help='wheels for these Pythons alone, such as "3.12"')
    arguments = parser.parse_args()
    log = ROOT / "results" / "release" / "dist.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("", encoding="utf-8")
    setting = Setting(log, ROOT / "target" / "trust")
    shutil.rmtree(BUILDS.out, ignore_errors=True)
    try:
        if arguments.only:
            for version in arguments.only:
                major, minor = version.split(".")
                BUILDS.wheels(setting, (int(major), int(minor)))
        else:
            BUILDS.everything(setting)
    except (Failed, CannotRun) as reason:
        print(f"{reason}; log: {log}", file=sys.stderr)
        return 1
    for file in sorted(BUILDS.known.values()):
        print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

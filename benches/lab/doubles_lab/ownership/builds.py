"""Builds an approach's wheel as its users do, with every cache off, and says how long that took and how large it is."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doubles_lab.approaches import build, failure
from doubles_lab.approaches.project import DOUBLES, Project
from doubles_lab.implementation import Unavailable
from doubles_lab.ownership import probing

#: A build is repeated up to so many times, for a median, while all of its repetitions take less than so many seconds.
REPEATS, REPEAT_SECONDS = 3, 40.0

VERSION = ".".join(map(str, sys.version_info[:3]))

#: Seconds that one build may take.
LIMIT = 600


def run(command: Sequence[str], cwd: Path, env: Mapping[str, str], limit: float = LIMIT) -> str:
    """All that a command prints. Raises :class:`Unavailable` with the cause if it fails or takes too long."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=limit,
            check=False,
        )
    except OSError as error:
        raise Unavailable(f"{Path(command[0]).name}: {error.strerror or error}") from None
    except subprocess.TimeoutExpired:
        raise Unavailable(f"took more than {limit:g} s") from None
    if done.returncode != 0:
        raise Unavailable(failure.of_build(done.stdout))
    return done.stdout


def without_caches(project: Project, target: Path) -> dict[str, str]:
    """The environment of a build that takes nothing from an earlier one, and nothing from the network."""
    beside = sysconfig.get_path("scripts")
    return {
        "PATH": beside + os.pathsep + os.environ.get("PATH", ""),
        "CARGO_TARGET_DIR": str(target),
        "CARGO_NET_OFFLINE": "true",
        "CARGO_INCREMENTAL": "",
        "RUSTC_WRAPPER": "",
        "CCACHE_DISABLE": "1",
        "SCCACHE_RECACHE": "1",
        "PYO3_PYTHON": sys.executable,
        "PYTHON_SYS_EXECUTABLE": sys.executable,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        **project.env,
    }


def fetch(project: Project, tree: Path) -> None:
    """Downloads what Cargo needs, so that no build does."""
    if project.rust:
        run([build.tool("cargo"), "fetch", "--quiet", "--locked"], tree, {})


def wheel(tree: Path, out: Path, env: Mapping[str, str]) -> Path:
    """The wheel that pip builds of a project by the tools that are installed here."""
    out.mkdir(parents=True)
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", str(out)]
    run([sys.executable, "-m", "pip", "wheel", *options, "."], tree, env)
    (found,) = out.glob("*.whl")
    return found


@dataclass(frozen=True)
class Took:
    """What a build took, in seconds: by the clock, and of all CPUs together, which other load disturbs less."""

    wall: float
    cpu: float


def total(took: Sequence[Took]) -> float:
    """The seconds of builds by the clock."""
    return sum(each.wall for each in took)


def timed(tree: Path, out: Path, env: Mapping[str, str]) -> tuple[Path, Took]:
    """A wheel, and what building it took."""

    def cpu() -> float:
        times = os.times()
        return times.children_user + times.children_system

    used, began = cpu(), time.perf_counter()
    file = wheel(tree, out, env)
    return file, Took(time.perf_counter() - began, cpu() - used)


def unpacked(file: Path, to: Path) -> Path:
    """The directory ``to`` with what a wheel holds."""
    with zipfile.ZipFile(file) as archive:
        archive.extractall(to)
    return to


def extensions(directory: Path) -> list[Path]:
    """The compiled files in a wheel."""
    return sorted(file for file in directory.rglob("*") if file.suffix in (".so", ".pyd", ".dylib", ".dll"))


def stripped_size(files: Sequence[Path]) -> int | None:
    """The bytes of compiled files without their symbols; ``None`` where there is no ``strip``."""
    strip = shutil.which("strip")
    if strip is None or not files:
        return None
    total = 0
    with tempfile.TemporaryDirectory() as directory:
        for file in files:
            copy = Path(shutil.copy2(file, directory))
            if subprocess.run([strip, str(copy)], capture_output=True, check=False).returncode != 0:
                return None
            total += copy.stat().st_size
    return total


def versions(tools: Sequence[str]) -> dict[str, str]:
    """The versions of tools. Raises :class:`Unavailable` if one is missing."""
    found = {}
    for name in tools:
        if name in ("cc", "c++", "cargo"):
            found[name] = build.version_said(build.tool(name)).partition("\n")[0]
        else:
            found[name] = build.installed(name)[0].partition(" ")[2]
    return found


@dataclass(frozen=True)
class Built:
    """A wheel that was built, and what was measured meanwhile."""

    directory: Path

    @property
    def contents(self) -> Path:
        """Where the wheel is unpacked."""
        return self.directory / "contents"

    @property
    def facts(self) -> dict[str, Any]:
        """What was measured: plain data."""
        facts: dict[str, Any] = json.loads((self.directory / "facts.json").read_text(encoding="utf-8"))
        return facts


def label(project: Project) -> str:
    """A name for files."""
    return re.sub(r"\W+", "-", project.name).strip("-").lower()


def ingredients(project: Project) -> list[str]:
    """All that a build depends on besides this Python."""
    tools = versions(project.tools)
    return [project.digest(), json.dumps(tools), json.dumps(dict(project.env)), repr(project.edit)]


def built(project: Project) -> Built:
    """The project's wheel, built and timed if that was not done before. Raises :class:`Unavailable`."""
    return Built(build.built(f"owned-{label(project)}", ingredients(project), lambda place: make(project, place)))


def is_built(project: Project) -> bool:
    """Whether :func:`built` takes no time."""
    return build.place_of(f"owned-{label(project)}", ingredients(project)).exists()


def make(project: Project, place: Path) -> None:
    """Builds from clean, then after changes of one line, and writes what was measured to ``place``."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    clean: list[Took] = []
    changed: list[Took] = []
    with tempfile.TemporaryDirectory(prefix="doubles-lab-") as scratch:
        while len(clean) < REPEATS and total(clean) < REPEAT_SECONDS / 2:
            work = Path(scratch) / str(len(clean))
            tree = project.copy(work / "tree")
            fetch(project, tree)
            env = without_caches(project, work / "target")
            file, took = timed(tree, work / "wheel", env)
            clean.append(took)
        kept = Path(shutil.copy2(file, place))
        first = unpacked(kept, place / "contents")
        expect(project, first, DOUBLES)
        for factor in range(2, 2 + REPEATS):
            project.edit.apply(tree, factor, factor - 1)
            file, took = timed(tree, work / f"wheel-{factor}", env)
            changed.append(took)
            expect(project, unpacked(file, work / f"contents-{factor}"), DOUBLES * factor)
            if total(changed) > REPEAT_SECONDS:
                break
    compiled = extensions(first)
    facts = {
        "date": datetime.date.today().isoformat(),
        "load": load,
        "cpus": os.cpu_count() or 1,
        "clean_seconds": [took.wall for took in clean],
        "clean_cpu_seconds": [took.cpu for took in clean],
        "changed_seconds": [took.wall for took in changed],
        "changed_cpu_seconds": [took.cpu for took in changed],
        "wheel": kept.name,
        "wheel_bytes": kept.stat().st_size,
        "extension_bytes": sum(file.stat().st_size for file in compiled) if compiled else None,
        "stripped_bytes": stripped_size(compiled),
        "versions": versions(project.tools),
    }
    (place / "facts.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")


def expect(project: Project, contents: Path, count: int) -> None:
    """Raises :class:`Unavailable` unless the module that was built gives ``count``."""
    wrong = probing.shortcoming(probing.ask(contents, project.module, "count"), count)
    if wrong:
        raise Unavailable(f"built, but {wrong}")


def stable(project: Project, importers: Mapping[str, str]) -> dict[str, Any]:
    """One build for several versions of CPython, by the stable ABI, and which ``importers`` import it: plain data.

    ``importers`` maps labels to paths of Pythons. It is kept in the cache. Raises :class:`Unavailable` if there is
    nothing to build with; a build that fails is data, with its reason.
    """
    place, needed = stable_place(project, importers)
    if not place.exists():
        fetch(project, project.source() / project.folder if project.own else project.source())

    def make(place: Path) -> None:
        try:
            facts = build_stable(project, importers)
        except Unavailable as reason:
            facts = {"reason": str(reason)}
        (place / "facts.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")

    return Built(build.built(f"owned-stable-{label(project)}", needed, make)).facts


def stable_place(project: Project, importers: Mapping[str, str]) -> tuple[Path, list[str]]:
    """Where :func:`stable` keeps what it found, and what that depends on."""
    if project.stable is None:
        raise Unavailable(project.no_stable)
    if sys.version_info[1] < project.stable_since:
        raise Unavailable(f"{project.name} has it from Python 3.{project.stable_since} on, and this is {VERSION}")
    needed = [*ingredients(project), json.dumps(dict(project.stable)), json.dumps(dict(importers))]
    return build.place_of(f"owned-stable-{label(project)}", needed), needed


def build_stable(project: Project, importers: Mapping[str, str]) -> dict[str, Any]:
    """Builds it and imports it. Raises :class:`Unavailable` if it fails, or is tagged for one version all the same."""
    assert project.stable is not None
    with tempfile.TemporaryDirectory(prefix="doubles-lab-") as scratch:
        work = Path(scratch)
        tree = project.copy(work / "tree")
        # Time is not measured here, so that what Cargo compiled before may be used.
        env = {**without_caches(project, build.cache_dir() / "owned-target" / label(project)), **project.stable}
        file = wheel(tree, work / "wheel", env)
        tag = "-".join(file.stem.split("-")[-3:])
        if "abi3" not in tag:
            raise Unavailable(f"built, but the wheel is tagged {tag}")
        contents = unpacked(file, work / "contents")
        expect(project, contents, DOUBLES)
        imports = {}
        for importer, path in importers.items():
            imports[importer] = imported(project, path, contents, work / f"needs-{importer}")
    return {"tag": tag, "imports": imports}


def imported(project: Project, python: str, contents: Path, needs: Path) -> str:
    """Why another Python cannot import what was built; "" if it can. What it imports is put in ``needs``."""
    try:
        if project.needs:
            run([python, "-m", "pip", "install", "--quiet", "--target", str(needs), *project.needs], contents, {})
    except Unavailable as reason:
        return str(reason)
    return probing.shortcoming(probing.ask(contents, project.module, "count", python=python, besides=needs), DOUBLES)

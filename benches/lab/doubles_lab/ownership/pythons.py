"""The Pythons of this machine, and whether an approach can be built for each and imported there."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doubles_lab.approaches import build
from doubles_lab.approaches.project import DOUBLES, Project
from doubles_lab.implementation import Unavailable
from doubles_lab.ownership import builds, probing

#: Further directories with interpreters, or interpreters, separated as in PATH.
VARIABLE = "DOUBLES_PYTHONS"

NAME = re.compile(r"python3\.\d+t?|pypy3(\.\d+)?|python3?(\.exe)?")

FACTS = (
    "import json, sys, sysconfig; print(json.dumps([sys.implementation.name, sys.version_info[0], sys.version_info[1],"
    " sys.version_info[2], bool(sysconfig.get_config_var('Py_GIL_DISABLED')), sys.version]))"
)

#: Seconds for one approach on one Python.
LIMIT = 300


@dataclass(frozen=True)
class Interpreter:
    """A Python that runs."""

    path: str
    implementation: str
    major: int
    minor: int
    micro: int
    no_gil: bool
    build: str

    @property
    def label(self) -> str:
        """Its version, as a column's title: "3.13", "3.13t" without a GIL."""
        name = "" if self.implementation == "cpython" else f"{self.implementation} "
        return f"{name}{self.major}.{self.minor}{'t' if self.no_gil else ''}"

    @property
    def version(self) -> str:
        """Its full version."""
        return f"{self.label.rstrip('t')}.{self.micro}{'t' if self.no_gil else ''}"


def look(path: str) -> Interpreter | None:
    """The Python 3 at a path, or ``None`` if there is none that runs."""
    try:
        done = subprocess.run(
            [path, "-c", FACTS], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=True
        )
        name, major, minor, micro, no_gil, said = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Interpreter(path, name, major, minor, micro, no_gil, said) if major >= 3 else None


def candidates() -> Iterator[str]:
    """Paths that may be interpreters: this one, those of ``DOUBLES_PYTHONS``, those on the PATH, pyenv's versions."""
    yield sys.executable
    for entry in [*os.environ.get(VARIABLE, "").split(os.pathsep), *os.environ.get("PATH", "").split(os.pathsep)]:
        if not entry:
            continue
        place = Path(entry)
        if place.is_file():
            yield str(place)
            continue
        # A shim of pyenv starts the version that is chosen; the others lie beside it.
        versions = sorted(place.parent.glob("versions/*/bin")) if place.name == "shims" else []
        for directory in [place, *versions]:
            if directory.is_dir():
                yield from sorted(str(file) for file in directory.iterdir() if NAME.fullmatch(file.name))


def find() -> list[Interpreter]:
    """The Pythons of this machine by version, one of each; this one where two have the same."""
    found: dict[tuple[str, int, int, bool], Interpreter] = {}
    for path in candidates():
        seen = look(path)
        if seen is not None:
            found.setdefault((seen.implementation, seen.major, seen.minor, seen.no_gil), seen)
    return [found[key] for key in sorted(found)]


def attempt(project: Project, interpreter: Interpreter) -> dict[str, Any]:
    """Whether pip, with that Python, can install the project and import it: plain data, kept in the cache.

    What the project needs is taken from the package index, in the newest version that has that Python, so that this
    needs the network. What failed for want of it is not kept.
    """
    file = kept(project, interpreter)
    if file.exists():
        known: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return known
    with tempfile.TemporaryDirectory(prefix="doubles-lab-") as scratch:
        try:
            found = install(project, interpreter, Path(scratch))
        except Unavailable as reason:
            found = {"works": False, "reason": str(reason)}
    found["date"] = datetime.date.today().isoformat()
    if not found["works"] and re.search(r"[Cc]onnection|[Tt]imed? ?out|resolve|took more than", found["reason"]):
        return found
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found), encoding="utf-8")
    return found


def kept(project: Project, interpreter: Interpreter) -> Path:
    """The file of the cache for :func:`attempt`."""
    key = [project.digest(), json.dumps(dict(project.env)), interpreter.build]
    digest = hashlib.sha256("\0".join(key).encode()).hexdigest()[:16]
    return build.cache_dir() / "owned-pythons" / f"{builds.label(project)}-{interpreter.label}-{digest}.json"


def environment(interpreter: Interpreter) -> Path:
    """The Python of a virtual environment with a pip as new as that Python can have, made once."""
    name = f"owned-venv-{hashlib.sha256((interpreter.path + interpreter.build).encode()).hexdigest()[:16]}"
    place = build.cache_dir() / name
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (place / "ready").exists():
        builds.run([interpreter.path, "-m", "venv", "--clear", str(place)], Path(), {})
        builds.run([str(python), "-m", "pip", "install", "--quiet", "--upgrade", "pip"], Path(), {})
        (place / "ready").touch()
    return python


def install(project: Project, interpreter: Interpreter, scratch: Path) -> dict[str, Any]:
    """Installs a copy of the project with that Python and imports it."""
    python = environment(interpreter)
    tree = project.copy(scratch / "tree")
    env = {
        "CARGO_TARGET_DIR": str(build.cache_dir() / "owned-target" / builds.label(project)),
        "PYO3_PYTHON": str(python),
        "PYTHON_SYS_EXECUTABLE": str(python),
        "VIRTUAL_ENV": str(python.parents[1]),
        "PATH": str(python.parent) + os.pathsep + os.environ.get("PATH", ""),
        **project.env,
    }
    target = scratch / "installed"
    said = builds.run(
        [str(python), "-m", "pip", "install", "--verbose", "--target", str(target), str(tree)], scratch, env, LIMIT
    )
    reply = probing.ask(target, project.module, "count", python=str(python))
    wrong = probing.shortcoming(reply, DOUBLES)
    if wrong:
        return {"works": False, "reason": f"installed, but {wrong}"}
    installed = re.findall(r"Successfully installed (.+)", said)
    facts = {
        "works": True,
        "reason": "",
        "with": sorted(
            {name for line in installed for name in line.split() if not name.startswith(("lab-", "doubles-"))}
        ),
        "gil_enabled": reply.get("gil_enabled"),
    }
    if interpreter.implementation == "cpython" and (interpreter.major, interpreter.minor) >= (3, 13):
        facts["gil"] = probing.ask(target, project.module, "gil", python=str(python)).get("gil", {})
    return facts

"""Builds the contenders that are compiled, into a cache, with the tools that their communities use.

An entry of the cache is named by a hash of all that could change it: the sources, the flags, the Python
and the tools. It is built beside its place and moved there when it is whole, so that two labs at once do
no harm, and neither does an interrupt.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.machinery
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from doubles_lab import temporary
from doubles_lab.approaches import failure
from doubles_lab.implementation import Unavailable

try:
    import fcntl
except ImportError:  # Windows, where two labs at once may disturb each other's builds
    fcntl = None  # type: ignore[assignment]

#: Seconds that one compiler run may take.
LIMIT = 900


#: Where the sources are that no package has.
REPOSITORY = "https://github.com/doubles/doubles"


def from_sources() -> Path | None:
    """The directory of the lab's sources where it runs from those; ``None`` where it was installed from a wheel."""
    lab = Path(__file__).resolve().parents[2]
    return lab if (lab / "pyproject.toml").exists() else None


def cache_dir() -> Path:
    """Where builds are kept: ``DOUBLES_LAB_CACHE``, or ``.cache`` beside the lab's sources, or the user's cache."""
    if "DOUBLES_LAB_CACHE" in os.environ:
        return Path(os.environ["DOUBLES_LAB_CACHE"])
    if lab := from_sources():
        return lab / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "doubles-lab"


def installed(*distributions: str) -> list[str]:
    """Distributions with their versions. Raises :class:`Unavailable` with the command that installs what is missing."""
    from importlib.metadata import PackageNotFoundError, version  # takes longer than all that is imported above

    found, missing = [], []
    for distribution in distributions:
        try:
            found.append(f"{distribution} {version(distribution)}")
        except PackageNotFoundError:
            missing.append(distribution)
    if missing:
        are = "is" if len(missing) == 1 else "are"
        raise Unavailable(f"{' and '.join(missing)} {are} not installed: pip install {' '.join(missing)}")
    return found


def tool(name: str) -> str:
    """The path of a program, beside this Python or else on the PATH. Raises :class:`Unavailable` if there is none."""
    beside = sysconfig.get_path("scripts")
    found = shutil.which(name, path=beside) or shutil.which(name)
    if found is None:
        raise Unavailable(f"the program {name} is not installed")
    return found


@functools.cache
def version_said(path: str) -> str:
    """What the program at a path prints as its version, which a process asks once. Raises :class:`Unavailable`."""
    return run([path, "--version"], Path())


def run(command: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None, check: bool = True) -> str:
    """What ``command`` prints. Raises :class:`Unavailable` with the cause if it fails, unless ``check`` is false."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LIMIT,
            check=False,
        )
    except OSError as error:
        raise Unavailable(f"{command[0]}: {error.strerror or error}") from None
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{Path(command[0]).name} took more than {LIMIT} s") from None
    if done.returncode != 0 and check:
        # What Cargo prints as JSON is on the standard output.
        said = f"{done.stdout}\n{done.stderr}" if done.stdout.startswith("{") else done.stderr or done.stdout
        raise Unavailable(f"the build failed: {failure.of_build(said)}")
    return done.stdout


def place_of(name: str, ingredients: Sequence[str]) -> Path:
    """Where the cache has, or would have, ``name`` made from ``ingredients`` for this Python."""
    python = [sys.executable, sys.version, sysconfig.get_config_var("EXT_SUFFIX") or ""]
    digest = hashlib.sha256("\0".join([*python, *ingredients]).encode()).hexdigest()[:16]
    return cache_dir() / f"{name}-{digest}"


def built(name: str, ingredients: Sequence[str], make: Callable[[Path], None]) -> Path:
    """The cache's directory for ``name``, filled by ``make`` if it is not there yet.

    ``ingredients`` is all that the result depends on besides this Python.
    """
    place = place_of(name, ingredients)
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with temporary.directory(".building-", place.parent) as scratch:
        work = scratch / "work"
        work.mkdir()
        make(work)
        try:
            work.rename(place)
        except OSError:
            if not place.exists():  # else another lab was quicker, with the same result
                raise
    return place


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Whoever else wants to do ``name`` in this cache waits meanwhile, in other processes too."""
    cache_dir().mkdir(parents=True, exist_ok=True)
    with (cache_dir() / f".{name}.lock").open("w") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def import_file(name: str, file: Path, given: Mapping[str, Any] | None = None) -> ModuleType:
    """The module ``name`` from ``file``, a Python file or an extension under any path.

    ``given`` are names that it finds there before it runs.
    """
    loader: importlib.machinery.SourceFileLoader | importlib.machinery.ExtensionFileLoader
    if file.suffix == ".py":
        loader = importlib.machinery.SourceFileLoader(name, str(file))
    else:
        loader = importlib.machinery.ExtensionFileLoader(name, str(file))
    spec = importlib.util.spec_from_file_location(name, file, loader=loader)
    if spec is None:
        raise ImportError(f"{file} is not a module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    module.__dict__.update(given or {})
    loader.exec_module(module)
    return module


@dataclass(frozen=True)
class CargoBuild:
    """What Cargo built of a crate."""

    #: The crate's sources.
    crate: Path
    libraries: tuple[Path, ...]
    #: What a static library has to be linked with besides, as the compiler says it if it is asked to.
    links: tuple[str, ...]

    def library(self, *suffixes: str) -> Path:
        """The library whose name ends in one of ``suffixes``."""
        return next(Path(os.path.realpath(each)) for each in self.libraries if each.name.endswith(suffixes))


def crate_dir(crate: str) -> Path:
    """A directory of the repository that this lab is part of. Raises :class:`Unavailable` where there is none."""
    above = (each / crate for each in Path(__file__).resolve().parents)
    sources = next((each for each in above if (each / "Cargo.toml").exists()), None)
    if sources is None:
        raise Unavailable(f"needs the sources in {crate}, which no package has: git clone {REPOSITORY}, and make lab")
    return sources


def target_dir(apart: str = "") -> Path:
    """Cargo's directory in the cache: one for all crates, which share what they depend on.

    For each Python its own, which rust-cpython knows by its path alone; and ``apart`` for a crate that is built in
    another way, too, since Cargo gives both libraries the same name.
    """
    return cache_dir() / "-".join(["rust", str(sys.implementation.cache_tag), *([apart] if apart else [])])


def cargo_program(crate: str, name: str) -> Path:
    """The program ``name`` of ``crate``, built in the cache."""
    how = ["--release", "--locked", "--bin", name, "--message-format=json", "--target-dir", str(target_dir())]
    said = run([tool("cargo"), "build", *how], cwd=crate_dir(crate))
    messages = map(json.loads, said.splitlines())
    found = [message["executable"] for message in messages if message.get("executable")]
    if not found:
        raise Unavailable("cargo built no program")
    return Path(found[-1])


def cargo(
    crate: str,
    apart: str = "",
    options: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    rustc: Sequence[str] = (),
) -> CargoBuild:
    """Builds the library of ``crate``, a directory of the repository that this lab is part of.

    ``apart`` is of :func:`target_dir`, ``options`` are Cargo's, and ``rustc`` those that the compiler gets for this
    crate alone.
    """
    return cargo_at(crate_dir(crate), apart, options, env, rustc)


def cargo_at(
    sources: Path,
    apart: str = "",
    options: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    rustc: Sequence[str] = (),
) -> CargoBuild:
    """Builds the library of the crate that lies in ``sources``; otherwise as :func:`cargo`."""
    # Cargo knows better than a hash of ours when it has to build again.
    libraries: list[Path] = []
    links: list[str] = []
    for message in cargo_messages("rustc", sources, apart, ["--lib", *options, "--", *rustc], env):
        if message.get("reason") == "compiler-artifact" and "cdylib" in message["target"]["crate_types"]:
            libraries += [Path(file) for file in message["filenames"]]
        elif message.get("reason") == "compiler-message":
            note, _, named = message["message"]["message"].partition(": ")
            links += named.split() if note == "native-static-libs" else []
    if not libraries:
        raise Unavailable("cargo built no library")
    return CargoBuild(sources, tuple(libraries), tuple(links))


def cargo_examples(sources: Path, apart: str, options: Sequence[str] = (), check: bool = True) -> dict[str, Path]:
    """Builds the examples of the crate that lies in ``sources``; returns their libraries by name.

    Raises :class:`Unavailable` where one fails; unless ``check`` is true, that one is missing.
    """
    how = ["--examples", *options, *([] if check else ["--keep-going"])]
    return {
        message["target"]["name"]: Path(message["filenames"][0])
        for message in cargo_messages("build", sources, apart, how, check=check)
        if message.get("reason") == "compiler-artifact" and message["target"]["kind"] == ["example"]
    }


def cargo_messages(
    command: str,
    sources: Path,
    apart: str,
    options: Sequence[str],
    env: Mapping[str, str] | None = None,
    check: bool = True,
) -> Iterator[dict[str, Any]]:
    """What Cargo says in JSON of a release build for this Python. Raises :class:`Unavailable` if it fails."""
    target = target_dir(apart)
    target.mkdir(parents=True, exist_ok=True)
    said = run(
        [
            *[tool("cargo"), command, "--release", "--locked", "--message-format=json"],
            *["--target-dir", str(target), *options],
        ],
        cwd=sources,
        env={
            "PYO3_PYTHON": sys.executable,
            "PYTHON_SYS_EXECUTABLE": sys.executable,
            "PYO3_BUILD_EXTENSION_MODULE": "1",
            **(env or {}),
        },
        check=check,
    )
    return map(json.loads, said.splitlines())


def cargo_module(
    crate: str, name: str, apart: str = "", env: Mapping[str, str] | None = None, options: Sequence[str] = ()
) -> ModuleType:
    """The module ``name`` that :func:`cargo` builds, for this Python, from a crate."""
    return import_file(name, cargo(crate, apart, options, env).library(".so", ".dylib", ".dll"))


def compiled(
    name: str,
    sources: Mapping[str, bytes],
    extension: Mapping[str, Any],
    ingredients: Sequence[str],
    before: Callable[[Path], object] = lambda work: None,
) -> Path:
    """The directory with an extension that setuptools built in place.

    ``sources`` maps file names to contents, ``extension`` is what ``setuptools.Extension`` takes, and ``before`` makes
    what it needs besides.
    """

    def make(work: Path) -> None:
        for file, content in sources.items():
            (work / file).write_bytes(content)
        before(work)
        (work / "extension.json").write_text(json.dumps(extension), encoding="utf-8")
        run([sys.executable, "-m", "doubles_lab.approaches._compiling"], work)

    digests = [hashlib.sha256(content).hexdigest() for content in sources.values()]
    objects = [hashlib.sha256(Path(each).read_bytes()).hexdigest() for each in extension["extra_objects"]]
    return built(name, [json.dumps(extension), *ingredients, *sources, *digests, *objects], make)


def extension_file(place: Path, name: str) -> Path:
    """The compiled module ``name`` in ``place``."""
    return place / f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}"

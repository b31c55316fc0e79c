"""Wheels, as an index would hand them out: installed from files into empty environments outside of the repository."""

from __future__ import annotations

import re
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

from trust.bindings.matrix import BINDINGS, RANGES
from trust.check import ROOT, CannotRun, Check, Failed, Setting, tests_passed
from trust.release.building import BUILDS, PLATFORM, PROJECTS, STABLE, VERSIONS, interpreter, interpreters, portable
from trust.release.checks.crate import metadata

SUITE = ROOT / "python-tests"

#: What a wheel must say of itself.
IMPORTED = "import {0}, sys; print('imported', {0}.__version__, {0}.__file__)"

#: Text that the stable ABI cannot read is the one difference that the suite is told of.
COLUMNS = "from doubles_pyo3 import columns; print('columns', *columns.__all__)"


def empty(python: str, directory: Path) -> Path:
    """The Python of a new environment."""
    subprocess.run([python, "-m", "venv", str(directory)], check=True)
    return directory / "bin" / "python"


def audit(setting: Setting, wheel: Path) -> str:
    """The oldest systems that a wheel runs on."""
    said = " ".join(setting.command(["auditwheel", "show", wheel]).split())
    found = re.search(r'consistent with the following platform tag: "(\S+?)"', said)
    if found is None or PLATFORM not in wheel.name:
        raise Failed(f"{wheel.name}: {said}")
    glibc = tuple(map(int, re.findall(r"manylinux_(\d+)_(\d+)_", found[1])[0]))
    if glibc > tuple(map(int, re.findall(r"manylinux_(\d+)_(\d+)_", PLATFORM)[0])):
        raise Failed(f"{wheel.name} needs {found[1]}, more than its name says")
    return found[1]


def contract(setting: Setting, python: str, wheels: dict[str, Path]) -> list[str]:
    """The contract suite, for each module installed from its file and nothing else of this project."""
    version = metadata(ROOT)["doubles-core"]["version"]
    reached = []
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        inside = empty(python, place / "venv")
        pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        setting.command([*pip, "--prefer-binary", "--require-hashes", "-r", SUITE / "requirements.txt"], cwd=place)
        setting.command([*pip, "--no-index", "--no-deps", *wheels.values()], cwd=place)
        for module, wheel in wheels.items():
            said = setting.command([inside, "-c", IMPORTED.format(module)], cwd=place).split()
            if said[1] != version or not said[2].startswith(str(place)):
                raise Failed(f"{module} is {said[1]} in {said[2]}, not {version}")
            if module == "doubles_pyo3" and STABLE not in wheel.name:
                setting.command([inside, "-c", COLUMNS], cwd=place)
            env = {"DOUBLES_MODULES": module, **({"DOUBLES_STABLE_ABI": "1"} if STABLE in wheel.name else {})}
            printed = setting.command([inside, "-m", "pytest", "-q", "-p", "no:cacheprovider", SUITE], env, cwd=place)
            size = wheel.stat().st_size / 1e6
            reached.append(f"{module} {size:.2f} MB, {tests_passed(printed)} tests passed")
    return reached


def of_python(version: tuple[int, int]) -> Callable[[Setting], str]:
    """Both bindings, for one Python."""

    def run(setting: Setting) -> str:
        python = interpreter(version).path
        wheels = BUILDS.wheels(setting, version)
        for wheel in wheels.values():
            licensed(wheel)
        tags = {audit(setting, wheel) for wheel in wheels.values()} if portable() else {"no tag for other machines"}
        return "; ".join([*contract(setting, python, wheels), f"for {', '.join(sorted(tags))}"])

    return run


def stable(setting: Setting) -> str:
    """The build for the stable ABI, on the newest Python that is found."""
    first = next((version for version in VERSIONS if version >= (3, 11) and version in interpreters()), None)
    if first is None:
        raise CannotRun("the stable ABI needs CPython 3.11 or later, which was not found")
    last = max(interpreters())
    wheel = BUILDS.pyo3(setting, first, stable=True)
    if portable():
        audit(setting, wheel)
    licensed(wheel)
    printed = setting.command(["abi3audit", "--strict", "--summary", wheel])
    if not re.search(r"0 ABI version mismatches and 0 ABI\s+violations found", printed):
        raise Failed("abi3audit found nothing to say")
    reached = contract(setting, interpreters()[last].path, {"doubles_pyo3": wheel})
    return f"{wheel.name}: only the stable ABI, by abi3audit; on {last[0]}.{last[1]}: {'; '.join(reached)}"


def said_by(archive: Path) -> Message:
    """The metadata in a wheel or a source distribution."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
            content = wheel.read(name)
    else:
        with tarfile.open(archive) as source:
            name = next(name for name in source.getnames() if name.count("/") == 1 and name.endswith("/PKG-INFO"))
            opened = source.extractfile(name)
            content = b"" if opened is None else opened.read()
    return HeaderParser().parsestr(content.decode("utf-8"))


def licensed(wheel: Path) -> None:
    """Raises :class:`Failed` for a wheel that does not bring its licences."""
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
        if not any(".dist-info/" in name and name.endswith(licence) for name in names):
            raise Failed(f"{wheel.name} has no {licence}")


def described(setting: Setting) -> str:
    """What an index would show of each package."""
    files = [*(BUILDS.sdist(setting, name) for name in PROJECTS), BUILDS.lab(setting)]
    setting.command(["twine", "check", "--strict", *files])
    licensed(files[-1])
    for file in files:
        said = said_by(file)
        if said["License-Expression"] != "MIT OR Apache-2.0":
            raise Failed(f"{file.name} has the licence {said['License-Expression']}")
        if relative := re.findall(r"\]\((?!https?://|#)([^)]+)\)", str(said.get_payload())):
            raise Failed(f"{file.name}: its description has a link that leads nowhere on an index: {relative[0]}")
    return f"{', '.join(file.name for file in files)}: description, licence and links"


def named(version: tuple[int, int]) -> str:
    """The bindings whose range a version is in."""
    return " and ".join(module for module in BINDINGS if RANGES[module][0] <= version <= RANGES[module][1])


CHECKS = [
    *(
        Check(
            f"wheels-{major}.{minor}",
            f"{named((major, minor))}, from files",
            f"{PLATFORM}, the contract holds" if portable() else "the contract holds",
            of_python((major, minor)),
        )
        for major, minor in VERSIONS
    ),
    Check("wheels-abi3", "doubles_pyo3 for the stable ABI", "abi3audit finds nothing, the contract holds", stable),
    Check("wheels-described", "metadata, licence, description, links", "twine check --strict", described),
]

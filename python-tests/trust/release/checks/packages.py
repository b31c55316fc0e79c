"""Source distributions and the lab, where nothing of the repository is."""

from __future__ import annotations

import json
import os
import re
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from doubles_lab.results.record import APART, RANKED, UNAVAILABLE

from trust.check import CannotRun, Check, Failed, Setting
from trust.release.building import BUILDS, PROJECTS, interpreters
from trust.release.checks.wheels import IMPORTED, empty

#: Some have a Python of their own: the newest that both bindings take.
NEWEST = (3, 13)

COUNTED = "; print('counted', {0}.count_doubles('aabccc'))"


def python() -> str:
    """The Python that packages are tried with."""
    found = [version for version in interpreters() if (3, 9) <= version <= NEWEST]
    if not found:
        raise CannotRun("no CPython from 3.9 to 3.13 was found")
    return interpreters()[max(found)].path


def sdist(name: str) -> Callable[[Setting], str]:
    """A wheel from a source distribution, in an empty directory, with an empty environment; and what it does."""

    def run(setting: Setting) -> str:
        source = BUILDS.sdist(setting, name)
        with tarfile.open(source) as archive:
            names = [member.name.partition("/")[2] for member in archive.getmembers()]
            links = [member.name for member in archive.getmembers() if member.issym() or member.islnk()]
        if links:
            raise Failed(f"{source.name} has a link in it: {links[0]}")
        wanted = ["LICENSE-APACHE", "LICENSE-MIT", "pyproject.toml"]
        if name != "doubles-lab":
            wanted.append("Cargo.lock")
        for file in wanted:
            if not any(each == file or each.endswith(f"/{file}") for each in names):
                raise Failed(f"{source.name} has no {file}")
        with tempfile.TemporaryDirectory() as directory:
            place = Path(directory)
            inside = empty(python(), place / "venv")
            pip = [inside, "-m", "pip", "--disable-pip-version-check"]
            env = {"CARGO_TARGET_DIR": str(setting.cache / "sdist"), "RUSTFLAGS": "", "PYTHONPATH": ""}
            for variable in ("PYO3_PYTHON", "PYTHON_SYS_EXECUTABLE"):
                env[variable] = str(inside)
            env["PATH"] = f"{inside.parent}{os.pathsep}{os.environ['PATH']}"
            out = place / "wheels"
            setting.command([*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", out, source], env, cwd=place)
            wheel = next(out.glob("*.whl"))
            setting.command([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], cwd=place)
            if name == "doubles-lab":
                return f"{source.name}, {len(names)} files: {wheel.name} comes of it"
            module = name.replace("-", "_")
            printed = setting.command([inside, "-c", (IMPORTED + COUNTED).format(module)], cwd=place)
        if "counted 3" not in printed:
            raise Failed(f"{module} counts wrong: {printed.strip()}")
        return f"{source.name}, {len(names)} files, core and lock file among them: {wheel.name} comes of it and counts"

    return run


def lab(setting: Setting) -> str:
    """The lab by its wheel and what it depends on, with one binding beside it and no repository."""
    version = max(version for version in interpreters() if (3, 9) <= version <= NEWEST)
    wheels = [BUILDS.lab(setting), BUILDS.cpython(setting, version)]
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        inside = empty(python(), place / "venv")
        pip = [inside, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        setting.command([*pip, *wheels], cwd=place)
        program = inside.with_name("doubles-lab")
        env = {"DOUBLES_LAB_CACHE": str(place / "cache"), "COLUMNS": "200", "PYTHONPATH": "", "VIRTUAL_ENV": ""}
        listed = setting.command([program, "list"], env, cwd=place)
        contenders = len(re.findall(r"(?m)^\S+ +(?:characters|bytes|elements) ", listed))
        setting.command([program, "verify"], env, cwd=place)
        setting.command([program, "run", "--quick", "--output", place / "results"], env, cwd=place)
        results = place / "results"
        saved = json.loads(next(results.glob("*.summary.json")).read_text(encoding="utf-8"))
        rows = saved["rows"]
        missing = [row for row in rows if row["status"] == UNAVAILABLE]
        raced = [row for row in rows if row["status"] in (RANKED, APART)]
        broken = [row["contender"] for row in rows if row not in missing and row not in raced]
        pages = [file.name for file in results.glob("*.html")]
    if not any("rust-cpython" in row["contender"] for row in raced):
        raise Failed("the binding that is installed beside it did not race")
    if broken or not raced or not pages:
        raise Failed(f"{', '.join(broken) or 'nothing'} broke; {len(raced)} raced; {len(pages)} pages")
    if silent := [row["contender"] for row in missing if not row["reason"]]:
        raise Failed(f"no word of what is missing: {', '.join(silent)}")
    if contenders != len(rows):
        raise Failed(f"{contenders} are listed, and {len(rows)} have a row")
    return f"{len(raced)} of {contenders} contenders race, {len(missing)} say what they lack; list and verify work"


CHECKS = [
    *(
        Check(f"sdist-{name[8:]}", f"the source distribution of {name}", "builds by itself", sdist(name))
        for name in PROJECTS
    ),
    Check("lab-installed", "the lab from its wheel, no repository", "races what is there, says what is not", lab),
]

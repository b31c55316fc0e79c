"""Looks up what each package's last release is and which advisories there are, and writes ``upkeep.json``.

``make upkeep`` runs it. Releases come from PyPI and crates.io through their own clients (uv and Cargo); advisories
from the databases of RustSec and of the Python Packaging Authority, which are git repositories. Needs Python 3.11,
Cargo, git and what ``upkeep.txt`` lists. Where a database cannot be cloned, a copy of it can be named.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import re
import subprocess
import tempfile
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

from doubles_lab.approaches import build
from doubles_lab.ownership import projects
from doubles_lab.results import saved

FILE = Path(__file__).with_name("upkeep.json")

#: What approaches depend on that comes from crates.io; all else is from PyPI.
CRATES = ("cpython", "pyo3")
#: Packages of PyPI that the lab names as replaced by others.
REPLACED = ("hpy", "milksnake")

RUSTSEC = "https://github.com/RustSec/advisory-db"
PYPA = "https://github.com/pypa/advisory-database"

#: The Python for which the newest version is asked.
PYTHON = "3.14"


def pypi() -> list[str]:
    """The packages of PyPI that are looked up: what the projects of the approaches depend on, and the replaced ones."""
    needed = {name for project in projects.find() for name in project.depends_on}
    return sorted({*needed, *REPLACED}.difference(CRATES))


def read() -> dict[str, Any]:
    """What was looked up when this lab was made."""
    text = resources.files("doubles_lab.ownership").joinpath("upkeep.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def from_pypi(names: Iterable[str]) -> list[dict[str, Any]]:
    """The newest version of each package on PyPI, with its date."""
    tomllib = importlib.import_module("tomllib")  # since Python 3.11
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        (work / "in.txt").write_text("\n".join(names), encoding="utf-8")
        command = [build.tool("uv"), "pip", "compile", "in.txt", "--quiet", "--no-deps", "--universal"]
        build.run([*command, "--python-version", PYTHON, "--format", "pylock.toml", "-o", "pylock.toml"], work)
        lock = tomllib.loads((work / "pylock.toml").read_text(encoding="utf-8"))
    return [release(package) for package in lock["packages"]]


def release(package: dict[str, Any]) -> dict[str, Any]:
    """A package of a lock file as a row: its date is that of its last file."""
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    names = [file["url"].rpartition("/")[2] for file in files]
    return {
        "name": package["name"],
        "registry": "PyPI",
        "version": package["version"],
        "released": max(file["upload-time"] for file in files).date().isoformat(),
        "free_threaded_wheels": sorted({tag for name in names for tag in re.findall(r"-(cp3\d+t)-", name)}),
        "source": f"https://pypi.org/project/{package['name']}/{package['version']}/",
    }


def from_crates(names: Iterable[str]) -> list[dict[str, Any]]:
    """The newest version of each crate, with the date that its own changelog gives."""
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        (work / "src").mkdir()
        (work / "src" / "lib.rs").touch()
        wanted = "".join(f'{name} = "*"\n' for name in names)
        (work / "Cargo.toml").write_text(
            f'[package]\nname = "upkeep"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n{wanted}',
            encoding="utf-8",
        )
        metadata = json.loads(build.run([build.tool("cargo"), "metadata", "--format-version=1"], work))
        rows = []
        for package in metadata["packages"]:
            if package["name"] in names:
                changelog = Path(package["manifest_path"]).with_name("CHANGELOG.md")
                text = changelog.read_text(encoding="utf-8") if changelog.exists() else ""
                rows.append(crate(package["name"], package["version"], text))
    return rows


def crate(name: str, version: str, changelog: str) -> dict[str, Any]:
    """A crate as a row."""
    dated = re.search(rf"^#+ \[?{re.escape(version)}(?![\w.])[^\n]*?(\d{{4}}-\d\d-\d\d)", changelog, re.MULTILINE)
    return {
        "name": name,
        "registry": "crates.io",
        "version": version,
        "released": dated[1] if dated else None,
        "free_threaded_wheels": [],
        "source": f"https://crates.io/crates/{name}/{version}",
    }


class Database:
    """A git repository with advisories."""

    def __init__(self, url: str, repository: Path) -> None:
        self.url = url
        self.repository = repository

    def git(self, *arguments: str) -> str:
        """What git prints. Raises :class:`subprocess.CalledProcessError`."""
        command = ["git", "-C", str(self.repository), *arguments]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout

    def facts(self) -> dict[str, str]:
        """Which state of it is read."""
        commit, date = self.git("log", "-1", "--format=%H %cs").split()
        return {"url": self.url, "commit": commit, "date": date}

    def files(self, under: str) -> list[tuple[str, str]]:
        """The path and text of each file of a directory."""
        paths = self.git("ls-tree", "-r", "--name-only", "HEAD", under + "/").splitlines()
        return [(path, self.git("show", f"HEAD:{path}")) for path in paths]


def rustsec(database: Database, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The advisories on a crate."""
    tomllib = importlib.import_module("tomllib")  # since Python 3.11
    found = []
    for _, text in database.files(f"crates/{row['name']}"):
        head, body = re.fullmatch(r"```toml\n(.*?)\n```\n(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
        facts = tomllib.loads(head)
        advisory = facts["advisory"]
        if "withdrawn" in advisory:
            continue
        patched = facts["versions"]["patched"]
        unaffected = facts["versions"].get("unaffected", [])
        found.append(
            {
                "id": advisory["id"],
                "date": advisory["date"],
                "title": re.search(r"^# (.+)", body, re.MULTILINE)[1].replace("`", ""),  # type: ignore[index]
                "kind": advisory.get("informational", "vulnerability"),
                "fixed": ", ".join(patched),
                "open": not any(holds(requirement, row["version"]) for requirement in [*patched, *unaffected]),
                "url": f"https://rustsec.org/advisories/{advisory['id']}.html",
            }
        )
    return found


def holds(requirement: str, version: str) -> bool:
    """Whether a version meets a requirement as RustSec writes it: ">= 1.2, < 2", "^1.2.3" or "=1.2"."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    for part in requirement.split(","):
        operator, number = re.fullmatch(r"\s*(>=|<=|[<>=^~]?)\s*(\S+)\s*", part).groups()  # type: ignore[union-attr]
        if operator in ("^", "~", ""):
            release = Version(number).release
            fixed = release[: next((i for i, n in enumerate(release) if n), len(release) - 1) + 1]
            kept = fixed if operator != "~" else release[:2]
            if Version(version).release[: len(kept)] != kept:
                return False
            operator = ">="
        if not SpecifierSet(("==" if operator == "=" else operator) + number).contains(version):
            return False
    return True


def pypa(database: Database, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The advisories on a package of PyPI."""
    import yaml

    found = []
    for path, text in database.files(f"vulns/{row['name']}"):
        facts = yaml.safe_load(text)
        if facts.get("withdrawn"):
            continue
        affected = [each for each in facts["affected"] if each["package"]["name"].lower() == row["name"]]
        events = [
            e for each in affected for r in each.get("ranges", []) if r["type"] == "ECOSYSTEM" for e in r["events"]
        ]
        fixed = [event["fixed"] for event in events if "fixed" in event]
        bounded = any("last_affected" in event for event in events)
        listed = row["version"] in [version for each in affected for version in each.get("versions", [])]
        found.append(
            {
                "id": facts["id"],
                "date": str(facts["published"])[:10],
                "title": first_sentence(facts.get("summary") or facts["details"]),
                "kind": "vulnerability",
                "fixed": ", ".join(f">= {version}" for version in fixed),
                "open": listed or not (fixed or bounded),
                "url": f"{PYPA}/blob/main/{path}",
            }
        )
    return found


def first_sentence(text: str) -> str:
    """The start of a description."""
    line = " ".join(text.replace("** DISPUTED **", "").split())
    sentence = re.split(r"(?<=[a-z])\. ", line)[0]
    return sentence if len(sentence) <= 160 else sentence[:159] + "…"


def look_up(databases: dict[str, Database]) -> dict[str, Any]:
    """Every package, with its advisories."""
    packages = pypi()
    rows = [*from_crates(CRATES), *from_pypi(packages)]
    for row in rows:
        name, look = ("RustSec", rustsec) if row["registry"] == "crates.io" else ("PyPA", pypa)
        row["advisories"] = sorted(look(databases[name], row), key=lambda each: each["date"], reverse=True)
        row["database"] = name
    missing = {*CRATES, *packages} - {row["name"] for row in rows}
    if missing:
        raise SystemExit(f"not found: {', '.join(sorted(missing))}")
    return {
        "looked_up": datetime.date.today().isoformat(),
        "databases": {name: database.facts() for name, database in databases.items()},
        "packages": sorted(rows, key=lambda row: (row["registry"], row["name"])),
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="make upkeep ARGS=…", description=__doc__)
    for option, url in (("--rustsec", RUSTSEC), ("--pypa", PYPA)):
        parser.add_argument(option, type=Path, metavar="DIR", help=f"a git directory with a copy of {url}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        databases = {}
        for name, url, copy in (("RustSec", RUSTSEC, given.rustsec), ("PyPA", PYPA, given.pypa)):
            databases[name] = Database(url, copy or Path(directory) / name)
            if copy is None:
                subprocess.run(["git", "clone", "--quiet", "--depth=1", url, f"{directory}/{name}"], check=True)
        found = look_up(databases)
    saved.write_whole(FILE, json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    print(f"{FILE.name}: {len(found['packages'])} packages")


if __name__ == "__main__":
    main()

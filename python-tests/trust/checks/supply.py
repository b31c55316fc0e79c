"""What the project builds on, and whether what it builds can be built again."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

from trust.check import ROOT, CannotRun, Check, Failed, Setting

UNCHECKED = "advisories: NOT CHECKED"
PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
LOCKED = ("bindings/requirements.txt", "python-tests/requirements.txt", "benches/lab/requirements.txt")
CONTENDERS = "benches/lab/contenders.txt"
UPKEEP = "benches/lab/upkeep.txt"


def deny(setting: Setting) -> str:
    """Licences, bans and sources of every lock file."""
    printed = setting.command(["make", "deny"])
    held = len(re.findall(r"bans ok, licenses ok, sources ok", printed))
    locks = len(re.findall(r"(?m)^\S*Cargo\.toml:$", printed.partition(UNCHECKED)[0]))
    if not held:
        raise Failed("cargo-deny checked nothing")
    return f"bans, licences and sources hold for {held} of {locks if UNCHECKED in printed else locks // 2} lock files"


def advisories(setting: Setting) -> str:
    """The advisories of RustSec."""
    printed = setting.command(["make", "deny"])
    if UNCHECKED in printed:
        raise CannotRun(re.search(f"{UNCHECKED}, (.*)", printed)[1])  # type: ignore[index]
    held = printed.count("advisories ok")
    if not held:
        raise Failed("cargo-deny checked no advisory")
    return f"none open but the one excepted, in {held} lock files"


def pythons() -> dict[str, str]:
    """The Pythons of this machine that the lab supports, by version."""
    # Not above: other checks, as those of `make fuzz`, run where the lab is not installed.
    from doubles_lab.ownership.pythons import find

    return {each.label: each.path for each in find() if each.implementation == "cpython" and each.label in PYTHONS}


def hashes(setting: Setting) -> str:
    """That each Python gets all that is pinned, by its hash."""
    done = []
    with tempfile.TemporaryDirectory() as directory:
        for version, python in pythons().items():
            place = Path(directory) / version
            subprocess.run([python, "-m", "venv", place], check=True)
            files = [part for file in LOCKED for part in ("-r", file)]
            pip = [place / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
            setting.command([*pip, "--dry-run", "--require-hashes", *files])
            wheels = ["--only-binary", ":all:", "--no-binary", "pyspark-client"]
            setting.command([*pip, "--dry-run", "--require-hashes", "--no-deps", *wheels, "-r", CONTENDERS])
            done.append(version)
    if not done:
        raise CannotRun(f"none of Python {', '.join(PYTHONS)} was found")
    return f"all pinned files found for Python {', '.join(done)}"


def in_step(setting: Setting) -> str:
    """That the pinned files are what their sources come to, with a hash for every line and no index named."""
    with tempfile.TemporaryDirectory() as directory:
        tree = Path(directory) / "tree"
        subprocess.run(["git", "clone", "--quiet", "--local", str(ROOT), str(tree)], check=True)
        (tree / ".venv").symlink_to(ROOT / ".venv")
        setting.command(["make", "--assume-old=.venv/requirements", "requirements"], cwd=tree)
        changed = setting.command(["git", "status", "--porcelain", "--", "*.txt"], cwd=tree)
    if changed.strip():
        raise Failed(f"`make requirements` changes {' '.join(changed.split()[1::2])}")
    pinned = 0
    for file in (*LOCKED, CONTENDERS, UPKEEP):
        text = (ROOT / file).read_text(encoding="utf-8")
        if "http" in text:
            raise Failed(f"{file} names an address")
        for entry in re.split(r"\n(?=\S)", text.strip()):
            if entry.startswith("#"):
                continue
            pinned += 1
            if "==" not in entry or "--hash=sha256:" not in entry:
                raise Failed(f"{file}: {entry.splitlines()[0]} has no pin or no hash")
    return f"{pinned} pins, each with its hashes, as `make requirements` makes them"


def wheels(setting: Setting) -> str:
    """Two builds in two directories."""
    digests: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as directory:
        for name in ("one", "another-with-a-longer-name"):
            tree = Path(directory) / name
            subprocess.run(["git", "clone", "--quiet", "--local", str(ROOT), str(tree)], check=True)
            (tree / ".venv").symlink_to(ROOT / ".venv")
            (tree / "target" / "trust").mkdir(parents=True)
            (tree / "target" / "trust" / "tools").symlink_to(ROOT / "target" / "trust" / "tools")
            setting.command(["make", "--assume-old=.venv/lab", "wheels"], cwd=tree)
            built = sorted((tree / "dist").glob("*.whl"))
            for wheel in built:
                inspect(wheel, [str(tree), str(Path.home()), str(ROOT)])
            digests.append({wheel.name: hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in built})
    if len(digests[0]) != 3:
        raise Failed(f"{len(digests[0])} wheels were built: {', '.join(digests[0])}")
    differing = [name for name in digests[0] if digests[0][name] != digests[1].get(name)]
    if differing:
        raise Failed(f"another build gives other bytes: {', '.join(differing)}")
    return "; ".join(f"{name} sha256 {digest[:16]}" for name, digest in digests[0].items())


def inspect(wheel: Path, paths: list[str]) -> None:
    """Raises :class:`Failed` for a wheel with a path of this machine in it, or with native code and no SBOM."""
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
        for name in names:
            content = opened.read(name)
            for path in paths:
                if path.encode() in content:
                    raise Failed(f"{wheel.name}: {name} holds the path {path}")
    native = any(name.endswith((".so", ".pyd")) for name in names)
    if native and not any(".dist-info/sboms/" in name and name.endswith(".cdx.json") for name in names):
        raise Failed(f"{wheel.name} has no SBOM")


CHECKS = [
    Check("supply-deny", "licences, banned crates, sources", "cargo-deny passes, one exception", deny),
    Check("supply-advisories", "RustSec advisories", "none open but rust-cpython's", advisories),
    Check("supply-hashes", "Python dependencies by their hashes, by Python", "all found", hashes),
    Check("supply-pins", "pinned files and their sources", "in step, a hash for each", in_step),
    Check("supply-wheels", "wheels built twice, in two directories", "the same bytes, no path, an SBOM", wheels),
]

"""The crate, as crates.io would hand it out: unpacked where no workspace is around it."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trust.check import ROOT, CannotRun, Check, Failed, Setting
from trust.checks.core import nightly, passed, tool

#: The first is published. The C ABI is packaged to show that what builds on the first can be, too.
CRATES = ("doubles-core", "doubles-capi")

#: What somebody who found the crate has to have.
FILES = {"README.md", "LICENSE-APACHE", "LICENSE-MIT", "Cargo.lock", "src/lib.rs"}

#: What crates.io shows of it.
SHOWN = ("description", "license", "repository", "readme", "keywords", "categories", "rust_version")

#: What is distributed, in source or built.
DISTRIBUTED = ("doubles-core", "doubles-capi", "doubles-pyo3", "doubles-cpython")

SEMVER_CHECKS = "cargo-semver-checks@0.51.0"

PROGRAM = """\
#![no_std]
#![no_main]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

#[link(name = "c")]
unsafe extern "C" {}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let elements = [7u32, 7, 1, 7];
    let found = doubles_core::find_bytes(b"x\\n\\ny").next();
    let right = doubles_core::count_chars("aabccc") == 3
        && doubles_core::count_elements(&elements) == 1
        && found == Some(1);
    if right { 0 } else { 1 }
}
"""

MANIFEST = """\
[package]
name = "without-std"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
doubles-core = {{ path = "{path}", default-features = false }}

[profile.release]
panic = "abort"
lto = true
"""


def metadata(directory: Path) -> dict[str, Any]:
    """What Cargo says of the packages in a directory."""
    said = subprocess.run(
        ["cargo", "metadata", "--format-version=1", "--no-deps", "--locked"], cwd=directory, capture_output=True,
        text=True, check=True,
    ).stdout  # fmt: skip
    return {package["name"]: package for package in json.loads(said)["packages"]}


@contextlib.contextmanager
def unpacked(setting: Setting) -> Iterator[Path]:
    """The packaged crate, unpacked outside of the repository."""
    target = setting.cache / "package"
    shutil.rmtree(target / "package", ignore_errors=True)
    printed = setting.command(
        ["cargo", "package", "--locked", "--allow-dirty", "--no-verify", "--target-dir", target,
         *(word for name in CRATES for word in ("-p", name))]
    )  # fmt: skip
    if "warning" in printed:
        raise Failed(next(line for line in printed.splitlines() if "warning" in line))
    version = metadata(ROOT)["doubles-core"]["version"]
    with tempfile.TemporaryDirectory() as directory:
        with tarfile.open(target / "package" / f"doubles-core-{version}.crate") as crate:
            crate.extractall(directory, filter="data")
        yield Path(directory) / f"doubles-core-{version}"


def package(setting: Setting) -> str:
    """What is in the package, and what crates.io would show of it."""
    with unpacked(setting) as crate:
        files = {file.relative_to(crate).as_posix() for file in crate.rglob("*") if file.is_file()}
        said = metadata(crate)["doubles-core"]
        size = sum((crate / file).stat().st_size for file in files)
    if FILES - files:
        raise Failed(f"not in the package: {', '.join(sorted(FILES - files))}")
    if missing := [name for name in SHOWN if not said.get(name)]:
        raise Failed(f"the manifest has no {', '.join(missing)}")
    if not said["metadata"].get("docs", {}).get("rs"):
        raise Failed("the manifest does not say how docs.rs builds it")
    others = [each["name"] for each in metadata(ROOT).values() if each["publish"] != [] and each["name"] != CRATES[0]]
    if others:
        raise Failed(f"more than {CRATES[0]} would be published: {', '.join(others)}")
    return f"{len(files)} files, {size / 1000:,.0f} kB; Rust {said['rust_version']}; {CRATES[0]} alone is published"


def suite(setting: Setting) -> str:
    """The crate's own tests, where nothing of the repository is."""
    env = {"CARGO_PROFILE_TEST_OPT_LEVEL": "2", "PROPTEST_CASES": str(setting.count(256))}
    reached = []
    with unpacked(setting) as crate:
        for features in ("--all-features", "--no-default-features"):
            command = ["cargo", "test", "--locked", features, "--target-dir", setting.cache / "crate"]
            reached.append(f"{passed(setting.command(command, env, cwd=crate))} tests passed with {features}")
    return "; ".join(reached)


def docs(setting: Setting) -> str:
    """The documentation as docs.rs builds it, with every feature named in it and in the README."""
    with unpacked(setting) as crate:
        said = metadata(crate)["doubles-core"]
        features = [name for name in said["features"] if name != "default"]
        texts = {name: (crate / name).read_text(encoding="utf-8") for name in ("README.md", "src/lib.rs")}
        for name, text in texts.items():
            if missing := [feature for feature in features if f"`{feature}`" not in text]:
                raise Failed(f"{name} says nothing of the feature {', '.join(missing)}")
            if f"Rust {said['rust_version']}" not in text and name == "README.md":
                raise Failed(f"{name} does not say that it needs Rust {said['rust_version']}")
        rs = said["metadata"]["docs"]["rs"]
        options = [option for option, wanted in (("--all-features", rs.get("all-features")),) if wanted]
        target = setting.cache / "docs-rs"
        setting.command(
            ["cargo", f"+{nightly()}", "doc", "--locked", "--no-deps", *options, "--target-dir", target],
            env={"RUSTDOCFLAGS": " ".join([*rs.get("rustdoc-args", []), "-D warnings"])},
            cwd=crate,
        )
        pages = (target / "doc" / "doubles_core").rglob("*.html")
        marked = sum("Available on <strong>crate feature" in page.read_text(encoding="utf-8") for page in pages)
    if not marked:
        raise Failed("no item says which feature it needs")
    return f"no warning; features {', '.join(features)} described; {marked} pages say which feature they need"


def no_std(setting: Setting) -> str:
    """A program with a panic handler of its own and no allocator, which links with nothing that has either."""
    with unpacked(setting) as crate, tempfile.TemporaryDirectory() as directory:
        program = Path(directory) / "without-std"
        (program / "src").mkdir(parents=True)
        (program / "src" / "main.rs").write_text(PROGRAM, encoding="utf-8")
        (program / "Cargo.toml").write_text(MANIFEST.format(path=crate), encoding="utf-8")
        shutil.copyfile(crate / "Cargo.lock", program / "Cargo.lock")
        target = setting.cache / "without-std"
        setting.command(["cargo", "build", "--release", "--target-dir", target], cwd=program)
        built = target / "release" / "without-std"
        setting.command([built])
        size = built.stat().st_size
    return f"a program without std and alloc builds, runs and counts right; {size:,} bytes"


def version_tuple(text: str) -> tuple[int, ...]:
    """A version to compare with others."""
    return tuple(int(part) for part in text.split(".")[:2])


def msrv(setting: Setting) -> str:
    """What clippy and the dependencies' own manifests say of the oldest compiler, without that compiler."""
    stated = metadata(ROOT)["doubles-core"]["rust_version"]
    packages = [word for name in DISTRIBUTED for word in ("-p", name)]
    lint = ["-A", "clippy::all", "-D", "clippy::incompatible_msrv"]
    # Clippy prints again what it has found before, but not where it was told other lints.
    target = ["--target-dir", str(setting.cache / "msrv")]
    setting.command(["cargo", "clippy", "--locked", *packages, "--features", "doubles-core/rayon,doubles-pyo3/arrow",
                     *target, "--", *lint])  # fmt: skip
    tree = setting.command(
        ["cargo", "tree", "--locked", *packages, "--all-features", "--edges", "normal,build", "--prefix", "none",
         "--format", "{p}"]
    )  # fmt: skip
    if "doubles-core" not in tree:
        raise Failed("cargo tree names no package")
    needed = {tuple(line.split()[:2]) for line in tree.splitlines() if line.strip()}
    said = subprocess.run(
        ["cargo", "metadata", "--format-version=1", "--locked"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    known = {
        (each["name"], f"v{each['version']}"): each["rust_version"]
        for each in json.loads(said)["packages"]
        if each["rust_version"]
    }
    asked = {each: known[each] for each in needed if each in known}  # type: ignore[index]
    later = [f"{name} {wants}" for (name, _), wants in asked.items() if version_tuple(wants) > version_tuple(stated)]
    if later:
        raise Failed(f"needs a later Rust than {stated}: {', '.join(later)}")
    return (
        f"nothing later than Rust {stated} in {', '.join(DISTRIBUTED)} by clippy's incompatible_msrv; of {len(needed)} "
        f"packages {len(asked)} state a Rust, none later. Neither is a build by {stated}: that is the next row"
    )


def oldest_compiler(setting: Setting) -> str:
    """The suite by the oldest compiler itself."""
    stated = metadata(ROOT)["doubles-core"]["rust_version"]
    found = shutil.which("rustup") and subprocess.run(
        ["rustup", "run", stated, "rustc", "--version"], capture_output=True, check=False
    )
    if not found or found.returncode:
        raise CannotRun(f"no Rust {stated} here: rustup toolchain install --profile minimal {stated}")
    with unpacked(setting) as crate:
        printed = setting.command(
            ["cargo", f"+{stated}", "test", "--locked", "--all-features", "--target-dir", setting.cache / "oldest"],
            env={"CARGO_PROFILE_TEST_OPT_LEVEL": "2", "PROPTEST_CASES": "64"},
            cwd=crate,
        )
    return f"{passed(printed)} tests passed by Rust {stated}"


def semver(setting: Setting) -> str:
    """What changed in the public items since the last release, and whether the version says so."""
    released = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD^"], cwd=ROOT, capture_output=True,
        text=True, check=False,
    ).stdout.strip()  # fmt: skip
    if not released:
        raise CannotRun("nothing is released yet, and so there is nothing to compare with: no tag v* before this")
    program = tool(setting, SEMVER_CHECKS)
    with tempfile.TemporaryDirectory() as directory:
        before = Path(directory) / "before"
        subprocess.run(["git", "clone", "--quiet", "--local", "--branch", released, ROOT, before], check=True)
        printed = setting.command(
            [program, "semver-checks", "--manifest-path", "crates/doubles-core/Cargo.toml", "--all-features",
             "--baseline-root", before / "crates" / "doubles-core"],
            env={"CARGO_TARGET_DIR": str(setting.cache / "semver")},
        )  # fmt: skip
    checked = re.search(r"(\d+) checks: (\d+) pass", printed)
    if checked is None:
        raise Failed("cargo-semver-checks checked nothing")
    return f"{checked[2]} of {checked[1]} checks pass against {released}"


CHECKS = [
    Check("crate-package", "what cargo package makes", "no warning, README, licences, metadata", package),
    Check("crate-suite", "the crate's tests, from the package alone", "all pass", suite),
    Check("crate-docs", "documentation as docs.rs builds it", "no warning, every feature described", docs),
    Check("crate-no-std", "a program without std", "builds, runs, counts right", no_std),
    Check("crate-msrv", "the oldest Rust, by clippy and manifests", "nothing later is needed", msrv),
    Check("crate-msrv-compiler", "the oldest Rust itself", "the suite passes", oldest_compiler),
    Check("crate-semver", "public items, since the last release", "no break that the version does not say", semver),
]

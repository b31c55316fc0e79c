"""One version: the workspace's. What has to have it too, and cannot read it, is compared."""

from __future__ import annotations

import re
import sys

from trust.check import ROOT, CannotRun, Check, Failed, Setting
from trust.release.building import PROJECTS
from trust.release.checks.crate import metadata

METADATA = (
    "import sys; from build.util import project_wheel_metadata as read; "
    "print('version:', read(sys.argv[1], isolated=False)['Version'])"
)


def versions(setting: Setting) -> str:
    """Every place that has the version, by name."""
    manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    wanted = re.search(r'(?m)^version = "(.+)"', manifest)
    inside = re.search(r'(?m)^doubles-core = .*version = "=?(.+?)"', manifest)
    cited = re.search(r'(?m)^version: "?([^"\n]+)"?$', (ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    if wanted is None:
        raise Failed("Cargo.toml has no version")
    found = {
        "doubles-core as the workspace asks for it": inside[1] if inside else "none",
        "CITATION.cff": cited[1] if cited else "none",
        **{f"the crate {name}": package["version"] for name, package in metadata(ROOT).items()},
    }
    for name, project in PROJECTS.items():
        said = re.search(r"version: (\S+)", setting.command([sys.executable, "-c", METADATA, project]))
        found[f"the Python package {name}"] = said[1] if said else "none"
    if wrong := {name: version for name, version in found.items() if version != wanted[1]}:
        raise Failed(f"not {wanted[1]}: {', '.join(f'{name} {version}' for name, version in wrong.items())}")
    return f"{wanted[1]} in {len(found) + 1} places; `__version__` is compared where a wheel is installed"


def changelog(setting: Setting) -> str:
    """Whether the changelog has what is released: only where a tag says that this is a release."""
    version = metadata(ROOT)["doubles-core"]["version"]
    try:
        tag = setting.command(["git", "describe", "--tags", "--exact-match", "--match", "v[0-9]*"]).strip()
    except Failed:
        raise CannotRun("this commit has no tag v*, so that it is no release") from None
    if tag != f"v{version}":
        raise Failed(f"the tag is {tag}, and the version {version}")
    if not re.search(
        rf"(?m)^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text("utf-8")
    ):
        raise Failed(f"CHANGELOG.md has no heading `## [{version}] - DAY`")
    return f"tag {tag}, and CHANGELOG.md has it"


CHECKS = [
    Check("versions", "the version, wherever it is", "the same everywhere", versions),
    Check("version-tag", "tag, version and changelog of a release", "the same", changelog),
]

"""What pyproject.toml cannot say: the version, which the Cargo workspace has, which interpreters will not do, and what
a source distribution has to have of the workspace.
"""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import setuptools
from setuptools import setup
from setuptools.command.sdist import sdist
from setuptools_rust import Binding, RustExtension

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # setuptools before 70.1, as on Python 3.7
    from wheel.bdist_wheel import bdist_wheel

HERE = Path(__file__).parent
MANIFEST = str(HERE / "Cargo.toml")
LICENCE = "MIT OR Apache-2.0"

# rust-cpython reads the layout of CPython's objects as it was up to 3.13, with a GIL.
if (
    sys.implementation.name != "cpython"
    or not (3, 7) <= sys.version_info < (3, 14)
    or sysconfig.get_config_var("Py_GIL_DISABLED")
):
    sys.exit(
        "doubles_cpython needs CPython 3.7 to 3.13 with a GIL, which is what rust-cpython supports, not " + sys.version
    )

metadata = json.loads(
    subprocess.check_output(
        ["cargo", "metadata", "--manifest-path", MANIFEST, "--format-version=1", "--no-deps", "--locked"]
    )
)


class WheelWithParts(bdist_wheel):
    """Puts the list of what the extension is made of, which `make wheels` writes here, where PEP 770 has it."""

    def write_wheelfile(self, wheelfile_base, **more):
        super().write_wheelfile(wheelfile_base, **more)
        for parts in HERE.glob("*.cdx.json"):
            sboms = Path(wheelfile_base) / "sboms"
            sboms.mkdir(exist_ok=True)
            shutil.copyfile(parts, sboms / parts.name)


class SourceWithCore(sdist):
    """Makes a tree that Cargo can build: the core, and one manifest of this package and the workspace's."""

    #: Beside this file in the repository, and in what this makes.
    OURS = ("build.rs", "doubles.pyi", "setup.py", "pyproject.toml", "README.md", "src", "python")

    def make_release_tree(self, base_dir, files):
        super().make_release_tree(base_dir, [file for file in files if not file.endswith(("Cargo.toml", "Cargo.lock"))])
        tree = Path(base_dir)
        for name in self.OURS:
            copy(HERE / name, tree / name)
        repository = HERE.parents[1]
        if not (repository / "crates" / "doubles-core").exists():  # made from what this made
            for name in ("Cargo.toml", "Cargo.lock", "crates"):
                copy(HERE / name, tree / name)
            return
        copy(repository / "crates" / "doubles-core", tree / "crates" / "doubles-core")
        workspace = (repository / "Cargo.toml").read_text(encoding="utf-8")
        workspace = re.sub(r"(?s)^members = \[.*?\]\n", 'members = ["crates/doubles-core"]\n', workspace, flags=re.M)
        workspace = re.sub(r"(?m)^default-members = .*\n", "", workspace)
        package = (HERE / "Cargo.toml").read_text(encoding="utf-8")
        (tree / "Cargo.toml").write_text(package + "\n" + workspace, encoding="utf-8")
        # Cargo takes out of the lock file what only the rest of the workspace needs, and changes nothing else.
        copy(repository / "Cargo.lock", tree / "Cargo.lock")
        subprocess.check_output(["cargo", "update", "--workspace", "--quiet"], cwd=str(tree))


def copy(source, to):
    """Copies a file, or a directory without what was built in it."""
    if source.is_dir():
        ignored = shutil.ignore_patterns("target", "fuzz", "__pycache__", "*.so", "*.egg-info")
        if to.exists():
            shutil.rmtree(str(to))
        shutil.copytree(str(source), str(to), ignore=ignored)
    else:
        if to.exists():
            to.unlink()  # it may be a hard link to the source
        shutil.copyfile(str(source), str(to))


new = int(setuptools.__version__.split(".")[0]) >= 77

setup(
    cmdclass={"bdist_wheel": WheelWithParts, "sdist": SourceWithCore},
    **({"license_expression": LICENCE} if new else {"license": LICENCE}),
    version=next(package["version"] for package in metadata["packages"] if package["name"] == "doubles-cpython"),
    rust_extensions=[
        RustExtension(
            "doubles_cpython._native",
            path=MANIFEST,
            binding=Binding.RustCPython,
            cargo_manifest_args=["--locked"],
            debug=False,
        )
    ],
)

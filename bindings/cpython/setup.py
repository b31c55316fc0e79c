"""What pyproject.toml cannot say: the version, which the Cargo workspace has, and which interpreters will not do."""

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from setuptools import setup
from setuptools_rust import Binding, RustExtension

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # setuptools before 70.1, as on Python 3.7
    from wheel.bdist_wheel import bdist_wheel

MANIFEST = str(Path(__file__).parent / "Cargo.toml")

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
        for parts in Path(__file__).parent.glob("*.cdx.json"):
            sboms = Path(wheelfile_base) / "sboms"
            sboms.mkdir(exist_ok=True)
            shutil.copyfile(parts, sboms / parts.name)


setup(
    cmdclass={"bdist_wheel": WheelWithParts},
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

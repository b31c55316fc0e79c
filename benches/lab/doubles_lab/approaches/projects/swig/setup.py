import os
import sys

from setuptools import Extension, setup
from setuptools.command.build_py import build_py

#: Whether to build for the stable ABI, from the Python that builds on.
stable = "LAB_STABLE_ABI" in os.environ
macros = [("Py_LIMITED_API", f"0x03{sys.version_info[1]:02X}0000")] if stable else []
options = {"bdist_wheel": {"py_limited_api": f"cp3{sys.version_info[1]}"}} if stable else {}


class Build(build_py):
    """Builds the extension first, since SWIG writes the Python module while it does."""

    def run(self):
        self.run_command("build_ext")
        super().run()


setup(
    name="lab-swig",
    version="1",
    py_modules=["lab_swig"],
    ext_modules=[
        Extension("_lab_swig", ["lab_swig.i", "count.c"], define_macros=macros, py_limited_api=stable),
    ],
    cmdclass={"build_py": Build},
    options=options,
)

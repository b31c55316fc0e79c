import os
import sys

from Cython.Build import cythonize
from setuptools import Extension, setup

#: Whether to build for the stable ABI, from the Python that builds on.
stable = "LAB_STABLE_ABI" in os.environ
macros = [("Py_LIMITED_API", f"0x03{sys.version_info[1]:02X}0000")] if stable else []
options = {"bdist_wheel": {"py_limited_api": f"cp3{sys.version_info[1]}"}} if stable else {}

setup(
    name="lab-cython",
    version="1",
    ext_modules=cythonize(
        [Extension("lab_cython", ["lab_cython.pyx"], define_macros=macros, py_limited_api=stable)],
        compiler_directives={"language_level": 3, "embedsignature": True},
    ),
    options=options,
)

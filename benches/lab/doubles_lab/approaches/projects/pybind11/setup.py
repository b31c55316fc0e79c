import os
import sys

from pybind11.setup_helpers import Pybind11Extension
from setuptools import setup

#: Whether to build for the stable ABI, from the Python that builds on.
stable = "LAB_STABLE_ABI" in os.environ
macros = [("Py_LIMITED_API", f"0x03{sys.version_info[1]:02X}0000")] if stable else []
options = {"bdist_wheel": {"py_limited_api": f"cp3{sys.version_info[1]}"}} if stable else {}

setup(
    name="lab-pybind11",
    version="1",
    ext_modules=[Pybind11Extension("lab_pybind11", ["lab_pybind11.cpp"], define_macros=macros, py_limited_api=stable)],
    options=options,
)

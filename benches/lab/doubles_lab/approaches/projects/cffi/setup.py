import os
import sys

from setuptools import setup

#: cffi builds for the stable ABI by itself; the wheel has to be told.
stable = "LAB_STABLE_ABI" in os.environ
options = {"bdist_wheel": {"py_limited_api": f"cp3{sys.version_info[1]}"}} if stable else {}

setup(
    name="lab-cffi",
    version="1",
    py_modules=["lab_cffi"],
    install_requires=["cffi"],
    cffi_modules=["build_count.py:ffi"],
    options=options,
)

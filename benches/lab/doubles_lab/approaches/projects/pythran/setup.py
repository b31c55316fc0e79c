import os
import sys

from pythran.dist import PythranBuildExt, PythranExtension
from setuptools import setup

#: Whether to build for the stable ABI, from the Python that builds on.
stable = "LAB_STABLE_ABI" in os.environ
config = [f"backend.limited_api=3.{sys.version_info[1]}"] if stable else []
options = {"bdist_wheel": {"py_limited_api": f"cp3{sys.version_info[1]}"}} if stable else {}

setup(
    name="lab-pythran",
    version="1",
    install_requires=["numpy"],
    ext_modules=[PythranExtension("lab_pythran", ["lab_pythran.py"], config=config)],
    cmdclass={"build_ext": PythranBuildExt},
    options=options,
)

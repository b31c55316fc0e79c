from setuptools import setup

setup(
    name="lab-cffi",
    version="1",
    py_modules=["lab_cffi"],
    install_requires=["cffi"],
    cffi_modules=["build_count.py:ffi"],
)

from setuptools import setup

setup(name="lab-numba", version="1", install_requires=["numba"], py_modules=["lab_numba"])

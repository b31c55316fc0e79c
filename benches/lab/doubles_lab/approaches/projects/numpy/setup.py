from setuptools import setup

setup(name="lab-numpy", version="1", install_requires=["numpy"], py_modules=["lab_numpy"])

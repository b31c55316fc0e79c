from setuptools import setup

setup(name="lab-python", version="1", py_modules=["lab_python"])

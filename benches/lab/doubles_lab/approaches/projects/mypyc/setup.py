from mypyc.build import mypycify
from setuptools import setup

setup(name="lab-mypyc", version="1", py_modules=["lab_mypyc"], ext_modules=mypycify(["lab_mypyc.py"]))

from setuptools import Extension, setup

# A plain shared library: nothing in it is Python's.
setup(name="lab-ctypes", version="1", py_modules=["lab_ctypes"], ext_modules=[Extension("_lab_ctypes", ["count.c"])])

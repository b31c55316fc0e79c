from setuptools import setup
from setuptools_rust import Binding, RustExtension

setup(
    name="fast-doubles-cpython",
    version="0.1.0",
    rust_extensions=[RustExtension("fast_doubles_cpython", binding=Binding.RustCPython, debug=False)],
)
